-- What happened. Entries are only ever added: the triggers stop a slip of ours; the hash chain shows what someone did
-- who owns the file. Repeats of a refusal are counted in a table of their own, so that the chain needs no exception.

-- +goose Up
CREATE TABLE audit_entries (
    seq             INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    actor           TEXT NOT NULL,
    via             TEXT NOT NULL,
    address         TEXT NOT NULL,
    request_id      TEXT NOT NULL,
    operation       TEXT NOT NULL,
    object          TEXT NOT NULL,
    workload        TEXT NOT NULL,
    outcome         TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    reason          TEXT NOT NULL,
    before          TEXT,
    after           TEXT,
    policy_revision INTEGER NOT NULL,
    prev            BLOB NOT NULL CHECK (length(prev) = 32),
    hash            BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_entries_by_actor ON audit_entries (actor, seq);
CREATE INDEX audit_entries_by_operation ON audit_entries (operation, seq);
CREATE INDEX audit_entries_by_object ON audit_entries (object, seq);
CREATE INDEX audit_entries_by_workload ON audit_entries (workload, seq);
CREATE INDEX audit_entries_by_time ON audit_entries (at);
CREATE INDEX audit_entries_refused ON audit_entries (actor, operation, object, at) WHERE outcome = 'refused';

CREATE TABLE audit_repeats (
    seq     INTEGER PRIMARY KEY REFERENCES audit_entries,
    count   INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT;

-- Where the log ends, noted apart from it: a tail that was cut off alone is found.
CREATE TABLE audit_head (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_entries_remain BEFORE DELETE ON audit_entries
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER audit_entries_replace_none BEFORE INSERT ON audit_entries
WHEN EXISTS (SELECT 1 FROM audit_entries WHERE seq = new.seq)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE audit_head;
DROP TABLE audit_repeats;
DROP TABLE audit_entries;
