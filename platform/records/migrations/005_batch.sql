CREATE TABLE record_batch (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    place TEXT NOT NULL,
    register TEXT NOT NULL,
    scope TEXT NOT NULL,
    field TEXT NOT NULL,
    typed TEXT NOT NULL,
    reason TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    state TEXT NOT NULL,
    targets {json} NOT NULL,
    left_over {json} NOT NULL,
    changed BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    applied_by TEXT,
    applied_at TEXT,
    PRIMARY KEY (district, id)
);
CREATE INDEX record_batch_id ON record_batch (id);
