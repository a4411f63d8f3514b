-- +goose Up

-- Alerts are counted by where they were detected and how they were classified, too.
DROP TRIGGER alerts_counted_in;
DROP TRIGGER alerts_counted_over;
DROP TABLE alert_kinds;
CREATE TABLE alert_kinds (
    class            INTEGER NOT NULL REFERENCES alert_classes (id),
    status           TEXT    NOT NULL,
    severity         TEXT    NOT NULL,
    severity_rank    INTEGER NOT NULL,
    service_source   TEXT    NOT NULL,
    detection_source TEXT    NOT NULL,
    category         TEXT    NOT NULL,
    assigned_to      TEXT    NOT NULL,
    classification   TEXT    NOT NULL,
    alerts           INTEGER NOT NULL,
    PRIMARY KEY (class, status, severity, service_source, detection_source, category, assigned_to, classification)
) STRICT, WITHOUT ROWID;
INSERT INTO alert_kinds SELECT class, status, severity, severity_rank, service_source, detection_source, category, assigned_to, classification, count(*)
    FROM alerts GROUP BY class, status, severity, severity_rank, service_source, detection_source, category, assigned_to, classification;

-- +goose StatementBegin
CREATE TRIGGER alerts_counted_in AFTER INSERT ON alerts BEGIN
    UPDATE alert_classes SET alerts = alerts + 1 WHERE id = NEW.class;
    INSERT INTO alert_kinds VALUES (NEW.class, NEW.status, NEW.severity, NEW.severity_rank, NEW.service_source, NEW.detection_source, NEW.category, NEW.assigned_to, NEW.classification, 1)
        ON CONFLICT DO UPDATE SET alerts = alerts + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER alerts_counted_over AFTER UPDATE OF class, status, severity, service_source, detection_source, category, assigned_to, classification ON alerts BEGIN
    UPDATE alert_classes SET alerts = alerts - 1 WHERE id = OLD.class;
    UPDATE alert_classes SET alerts = alerts + 1 WHERE id = NEW.class;
    UPDATE alert_kinds SET alerts = alerts - 1 WHERE class = OLD.class AND status = OLD.status AND severity = OLD.severity AND service_source = OLD.service_source
        AND detection_source = OLD.detection_source AND category = OLD.category AND assigned_to = OLD.assigned_to AND classification = OLD.classification;
    DELETE FROM alert_kinds WHERE class = OLD.class AND status = OLD.status AND severity = OLD.severity AND service_source = OLD.service_source
        AND detection_source = OLD.detection_source AND category = OLD.category AND assigned_to = OLD.assigned_to AND classification = OLD.classification AND alerts = 0;
    INSERT INTO alert_kinds VALUES (NEW.class, NEW.status, NEW.severity, NEW.severity_rank, NEW.service_source, NEW.detection_source, NEW.category, NEW.assigned_to, NEW.classification, 1)
        ON CONFLICT DO UPDATE SET alerts = alerts + 1;
END;
-- +goose StatementEnd

-- Few alerts have a tag: those are found without reading the others.
CREATE INDEX alerts_tagged ON alerts (class) WHERE system_tags <> '[]';

-- When something of a class has last changed, counted in changes: who watches the queue asks for the classes that are newer
-- than what they know. The counter is one row.
ALTER TABLE alert_classes ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX alert_classes_changed ON alert_classes (changed);

-- What people keep of how they look at a list: filters, order and columns, as the address of the page holds them.
CREATE TABLE saved_views (
    user  TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE ON UPDATE CASCADE,
    area  TEXT NOT NULL,
    name  TEXT NOT NULL,
    query TEXT NOT NULL,
    PRIMARY KEY (user, area, name)
) STRICT, WITHOUT ROWID;
