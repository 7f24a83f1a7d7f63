CREATE TABLE identity_account (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    region TEXT,
    region_path TEXT NOT NULL,
    place TEXT NOT NULL,
    district TEXT NOT NULL,
    department TEXT,
    password_hash TEXT NOT NULL,
    password_changed_at TEXT NOT NULL,
    must_change {bool} NOT NULL,
    state TEXT NOT NULL,
    failed BIGINT NOT NULL,
    locked_until TEXT,
    last_login_at TEXT,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL
);

CREATE INDEX identity_account_role ON identity_account (role, state);

CREATE TABLE identity_session (
    token_hash TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES identity_account (id),
    csrf TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    ip TEXT NOT NULL,
    agent_digest TEXT NOT NULL
);

CREATE INDEX identity_session_account ON identity_session (account, created_at);

CREATE INDEX identity_session_expires ON identity_session (expires_at);
