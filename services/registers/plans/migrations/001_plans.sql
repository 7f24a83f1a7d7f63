CREATE TABLE plans_file (
    hash TEXT NOT NULL,
    path TEXT NOT NULL,
    content {bytes} NOT NULL,
    PRIMARY KEY (hash, path)
);
CREATE TABLE plans_adoption (
    place TEXT NOT NULL,
    hash TEXT NOT NULL,
    pack_key TEXT NOT NULL,
    title TEXT NOT NULL,
    parent_hash TEXT,
    in_force_from TEXT NOT NULL,
    adopted_at TEXT NOT NULL,
    adopted_by TEXT NOT NULL,
    PRIMARY KEY (place, hash)
);
