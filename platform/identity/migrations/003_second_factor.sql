CREATE TABLE identity_second_factor (
    account TEXT PRIMARY KEY REFERENCES identity_account (id),
    secret TEXT NOT NULL,
    created_at TEXT NOT NULL,
    confirmed_at TEXT,
    last_step BIGINT NOT NULL
);

CREATE TABLE identity_recovery_code (
    account TEXT NOT NULL REFERENCES identity_account (id),
    code_hash TEXT NOT NULL,
    used_at TEXT,
    PRIMARY KEY (account, code_hash)
);

ALTER TABLE identity_session ADD COLUMN second_passed {bool} NOT NULL DEFAULT FALSE;
