-- +goose Up

-- What hunting queries look up beside the tables. The rows are in files; here is what they are and how far loading has come.
CREATE TABLE hunting_feeds (
    id   TEXT    PRIMARY KEY,
    name TEXT    NOT NULL,
    key  TEXT    NOT NULL UNIQUE, -- the name in lower case
    body TEXT    NOT NULL,
    next INTEGER NOT NULL         -- nanoseconds since 1970 at which it is fetched; 0: it is not
) STRICT, WITHOUT ROWID;

CREATE INDEX hunting_feeds_next ON hunting_feeds (next) WHERE next > 0;

-- +goose Down
DROP TABLE hunting_feeds;
