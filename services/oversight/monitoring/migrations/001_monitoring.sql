CREATE TABLE monitoring_stamp (
    place TEXT PRIMARY KEY,
    n BIGINT NOT NULL
);
CREATE TABLE monitoring_result (
    place TEXT NOT NULL,
    region TEXT NOT NULL,
    indicator TEXT NOT NULL,
    month TEXT NOT NULL,
    known_at TEXT NOT NULL,
    as_of TEXT NOT NULL,
    kind TEXT NOT NULL,
    numerator TEXT,
    denominator TEXT,
    value TEXT,
    origin TEXT NOT NULL,
    pack TEXT NOT NULL,
    basis TEXT,
    note TEXT,
    PRIMARY KEY (place, region, indicator, month, known_at)
);
CREATE INDEX monitoring_result_indicator ON monitoring_result (place, indicator, month);
CREATE TABLE monitoring_report (
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    indicator TEXT NOT NULL,
    region TEXT NOT NULL,
    region_path TEXT NOT NULL,
    month TEXT NOT NULL,
    state TEXT NOT NULL,
    value TEXT NOT NULL,
    numerator TEXT,
    denominator TEXT,
    evidence TEXT NOT NULL,
    note TEXT NOT NULL,
    origin TEXT NOT NULL,
    version BIGINT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TEXT NOT NULL,
    decided_by TEXT,
    decided_at TEXT,
    decision_note TEXT,
    corrects TEXT,
    reason TEXT,
    PRIMARY KEY (place, id)
);
CREATE INDEX monitoring_report_period ON monitoring_report (place, indicator, region, month);
CREATE INDEX monitoring_report_state ON monitoring_report (place, state);
CREATE TABLE monitoring_comment (
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TEXT NOT NULL,
    author TEXT NOT NULL,
    author_name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (place, id)
);
CREATE INDEX monitoring_comment_subject ON monitoring_comment (place, subject, at);
CREATE TABLE monitoring_progress (
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    region TEXT NOT NULL,
    on_day TEXT NOT NULL,
    state TEXT NOT NULL,
    percent BIGINT,
    note TEXT NOT NULL,
    evidence TEXT NOT NULL,
    beds BIGINT,
    places BIGINT,
    paid_fen BIGINT,
    finish_by TEXT,
    origin TEXT NOT NULL,
    by_login TEXT NOT NULL,
    known_at TEXT NOT NULL,
    PRIMARY KEY (place, id)
);
CREATE INDEX monitoring_progress_subject ON monitoring_progress (place, subject, known_at);
CREATE TABLE monitoring_milestone (
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    due TEXT NOT NULL,
    text TEXT NOT NULL,
    done_on TEXT,
    evidence TEXT NOT NULL,
    origin TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (place, id)
);
CREATE INDEX monitoring_milestone_subject ON monitoring_milestone (place, subject, due);
CREATE TABLE monitoring_supervision (
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    subject TEXT NOT NULL,
    region TEXT NOT NULL,
    region_path TEXT NOT NULL,
    department TEXT NOT NULL,
    text TEXT NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    sent_by TEXT NOT NULL,
    sent_name TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    reply TEXT,
    replied_by TEXT,
    replied_at TEXT,
    closed_by TEXT,
    closed_at TEXT,
    close_note TEXT,
    PRIMARY KEY (place, id),
    UNIQUE (place, number)
);
CREATE INDEX monitoring_supervision_state ON monitoring_supervision (place, state, due);
CREATE TABLE monitoring_closing (
    place TEXT NOT NULL,
    year BIGINT NOT NULL,
    closed_at TEXT NOT NULL,
    closed_by TEXT NOT NULL,
    pack TEXT NOT NULL,
    digest TEXT NOT NULL,
    figures {json} NOT NULL,
    PRIMARY KEY (place, year)
);
