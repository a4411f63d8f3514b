-- +goose Up

-- What the evidence of alerts names: see store.Entity.
CREATE TABLE entities (
    n    INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    UNIQUE (kind, key)
) STRICT;

-- Which alerts name it, by the time they were created. Evidence may be of a device that a reader of the alert does not reach: who
-- reads this has to cut it by device and closed, too.
CREATE TABLE alert_entities (
    entity  INTEGER NOT NULL REFERENCES entities (n),
    created INTEGER NOT NULL, -- of the alert
    alert   INTEGER NOT NULL REFERENCES alerts (n) ON DELETE CASCADE,
    device  TEXT    NOT NULL, -- '': of none
    closed  INTEGER NOT NULL, -- 1: of several devices, or of one that it does not name
    ties    INTEGER NOT NULL,
    PRIMARY KEY (entity, created, alert, device, closed)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_entities_alert ON alert_entities (alert);

-- +goose Down
DROP TABLE alert_entities;
DROP TABLE entities;
