-- What renamed groups were called before: exports and versions of roles name them so.

-- +goose Up
CREATE TABLE former_group_names (
    key       TEXT PRIMARY KEY,
    group_key TEXT NOT NULL REFERENCES groups ON DELETE CASCADE ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX former_group_names_by_group ON former_group_names (group_key);

-- +goose Down
DROP TABLE former_group_names;
