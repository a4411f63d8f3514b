-- +goose Up

-- A detection whose owner's account goes is nobody's: the next account of that name may be another person's.
-- +goose StatementBegin
CREATE TRIGGER detections_of_nobody AFTER DELETE ON users
BEGIN
    UPDATE detections SET owner = '' WHERE owner = OLD.name;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER detections_of_nobody;
