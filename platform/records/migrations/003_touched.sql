CREATE TABLE record_touched (
    place TEXT NOT NULL,
    register TEXT NOT NULL,
    region_path TEXT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (place, register, region_path)
);
