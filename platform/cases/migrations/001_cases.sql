CREATE TABLE casefile (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    region TEXT NOT NULL,
    region_path TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    party TEXT,
    started_by TEXT NOT NULL,
    started_at TEXT NOT NULL,
    state_since TEXT NOT NULL,
    due_on TEXT NOT NULL,
    soon_on TEXT NOT NULL,
    assigned_to TEXT,
    closed_at TEXT,
    origin TEXT NOT NULL,
    pack TEXT NOT NULL,
    body {json} NOT NULL,
    PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX casefile_id ON casefile (id);
CREATE INDEX casefile_due ON casefile (place, due_on, id);
CREATE INDEX casefile_kind ON casefile (place, kind, state, due_on, id);
CREATE INDEX casefile_party ON casefile (party, due_on, id);
CREATE TABLE casefile_step (
    district TEXT NOT NULL,
    casefile TEXT NOT NULL,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    what TEXT NOT NULL,
    name TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    at TEXT NOT NULL,
    account TEXT NOT NULL,
    login TEXT NOT NULL,
    person TEXT NOT NULL,
    said TEXT NOT NULL,
    was_due TEXT NOT NULL,
    fields {json} NOT NULL,
    PRIMARY KEY (district, casefile, seq)
);
CREATE UNIQUE INDEX casefile_step_id ON casefile_step (id);
CREATE INDEX casefile_step_of ON casefile_step (casefile, seq);
CREATE TABLE casefile_paper (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    casefile TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    digest TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at TEXT NOT NULL,
    removed_at TEXT,
    content {bytes},
    PRIMARY KEY (district, id)
);
CREATE INDEX casefile_paper_of ON casefile_paper (casefile, kind);
CREATE INDEX casefile_paper_id ON casefile_paper (id);
CREATE TABLE casefile_number (
    district TEXT NOT NULL,
    year BIGINT NOT NULL,
    last_given BIGINT NOT NULL,
    PRIMARY KEY (district, year)
);
