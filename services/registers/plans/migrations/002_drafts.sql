CREATE TABLE plans_stamp (
    id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO plans_stamp (id, n) VALUES (1, 0);
CREATE TABLE plans_draft (
    id TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    place TEXT NOT NULL,
    pack_key TEXT NOT NULL,
    title TEXT NOT NULL,
    hash TEXT NOT NULL,
    in_force_from TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (made_by)
);
CREATE TABLE plans_draft_file (
    draft TEXT NOT NULL,
    path TEXT NOT NULL,
    content {bytes} NOT NULL,
    PRIMARY KEY (draft, path)
);
