CREATE TABLE notice (
    id TEXT PRIMARY KEY,
    idempotency_key TEXT NOT NULL UNIQUE,
    place TEXT NOT NULL,
    district TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    href TEXT NOT NULL,
    accounts {json} NOT NULL,
    created_at TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at TEXT NOT NULL,
    leased_until TEXT NOT NULL,
    last_fault TEXT NOT NULL,
    sent_at TEXT
);
CREATE INDEX notice_waiting ON notice (state, next_at);
CREATE TABLE notice_inbox (
    account TEXT NOT NULL,
    notice TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    href TEXT NOT NULL,
    created_at TEXT NOT NULL,
    read_at TEXT,
    PRIMARY KEY (account, notice)
);
CREATE INDEX notice_inbox_order ON notice_inbox (account, created_at, notice);
CREATE TABLE notice_sending (
    notice TEXT NOT NULL,
    channel TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    PRIMARY KEY (notice, channel)
);
