CREATE TABLE region (
    place TEXT NOT NULL,
    code TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    path TEXT NOT NULL,
    district TEXT NOT NULL,
    official {bool} NOT NULL,
    aliases {json} NOT NULL,
    cell_x BIGINT,
    cell_y BIGINT,
    source TEXT NOT NULL,
    PRIMARY KEY (place, code, valid_from)
);
CREATE INDEX region_path ON region (path);
CREATE TABLE department (
    place TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    short TEXT NOT NULL,
    aliases {json} NOT NULL,
    level TEXT NOT NULL,
    region TEXT,
    collective {bool} NOT NULL,
    notes TEXT,
    active {bool} NOT NULL,
    PRIMARY KEY (place, key)
);
