-- How people and programs sign in. No secret is here: passwords as argon2id, the others as SHA-256 of 256 random bits.

-- +goose Up
CREATE TABLE credentials (
    user          TEXT PRIMARY KEY REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    password_hash TEXT NOT NULL,
    changed_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where a user has signed in from: nobody elsewhere can keep them from signing in there again.
CREATE TABLE known_addresses (
    user    TEXT NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    address TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (user, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
    id         TEXT NOT NULL UNIQUE,
    user       TEXT NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    address    TEXT NOT NULL,
    user_agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user, created_at);

CREATE TABLE tokens (
    id         TEXT PRIMARY KEY,
    owner      TEXT NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    name       TEXT NOT NULL,
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_owner ON tokens (owner, created_at);

CREATE TABLE setup_link (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    hash       BLOB NOT NULL CHECK (length(hash) = 32),
    expires_at INTEGER NOT NULL
) STRICT;

-- +goose Down
DROP TABLE setup_link;
DROP TABLE tokens;
DROP TABLE sessions;
DROP TABLE known_addresses;
DROP TABLE credentials;
