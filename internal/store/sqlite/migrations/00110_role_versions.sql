-- Every version of a role: as each change of the policy left it. The role is its id, for names change; there is no
-- reference to it, for versions outlive it. entry is the change's entry in the audit log, state the role and its
-- assignments as JSON; of a version that is deleted, as they were before.

-- +goose Up
CREATE TABLE role_versions (
    role      TEXT NOT NULL,
    revision  INTEGER NOT NULL,
    at        INTEGER,
    actor     TEXT NOT NULL,
    operation TEXT NOT NULL,
    entry     INTEGER NOT NULL,
    deleted   INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    state     TEXT NOT NULL,
    PRIMARY KEY (role, revision)
) STRICT;
CREATE INDEX role_versions_deleted ON role_versions (at) WHERE deleted = 1;

-- +goose Down
DROP TABLE role_versions;
