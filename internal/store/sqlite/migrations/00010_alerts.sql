-- +goose Up

-- Times are unix nanoseconds. Text that a record leaves out is ''; what the record gave stands in its body.

-- Machines that evidence speaks of, and the device group each is in now (S7).
CREATE TABLE devices (
    id           TEXT    PRIMARY KEY,
    name         TEXT    NOT NULL,
    domain       TEXT    NOT NULL,
    os           TEXT    NOT NULL,
    tags         TEXT    NOT NULL, -- a JSON list
    known        INTEGER NOT NULL, -- 0: no evidence has described it yet
    seen         INTEGER NOT NULL,
    device_group TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Alerts that belong alike share a class: whether a reader sees them is decided once for all of them (S8). A class
-- never changes; an alert moves to another one.
CREATE TABLE alert_classes (
    id            INTEGER PRIMARY KEY,
    workloads     INTEGER NOT NULL,
    device_groups TEXT    NOT NULL, -- a JSON list of names, sorted; only with endpoint
    every_group   INTEGER NOT NULL,
    alerts        INTEGER NOT NULL DEFAULT 0,
    UNIQUE (workloads, device_groups, every_group)
) STRICT;

CREATE TABLE incidents (
    id             TEXT    PRIMARY KEY,
    derived        INTEGER NOT NULL, -- 1: only its alerts have come so far
    status         TEXT    NOT NULL, -- '': follows from its alerts
    classification TEXT    NOT NULL,
    determination  TEXT    NOT NULL,
    assigned_to    TEXT    NOT NULL,
    custom_tags    TEXT    NOT NULL,
    system_tags    TEXT    NOT NULL,
    created        INTEGER NOT NULL,
    updated        INTEGER NOT NULL,
    alerts         INTEGER NOT NULL DEFAULT 0, -- all of them, whoever asks
    body           TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts (
    n                INTEGER PRIMARY KEY,
    id               TEXT    NOT NULL UNIQUE,
    incident         TEXT    NOT NULL,
    class            INTEGER NOT NULL REFERENCES alert_classes (id),
    created          INTEGER NOT NULL,
    updated          INTEGER NOT NULL,
    status           TEXT    NOT NULL,
    severity         TEXT    NOT NULL,
    severity_rank    INTEGER NOT NULL,
    classification   TEXT    NOT NULL,
    determination    TEXT    NOT NULL,
    service_source   TEXT    NOT NULL,
    detection_source TEXT    NOT NULL,
    category         TEXT    NOT NULL,
    assigned_to      TEXT    NOT NULL,
    title            TEXT    NOT NULL,
    techniques       TEXT    NOT NULL,
    system_tags      TEXT    NOT NULL
) STRICT;

-- The newest of a class, and the newest of all: a page costs the same from either.
CREATE INDEX alerts_class_created ON alerts (class, created, id);
CREATE INDEX alerts_created ON alerts (created, id, class);
CREATE INDEX alerts_class_updated ON alerts (class, updated, id);
CREATE INDEX alerts_updated ON alerts (updated, id, class);
CREATE INDEX alerts_incident ON alerts (incident, class);

-- How many alerts there are of each kind: what a queue is filtered by is counted without reading the alerts.
CREATE TABLE alert_kinds (
    class          INTEGER NOT NULL REFERENCES alert_classes (id),
    status         TEXT    NOT NULL,
    severity       TEXT    NOT NULL,
    severity_rank  INTEGER NOT NULL,
    service_source TEXT    NOT NULL,
    category       TEXT    NOT NULL,
    assigned_to    TEXT    NOT NULL,
    alerts         INTEGER NOT NULL,
    PRIMARY KEY (class, status, severity, service_source, category, assigned_to)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER alerts_counted_in AFTER INSERT ON alerts BEGIN
    UPDATE alert_classes SET alerts = alerts + 1 WHERE id = NEW.class;
    INSERT INTO alert_kinds VALUES (NEW.class, NEW.status, NEW.severity, NEW.severity_rank, NEW.service_source, NEW.category, NEW.assigned_to, 1)
        ON CONFLICT DO UPDATE SET alerts = alerts + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER alerts_counted_over AFTER UPDATE OF class, status, severity, service_source, category, assigned_to ON alerts BEGIN
    UPDATE alert_classes SET alerts = alerts - 1 WHERE id = OLD.class;
    UPDATE alert_classes SET alerts = alerts + 1 WHERE id = NEW.class;
    UPDATE alert_kinds SET alerts = alerts - 1 WHERE class = OLD.class AND status = OLD.status AND severity = OLD.severity
        AND service_source = OLD.service_source AND category = OLD.category AND assigned_to = OLD.assigned_to;
    DELETE FROM alert_kinds WHERE class = OLD.class AND status = OLD.status AND severity = OLD.severity
        AND service_source = OLD.service_source AND category = OLD.category AND assigned_to = OLD.assigned_to AND alerts = 0;
    INSERT INTO alert_kinds VALUES (NEW.class, NEW.status, NEW.severity, NEW.severity_rank, NEW.service_source, NEW.category, NEW.assigned_to, 1)
        ON CONFLICT DO UPDATE SET alerts = alerts + 1;
END;
-- +goose StatementEnd

-- Apart from the columns, so that a filter does not wade through bodies.
CREATE TABLE alert_bodies (
    alert    INTEGER PRIMARY KEY REFERENCES alerts (n) ON DELETE CASCADE,
    body     TEXT NOT NULL, -- the object as given, without evidence
    evidence TEXT NOT NULL
) STRICT;

CREATE TABLE alert_devices (
    alert  INTEGER NOT NULL REFERENCES alerts (n) ON DELETE CASCADE,
    device TEXT    NOT NULL REFERENCES devices (id),
    PRIMARY KEY (alert, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_devices_device ON alert_devices (device);

-- What the alerts of one class bring to an incident: a reader's view of it is the sum over the classes they see (S9).
CREATE TABLE incident_classes (
    incident      TEXT    NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    class         INTEGER NOT NULL REFERENCES alert_classes (id),
    alerts        INTEGER NOT NULL,
    in_progress   INTEGER NOT NULL,
    resolved      INTEGER NOT NULL,
    severity_rank INTEGER NOT NULL,
    created       INTEGER NOT NULL,
    updated       INTEGER NOT NULL,
    PRIMARY KEY (incident, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_classes_class ON incident_classes (class, incident);

-- Comments written here; those that came with a record stand in its body, where a newer record replaces them.
CREATE TABLE alert_comments (
    n       INTEGER PRIMARY KEY,
    alert   INTEGER NOT NULL REFERENCES alerts (n) ON DELETE CASCADE,
    comment TEXT    NOT NULL,
    author  TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_comments_alert ON alert_comments (alert);

CREATE TABLE incident_comments (
    n        INTEGER PRIMARY KEY,
    incident TEXT    NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
    comment  TEXT    NOT NULL,
    author   TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX incident_comments_incident ON incident_comments (incident);

-- Signs the cursors that leave the centre, so that none is accepted that did not come from here.
CREATE TABLE alert_cursor_key (
    secret BLOB NOT NULL
) STRICT;
INSERT INTO alert_cursor_key VALUES (randomblob(32));

-- +goose Down
DROP TABLE alert_cursor_key;
DROP TABLE incident_comments;
DROP TABLE alert_comments;
DROP TABLE incident_classes;
DROP TABLE alert_devices;
DROP TABLE alert_bodies;
DROP TABLE alerts;
DROP TABLE alert_kinds;
DROP TABLE incidents;
DROP TABLE alert_classes;
DROP TABLE devices;
