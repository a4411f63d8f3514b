-- +goose Up

-- Rules by which people are told of alerts. One that is not everywhere and names no device group is of no alert.
CREATE TABLE notification_rules (
    id         TEXT    PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE, -- the name, in lower case
    name       TEXT    NOT NULL,
    on_        INTEGER NOT NULL,
    severities TEXT    NOT NULL, -- a JSON list
    everywhere INTEGER NOT NULL,
    recipients TEXT    NOT NULL, -- a JSON list
    after      INTEGER NOT NULL, -- the alert (alerts.n) after which it counts
    updated    INTEGER NOT NULL,
    updated_by TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- A device group that gets another name keeps its rules; one that goes leaves them.
CREATE TABLE notification_rule_device_groups (
    rule         TEXT NOT NULL REFERENCES notification_rules ON DELETE CASCADE,
    device_group TEXT NOT NULL REFERENCES device_groups ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (rule, device_group)
) STRICT, WITHOUT ROWID;

-- The outbox, and afterwards the log: what is to be sent to whom, and what became of it. The words are made when it is sent.
CREATE TABLE notifications (
    id        TEXT    PRIMARY KEY,
    rule      TEXT    NOT NULL,
    rule_name TEXT    NOT NULL,
    alert     TEXT    NOT NULL, -- '': a test
    user      TEXT    NOT NULL,
    mail      TEXT    NOT NULL,
    webhook   TEXT    NOT NULL,
    status    TEXT    NOT NULL,
    attempts  INTEGER NOT NULL,
    created   INTEGER NOT NULL,
    updated   INTEGER NOT NULL,
    next_at   INTEGER,          -- null: it has come to an end
    outcome   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Nobody is told of an alert twice by one rule and in one way.
CREATE UNIQUE INDEX notifications_once ON notifications (rule, alert, user, webhook) WHERE alert <> '';
CREATE INDEX notifications_due ON notifications (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX notifications_created ON notifications (created, id);
CREATE INDEX notifications_sent ON notifications (user, webhook, updated) WHERE status = 'sent';

-- Up to which alert the rules have been asked.
CREATE TABLE notification_place (
    place INTEGER NOT NULL
) STRICT;
INSERT INTO notification_place VALUES (0);

-- +goose Down
DROP TABLE notification_place;
DROP TABLE notifications;
DROP TABLE notification_rule_device_groups;
DROP TABLE notification_rules;
