-- +goose Up

-- Queries that people keep, and share. Only their text: whoever runs one finds what they may see.
CREATE TABLE hunting_queries (
    id          TEXT    PRIMARY KEY,
    owner       TEXT    NOT NULL,
    folder      TEXT    NOT NULL, -- '': none
    name        TEXT    NOT NULL,
    key         TEXT    NOT NULL, -- folder and name, in lower case
    description TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    sharing     TEXT    NOT NULL, -- '': the owner's alone
    updated     INTEGER NOT NULL,
    updated_by  TEXT    NOT NULL,
    UNIQUE (owner, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX hunting_queries_shared ON hunting_queries (sharing) WHERE sharing <> '';

-- What people have run, for themselves alone, for 30 days.
CREATE TABLE hunting_runs (
    id       TEXT    PRIMARY KEY,
    user     TEXT    NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    at       INTEGER NOT NULL,
    text     TEXT    NOT NULL,
    timespan TEXT    NOT NULL,
    via      TEXT    NOT NULL,
    state    TEXT    NOT NULL,
    rows     INTEGER NOT NULL,
    took     INTEGER NOT NULL, -- nanoseconds
    cpu      INTEGER NOT NULL,
    problem  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX hunting_runs_user ON hunting_runs (user, at, id);
CREATE INDEX hunting_runs_at ON hunting_runs (at);

-- What nobody else may read goes with its owner: the next account of that name may be another person's.
-- +goose StatementBegin
CREATE TRIGGER hunting_queries_private AFTER DELETE ON users
BEGIN
    DELETE FROM hunting_queries WHERE owner = OLD.name AND sharing = '';
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER hunting_queries_private;
DROP TABLE hunting_runs;
DROP TABLE hunting_queries;
