CREATE TABLE monitoring_bulletin (
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    region TEXT NOT NULL,
    region_path TEXT NOT NULL,
    period TEXT NOT NULL,
    known_at TEXT NOT NULL,
    department TEXT,
    published_by TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (place, id)
);
CREATE INDEX monitoring_bulletin_region ON monitoring_bulletin (place, region, known_at);
