-- Who has what, as rbac.Policy says it. Keys are names in lower case, so that two names can't differ in case alone.
-- Times are nanoseconds since 1970; none is null.

-- +goose Up
CREATE TABLE policy (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    revision       INTEGER NOT NULL,
    endpoint_roles INTEGER NOT NULL CHECK (endpoint_roles IN (0, 1))
) STRICT;
INSERT INTO policy VALUES (1, 0, 0);

CREATE TABLE users (
    name         TEXT PRIMARY KEY,
    display_name TEXT NOT NULL,
    disabled     INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    not_after    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE user_global_roles (
    user     TEXT NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    position INTEGER NOT NULL,
    role     TEXT NOT NULL,
    PRIMARY KEY (user, position),
    UNIQUE (user, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE groups (
    key         TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    description TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE group_members (
    group_key TEXT NOT NULL REFERENCES groups ON DELETE CASCADE ON UPDATE CASCADE,
    user      TEXT NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (group_key, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_by_user ON group_members (user);

CREATE TABLE device_groups (
    key         TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    rank        INTEGER NOT NULL UNIQUE,
    description TEXT NOT NULL,
    remediation TEXT NOT NULL,
    open        INTEGER NOT NULL CHECK (open IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO device_groups VALUES ('ungrouped devices (default)', 'Ungrouped devices (default)', 0, '', '', 1);

CREATE TABLE device_group_matches (
    device_group TEXT NOT NULL REFERENCES device_groups ON DELETE CASCADE ON UPDATE CASCADE,
    attribute    TEXT NOT NULL CHECK (attribute IN ('name', 'domain', 'tag', 'os')),
    position     INTEGER NOT NULL,
    value        TEXT NOT NULL,
    PRIMARY KEY (device_group, attribute, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_group_access (
    device_group TEXT NOT NULL REFERENCES device_groups ON DELETE CASCADE ON UPDATE CASCADE,
    group_key    TEXT NOT NULL REFERENCES groups ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (device_group, group_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_group_access_by_group ON device_group_access (group_key);

CREATE TABLE roles (
    workload    TEXT NOT NULL CHECK (workload IN ('endpoint', 'office365', 'cloudapps', 'identity')),
    key         TEXT NOT NULL,
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('custom', 'imported')),
    description TEXT NOT NULL,
    PRIMARY KEY (workload, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE role_permissions (
    workload   TEXT NOT NULL,
    role       TEXT NOT NULL,
    position   INTEGER NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (workload, role, position),
    FOREIGN KEY (workload, role) REFERENCES roles ON DELETE CASCADE ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;

-- An assignment names its role without a foreign key: the catalogue's roles are not kept here.
CREATE TABLE assignments (
    id         TEXT PRIMARY KEY,
    workload   TEXT NOT NULL CHECK (workload IN ('endpoint', 'office365', 'cloudapps', 'identity')),
    role_key   TEXT NOT NULL,
    role_name  TEXT NOT NULL,
    user       TEXT REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    group_key  TEXT REFERENCES groups ON DELETE CASCADE ON UPDATE CASCADE,
    scope_all  INTEGER NOT NULL CHECK (scope_all IN (0, 1)),
    not_before INTEGER,
    not_after  INTEGER,
    CHECK ((user IS NULL) <> (group_key IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX assignments_by_role ON assignments (workload, role_key);
CREATE INDEX assignments_by_user ON assignments (user) WHERE user IS NOT NULL;
CREATE INDEX assignments_by_group ON assignments (group_key) WHERE group_key IS NOT NULL;

CREATE TABLE assignment_scope (
    assignment   TEXT NOT NULL REFERENCES assignments ON DELETE CASCADE ON UPDATE CASCADE,
    position     INTEGER NOT NULL,
    device_group TEXT NOT NULL REFERENCES device_groups ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (assignment, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignment_scope_by_device_group ON assignment_scope (device_group);

-- +goose Down
DROP TABLE assignment_scope;
DROP TABLE assignments;
DROP TABLE role_permissions;
DROP TABLE roles;
DROP TABLE device_group_access;
DROP TABLE device_group_matches;
DROP TABLE device_groups;
DROP TABLE group_members;
DROP TABLE groups;
DROP TABLE user_global_roles;
DROP TABLE users;
DROP TABLE policy;
