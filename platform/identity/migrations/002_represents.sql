CREATE TABLE identity_represents (
    account TEXT PRIMARY KEY REFERENCES identity_account (id),
    register TEXT NOT NULL,
    record TEXT NOT NULL
);

CREATE INDEX identity_represents_record ON identity_represents (record);
