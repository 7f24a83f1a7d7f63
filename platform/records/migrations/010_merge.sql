CREATE TABLE record_merge (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    place TEXT NOT NULL,
    register TEXT NOT NULL,
    kept TEXT NOT NULL,
    gone TEXT NOT NULL,
    kept_version BIGINT NOT NULL,
    gone_version BIGINT NOT NULL,
    reason TEXT NOT NULL,
    merged_by TEXT NOT NULL,
    merged_at TEXT NOT NULL,
    undone_by TEXT,
    undone_at TEXT,
    PRIMARY KEY (district, id)
);
CREATE INDEX record_merge_kept ON record_merge (kept);
CREATE INDEX record_merge_gone ON record_merge (gone);
CREATE TABLE record_merge_reference (
    merge_id TEXT NOT NULL,
    register TEXT NOT NULL,
    record_id TEXT NOT NULL,
    field TEXT NOT NULL,
    PRIMARY KEY (merge_id, register, record_id, field)
);
