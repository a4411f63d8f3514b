-- Roles over several workloads: their workload is 'unified', their assignments name data sources ('all', or workloads
-- with spaces between), and each workload has a state that says whose roles decide in it. Differences are what the
-- unified roles would have said otherwise while a workload was in shadow; allows tells whether they, or the product's own
-- roles, would have allowed it.

-- +goose Up
CREATE TABLE activations (
    workload TEXT PRIMARY KEY CHECK (workload IN ('endpoint', 'office365', 'cloudapps', 'identity')),
    state    TEXT NOT NULL CHECK (state IN ('shadow', 'on'))
) STRICT, WITHOUT ROWID;

CREATE TABLE shadow_differences (
    user         TEXT NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    workload     TEXT NOT NULL CHECK (workload IN ('endpoint', 'office365', 'cloudapps', 'identity')),
    capability   TEXT NOT NULL,
    device_group TEXT NOT NULL,
    allows       TEXT NOT NULL CHECK (allows IN ('own', 'unified')),
    count        INTEGER NOT NULL,
    last         INTEGER NOT NULL,
    PRIMARY KEY (user, workload, capability, device_group, allows)
) STRICT, WITHOUT ROWID;
CREATE INDEX shadow_differences_by_workload ON shadow_differences (workload);

CREATE TABLE roles_with_unified (
    workload    TEXT NOT NULL CHECK (workload IN ('endpoint', 'office365', 'cloudapps', 'identity', 'unified')),
    key         TEXT NOT NULL,
    id          TEXT NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('custom', 'imported')),
    description TEXT NOT NULL,
    PRIMARY KEY (workload, key)
) STRICT, WITHOUT ROWID;
INSERT INTO roles_with_unified SELECT workload, key, id, name, kind, description FROM roles;
CREATE TABLE role_permissions_with_unified (
    workload   TEXT NOT NULL,
    role       TEXT NOT NULL,
    position   INTEGER NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (workload, role, position),
    FOREIGN KEY (workload, role) REFERENCES roles_with_unified ON DELETE CASCADE ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO role_permissions_with_unified SELECT workload, role, position, permission FROM role_permissions;
DROP TABLE role_permissions;
DROP TABLE roles;
ALTER TABLE roles_with_unified RENAME TO roles;
ALTER TABLE role_permissions_with_unified RENAME TO role_permissions;

CREATE TABLE assignments_with_unified (
    id         TEXT PRIMARY KEY,
    workload   TEXT NOT NULL CHECK (workload IN ('endpoint', 'office365', 'cloudapps', 'identity', 'unified')),
    role_key   TEXT NOT NULL,
    role_name  TEXT NOT NULL,
    user       TEXT REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    group_key  TEXT REFERENCES groups ON DELETE CASCADE ON UPDATE CASCADE,
    scope_all  INTEGER NOT NULL CHECK (scope_all IN (0, 1)),
    not_before INTEGER,
    not_after  INTEGER,
    sources    TEXT NOT NULL,
    name       TEXT NOT NULL,
    set_id     TEXT NOT NULL,
    CHECK ((user IS NULL) <> (group_key IS NULL)),
    CHECK ((workload = 'unified') = (sources <> ''))
) STRICT, WITHOUT ROWID;
INSERT INTO assignments_with_unified
    SELECT id, workload, role_key, role_name, user, group_key, scope_all, not_before, not_after, '', '', '' FROM assignments;
CREATE TABLE assignment_scope_with_unified (
    assignment   TEXT NOT NULL REFERENCES assignments_with_unified ON DELETE CASCADE ON UPDATE CASCADE,
    position     INTEGER NOT NULL,
    device_group TEXT NOT NULL REFERENCES device_groups ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (assignment, position)
) STRICT, WITHOUT ROWID;
INSERT INTO assignment_scope_with_unified SELECT assignment, position, device_group FROM assignment_scope;
DROP TABLE assignment_scope;
DROP TABLE assignments;
ALTER TABLE assignments_with_unified RENAME TO assignments;
ALTER TABLE assignment_scope_with_unified RENAME TO assignment_scope;
CREATE INDEX assignments_by_role ON assignments (workload, role_key);
CREATE INDEX assignments_by_user ON assignments (user) WHERE user IS NOT NULL;
CREATE INDEX assignments_by_group ON assignments (group_key) WHERE group_key IS NOT NULL;
CREATE INDEX assignment_scope_by_device_group ON assignment_scope (device_group);

-- +goose Down
-- There is no way back: a program that does not know whose roles decide where would let the wrong ones decide.
SELECT 1;
