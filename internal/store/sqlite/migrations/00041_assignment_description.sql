-- What an assignment of a unified role is for, in words.

-- +goose Up
ALTER TABLE assignments ADD COLUMN description TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE assignments DROP COLUMN description;
