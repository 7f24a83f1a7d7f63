CREATE TABLE record_view (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    place TEXT NOT NULL,
    register TEXT NOT NULL,
    owner TEXT NOT NULL,
    owner_login TEXT NOT NULL,
    office TEXT NOT NULL,
    shared {bool} NOT NULL,
    name TEXT NOT NULL,
    asked TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (district, id)
);
CREATE UNIQUE INDEX record_view_name ON record_view (district, register, owner, name);
CREATE INDEX record_view_office ON record_view (register, office);
