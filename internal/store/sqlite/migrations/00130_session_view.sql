-- A session's viewing of the portal as somebody: JSON, and nothing for most.

-- +goose Up
ALTER TABLE sessions ADD COLUMN view TEXT CHECK (view IS NULL OR json_valid(view));

-- +goose Down
ALTER TABLE sessions DROP COLUMN view;
