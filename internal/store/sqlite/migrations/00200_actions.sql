-- +goose Up

-- The Action centre. Who sees an action depends on the group that its device is in now, so that is asked of devices (S7, S11).
CREATE TABLE actions (
    id         TEXT    PRIMARY KEY,
    workload   INTEGER NOT NULL,
    type       TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    status     TEXT    NOT NULL,
    device     TEXT    NOT NULL, -- '': none is known
    incident   TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    details    TEXT    NOT NULL,
    requester  TEXT    NOT NULL,
    decision   TEXT    NOT NULL,
    decided_by TEXT    NOT NULL,
    decided    INTEGER,
    created    INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    expires    INTEGER,
    undo_of    TEXT    NOT NULL,
    undone_by  TEXT    NOT NULL,
    executor   TEXT    NOT NULL,
    attempts   INTEGER NOT NULL,
    accepted   INTEGER NOT NULL,
    remote     TEXT    NOT NULL,
    next_at    INTEGER,          -- null: nothing is to be done
    deadline   INTEGER,
    body       TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX actions_updated ON actions (updated, id);
CREATE INDEX actions_pending ON actions (updated, id) WHERE status = 'pendingApproval';
CREATE INDEX actions_device ON actions (device, updated, id);
CREATE INDEX actions_incident ON actions (incident) WHERE incident <> '';
-- Counts and facets are read from it alone.
CREATE INDEX actions_kinds ON actions (workload, type, source, status, device, expires, updated, incident);
CREATE INDEX actions_due ON actions (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE action_rules (
    others_approve INTEGER NOT NULL
) STRICT;
INSERT INTO action_rules VALUES (0);

-- +goose Down
DROP TABLE action_rules;
DROP TABLE actions;
