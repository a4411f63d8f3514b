-- What the last import of each product noted of the objects that it made: to tell later what was changed there, and what here.

-- +goose Up
CREATE TABLE imported (
    product TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    state   TEXT    NOT NULL, -- as the export had it, JSON
    kept    TEXT    NOT NULL, -- what was here and was chosen to stay; empty: nothing was to be chosen
    at      INTEGER NOT NULL,
    file    TEXT    NOT NULL,
    PRIMARY KEY (product, id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE imported;
