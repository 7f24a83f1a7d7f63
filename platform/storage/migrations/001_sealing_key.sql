CREATE TABLE sealing_key (
    number BIGINT PRIMARY KEY,
    key_check TEXT NOT NULL,
    known_from TEXT NOT NULL
);
