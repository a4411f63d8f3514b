-- +goose Up

-- Lists are answered from columns in memory, which follow what is written: each row of alerts and incidents that changes leaves its
-- number here. Older ones are forgotten after a while; who is further behind reads everything anew.
CREATE TABLE list_changes (
    seq      INTEGER PRIMARY KEY,
    alert    INTEGER, -- alerts.n
    incident INTEGER  -- incidents.n
) STRICT;

-- Incidents are numbered as alerts are.
ALTER TABLE incidents ADD COLUMN n INTEGER NOT NULL DEFAULT 0;
UPDATE incidents SET n = r.n FROM (SELECT id, row_number() OVER (ORDER BY created, id) AS n FROM incidents) r WHERE r.id = incidents.id;
CREATE UNIQUE INDEX incidents_n ON incidents (n);

-- What is counted is counted there, too.
DROP TRIGGER alerts_counted_in;
DROP TRIGGER alerts_counted_over;
DROP TABLE alert_kinds;
DROP INDEX alerts_class_created;
DROP INDEX alerts_class_updated;
DROP INDEX alerts_tagged;

-- +goose StatementBegin
CREATE TRIGGER alerts_in AFTER INSERT ON alerts BEGIN
    UPDATE alert_classes SET alerts = alerts + 1 WHERE id = NEW.class;
    INSERT INTO list_changes (alert) VALUES (NEW.n);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER alerts_reclassed AFTER UPDATE OF class ON alerts WHEN OLD.class <> NEW.class BEGIN
    UPDATE alert_classes SET alerts = alerts - 1 WHERE id = OLD.class;
    UPDATE alert_classes SET alerts = alerts + 1 WHERE id = NEW.class;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER alerts_over AFTER UPDATE OF incident, class, created, updated, status, severity, classification, determination, service_source,
    detection_source, category, assigned_to, title, techniques, system_tags ON alerts BEGIN
    INSERT INTO list_changes (alert) VALUES (NEW.n);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER alerts_out AFTER DELETE ON alerts BEGIN
    UPDATE alert_classes SET alerts = alerts - 1 WHERE id = OLD.class;
    INSERT INTO list_changes (alert) VALUES (OLD.n);
END;
-- +goose StatementEnd

-- What the alerts of an incident bring to it (incident_classes) changes together with incidents.alerts.
-- +goose StatementBegin
CREATE TRIGGER incidents_in AFTER INSERT ON incidents BEGIN
    UPDATE incidents SET n = (SELECT max(n) FROM incidents) + 1 WHERE id = NEW.id;
    INSERT INTO list_changes (incident) SELECT n FROM incidents WHERE id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER incidents_over AFTER UPDATE OF derived, status, classification, determination, assigned_to, custom_tags, system_tags, created,
    updated, alerts, gone, redirect, body ON incidents BEGIN
    INSERT INTO list_changes (incident) VALUES (NEW.n);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER incidents_out AFTER DELETE ON incidents BEGIN
    INSERT INTO list_changes (incident) VALUES (OLD.n);
END;
-- +goose StatementEnd
