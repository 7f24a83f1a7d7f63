CREATE TABLE record (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    place TEXT NOT NULL,
    register TEXT NOT NULL,
    region TEXT NOT NULL,
    region_path TEXT NOT NULL,
    version BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    known_from TEXT NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    body {json} NOT NULL,
    PRIMARY KEY (district, id)
);
CREATE INDEX record_region ON record (register, region_path, id, state);
CREATE INDEX record_id ON record (id);
CREATE TABLE record_key (
    district TEXT NOT NULL,
    register TEXT NOT NULL,
    key_group TEXT NOT NULL,
    key_text TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (district, register, key_group, key_text)
);
CREATE INDEX record_key_id ON record_key (id);
CREATE TABLE record_version (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    register TEXT NOT NULL,
    place TEXT NOT NULL,
    region TEXT NOT NULL,
    region_path TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    known_from TEXT NOT NULL,
    known_to TEXT NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    body {json} NOT NULL,
    PRIMARY KEY (district, id, version)
);
CREATE INDEX record_version_region ON record_version (register, region_path, id);
CREATE INDEX record_version_id ON record_version (id, version);
