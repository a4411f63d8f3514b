-- +goose Up

-- What the centre is told once, for everybody; and who last said what approvers are asked, and when.
CREATE TABLE centre_settings (
    tell_hidden INTEGER NOT NULL,
    updated     INTEGER NOT NULL, -- 0: never
    updated_by  TEXT    NOT NULL
) STRICT;
INSERT INTO centre_settings VALUES (0, 0, '');

ALTER TABLE action_rules ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE action_rules ADD COLUMN updated_by TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE action_rules DROP COLUMN updated_by;
ALTER TABLE action_rules DROP COLUMN updated;
DROP TABLE centre_settings;
