-- +goose Up

-- Device groups of which each is needed to see an alert: the scope of a custom detection, of which a row names no device (S13). A class names
-- one by every_group, where 0 is none and 1 is every device group there is. The scope follows the names of its groups; when one of them goes,
-- so does the scope, and every device group is needed.
CREATE TABLE alert_scopes (
    id            INTEGER PRIMARY KEY CHECK (id > 1),
    device_groups TEXT    NOT NULL, -- a JSON list of names, sorted
    gone          INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX alert_scopes_groups ON alert_scopes (device_groups) WHERE gone = 0;

-- +goose Down
UPDATE OR IGNORE alert_classes SET every_group = 1 WHERE every_group > 1;
DROP TABLE alert_scopes;
