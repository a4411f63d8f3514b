-- +goose Up

-- What an alert names, all of it in one place: what changes with the alert, and what lists count by. A list of
-- [entity, its kind, device, closed, ties, name], as in alert_entities.
CREATE TABLE alert_names (
    alert INTEGER PRIMARY KEY REFERENCES alerts (n) ON DELETE CASCADE,
    names TEXT    NOT NULL
) STRICT;
INSERT INTO alert_names
    SELECT x.alert, json_group_array(json_array(x.entity, e.kind, x.device, x.closed, x.ties, x.name) ORDER BY x.device, x.closed, x.entity)
    FROM alert_entities x JOIN entities e ON e.n = x.entity GROUP BY x.alert;

-- So the other way round needs no index by alert, in which everything stood once more, and no looking up of what was just written:
-- half of what it cost to load an alert.
CREATE TABLE alert_entities_only (
    entity  INTEGER NOT NULL,
    created INTEGER NOT NULL, -- of the alert
    alert   INTEGER NOT NULL,
    device  TEXT    NOT NULL, -- '': of none
    closed  INTEGER NOT NULL, -- 1: of several devices, or of one that it does not name
    ties    INTEGER NOT NULL,
    name    TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (entity, created, alert, device, closed)
) STRICT, WITHOUT ROWID;
INSERT INTO alert_entities_only SELECT entity, created, alert, device, closed, ties, name FROM alert_entities ORDER BY entity, created, alert, device, closed;
DROP TABLE alert_entities;
ALTER TABLE alert_entities_only RENAME TO alert_entities;

-- +goose StatementBegin
CREATE TRIGGER alerts_unnamed BEFORE DELETE ON alerts BEGIN
    DELETE FROM alert_entities WHERE created = OLD.created AND alert = OLD.n
        AND entity IN (SELECT e.value ->> 0 FROM alert_names x, json_each(x.names) e WHERE x.alert = OLD.n);
END;
-- +goose StatementEnd

-- Whose evidence is of a device that moves is seen by others from then on.
-- +goose StatementBegin
CREATE TRIGGER devices_moved AFTER UPDATE OF device_group ON devices WHEN OLD.device_group <> NEW.device_group BEGIN
    INSERT INTO list_changes (alert) SELECT alert FROM alert_devices WHERE device = NEW.id;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER devices_moved;
DROP TRIGGER alerts_unnamed;
CREATE INDEX alert_entities_alert ON alert_entities (alert);
DROP TABLE alert_names;
