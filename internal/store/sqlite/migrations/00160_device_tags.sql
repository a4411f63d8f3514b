-- +goose Up

-- Tags that people give a device here, beside those that the product tells of it: a JSON list. A record does not take them away.
ALTER TABLE devices ADD COLUMN own_tags TEXT NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE devices DROP COLUMN own_tags;
