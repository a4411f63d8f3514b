-- +goose Up

-- What the evidence calls a thing besides its key, as far as it does: people and apps are looked for by their names.
ALTER TABLE alert_entities ADD COLUMN name TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE alert_entities DROP COLUMN name;
