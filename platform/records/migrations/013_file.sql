CREATE TABLE record_file (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    place TEXT NOT NULL,
    register TEXT NOT NULL,
    record TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    digest TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at TEXT NOT NULL,
    taken_by TEXT,
    taken_at TEXT,
    reason TEXT,
    content {bytes},
    PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX record_file_id ON record_file (id);
CREATE INDEX record_file_of ON record_file (record, added_at, id);
