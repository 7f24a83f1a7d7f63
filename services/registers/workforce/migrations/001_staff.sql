CREATE TABLE staff (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    region TEXT NOT NULL,
    region_path TEXT NOT NULL,
    version BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    known_from TEXT NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    "name" TEXT,
    "id_number" TEXT,
    "field" TEXT,
    "post" TEXT,
    "facility" TEXT,
    "grade" TEXT,
    "graded_on" TEXT,
    "certified" {bool},
    "trained_on" TEXT,
    "hired_on" TEXT,
    "left_on" TEXT,
    PRIMARY KEY (district, id)
);
CREATE INDEX staff_region ON staff (region_path, id, state);
CREATE INDEX staff_id ON staff (id);
CREATE UNIQUE INDEX staff_unique_1 ON staff (district, "id_number", "facility", "hired_on") WHERE state = 'active';
