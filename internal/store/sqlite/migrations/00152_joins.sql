-- +goose Up

-- What its record says of an alert's incident, and who has the last word: 1 if a person put the alert where it is.
ALTER TABLE alerts ADD COLUMN given  TEXT    NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN placed INTEGER NOT NULL DEFAULT 0;
UPDATE alerts SET given = incident;

-- The incident that this one was merged into; and how many alerts were in it that are in another now.
ALTER TABLE incidents ADD COLUMN redirect TEXT    NOT NULL DEFAULT '';
ALTER TABLE incidents ADD COLUMN gone     INTEGER NOT NULL DEFAULT 0;
CREATE INDEX incidents_redirect ON incidents (redirect) WHERE redirect <> '';

CREATE TABLE alert_formerly (
    incident TEXT    NOT NULL,
    alert    INTEGER NOT NULL REFERENCES alerts (n) ON DELETE CASCADE,
    PRIMARY KEY (incident, alert)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_formerly_alert ON alert_formerly (alert);

-- How an alert came into its incident, if its record did not say so.
CREATE TABLE alert_joins (
    alert  INTEGER PRIMARY KEY REFERENCES alerts (n) ON DELETE CASCADE,
    how    TEXT    NOT NULL, -- see store.JoinKind
    origin TEXT    NOT NULL, -- the incident that it was in before, if a person moved it
    at     INTEGER NOT NULL
) STRICT;

-- What it shared with which alerts of the incident: by a name, and what the other one has the same thing under.
CREATE TABLE alert_ties (
    alert        INTEGER NOT NULL REFERENCES alerts (n) ON DELETE CASCADE,
    entity       INTEGER NOT NULL REFERENCES entities (n),
    other        INTEGER NOT NULL REFERENCES alerts (n) ON DELETE CASCADE,
    other_entity INTEGER NOT NULL REFERENCES entities (n),
    PRIMARY KEY (alert, entity, other, other_entity)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_ties_other ON alert_ties (other);

-- How far apart alerts may be to be joined, in nanoseconds; and what makes ids of incidents that are opened here: nobody can tell
-- from one which alert it was opened for.
CREATE TABLE correlation (
    window INTEGER NOT NULL,
    secret BLOB    NOT NULL
) STRICT;
INSERT INTO correlation VALUES (86400000000000, randomblob(32));

-- +goose Down
DROP TABLE correlation;
DROP TABLE alert_ties;
DROP TABLE alert_joins;
DROP TABLE alert_formerly;
DROP INDEX incidents_redirect;
ALTER TABLE incidents DROP COLUMN gone;
ALTER TABLE incidents DROP COLUMN redirect;
ALTER TABLE alerts DROP COLUMN placed;
ALTER TABLE alerts DROP COLUMN given;
