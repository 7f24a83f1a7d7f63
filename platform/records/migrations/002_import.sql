CREATE TABLE record_import (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    place TEXT NOT NULL,
    register TEXT NOT NULL,
    scope TEXT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    fields {json} NOT NULL,
    unknown {json} NOT NULL,
    rows_total BIGINT NOT NULL,
    rows_new BIGINT NOT NULL,
    rows_changed BIGINT NOT NULL,
    rows_unchanged BIGINT NOT NULL,
    rows_bad BIGINT NOT NULL,
    applied_new BIGINT NOT NULL,
    applied_changed BIGINT NOT NULL,
    applied_unchanged BIGINT NOT NULL,
    applied_through BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    applied_by TEXT,
    applied_at TEXT,
    PRIMARY KEY (district, id)
);
CREATE INDEX record_import_digest ON record_import (digest, register);
CREATE INDEX record_import_scope ON record_import (register, scope, created_at);
CREATE TABLE record_import_row (
    district TEXT NOT NULL,
    import_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    cells {json} NOT NULL,
    problems {json} NOT NULL,
    PRIMARY KEY (district, import_id, number)
);
CREATE INDEX record_import_row_verdict ON record_import_row (import_id, verdict, number);
