CREATE TABLE walking_answer (
    place TEXT NOT NULL,
    circle TEXT NOT NULL,
    known_at TEXT NOT NULL,
    as_of TEXT NOT NULL,
    origin TEXT NOT NULL,
    pack TEXT NOT NULL,
    body {json} NOT NULL,
    PRIMARY KEY (place, circle, known_at)
);
