CREATE TABLE record_erasure (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    place TEXT NOT NULL,
    scope TEXT NOT NULL,
    register TEXT NOT NULL,
    rule TEXT,
    ending TEXT NOT NULL,
    keep {json} NOT NULL,
    targets {json} NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TEXT NOT NULL,
    decided_by TEXT,
    decided_at TEXT,
    decision TEXT,
    done BIGINT NOT NULL,
    left_over BIGINT NOT NULL,
    PRIMARY KEY (district, id)
);
CREATE INDEX record_erasure_state ON record_erasure (place, state, proposed_at);
CREATE INDEX record_erasure_id ON record_erasure (id);
CREATE TABLE record_erased (
    district TEXT NOT NULL,
    register TEXT NOT NULL,
    id TEXT NOT NULL,
    ending TEXT NOT NULL,
    erasure TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (district, register, id)
);
CREATE INDEX record_erased_id ON record_erased (id);
