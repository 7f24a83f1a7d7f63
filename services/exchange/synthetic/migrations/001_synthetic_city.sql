CREATE TABLE synthetic_city (
    place TEXT PRIMARY KEY,
    seed BIGINT NOT NULL,
    day TEXT NOT NULL,
    people BIGINT NOT NULL,
    rows_written BIGINT NOT NULL,
    digest TEXT,
    finished_at TEXT
);
