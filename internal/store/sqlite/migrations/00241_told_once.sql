-- +goose Up

-- Whether somebody was told of an alert already, by another rule.
CREATE INDEX notifications_told ON notifications (alert, user) WHERE alert <> '';

-- +goose Down
DROP INDEX notifications_told;
