-- +goose Up

-- A notification is of an alert, of a custom detection that has paused, or a test.
ALTER TABLE notifications ADD COLUMN detection TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE notifications DROP COLUMN detection;
