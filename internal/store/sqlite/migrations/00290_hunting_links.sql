-- +goose Up

-- What somebody made of rows of a hunt, by the key of their request: one that is sent again makes nothing anew.
CREATE TABLE hunting_links (
    user    TEXT    NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    key     TEXT    NOT NULL,
    request TEXT    NOT NULL, -- a digest of it
    alert   INTEGER NOT NULL REFERENCES alerts (n) ON DELETE CASCADE,
    rows    INTEGER NOT NULL,
    known   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (user, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX hunting_links_alert ON hunting_links (alert);
CREATE INDEX hunting_links_at ON hunting_links (at);

-- The rows that such an alert was made of, as digests.
CREATE TABLE hunting_linked_rows (
    row   TEXT    NOT NULL,
    alert INTEGER NOT NULL REFERENCES alerts (n) ON DELETE CASCADE,
    PRIMARY KEY (row, alert)
) STRICT, WITHOUT ROWID;
CREATE INDEX hunting_linked_rows_alert ON hunting_linked_rows (alert);

-- +goose Down
DROP TABLE hunting_linked_rows;
DROP TABLE hunting_links;
