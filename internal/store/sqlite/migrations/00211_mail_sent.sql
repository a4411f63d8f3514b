-- +goose Up

-- A later row of a message has its time of arrival and tells of where it is now: which row is the later one its sending tells.
ALTER TABLE mails ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
UPDATE mails SET sent = at;

-- +goose Down
ALTER TABLE mails DROP COLUMN sent;
