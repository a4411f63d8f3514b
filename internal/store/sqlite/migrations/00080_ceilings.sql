-- Delegation ceilings, as rbac.Ceiling says them. What a bound names goes with the thing named: it leaves less then.

-- +goose Up
CREATE TABLE ceilings (
    key                   TEXT PRIMARY KEY,
    name                  TEXT NOT NULL,
    description           TEXT NOT NULL,
    all_workloads         INTEGER NOT NULL CHECK (all_workloads IN (0, 1)),
    all_permissions       INTEGER NOT NULL CHECK (all_permissions IN (0, 1)),
    all_device_groups     INTEGER NOT NULL CHECK (all_device_groups IN (0, 1)),
    all_assignable_groups INTEGER NOT NULL CHECK (all_assignable_groups IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE ceiling_users (
    ceiling TEXT NOT NULL REFERENCES ceilings ON DELETE CASCADE ON UPDATE CASCADE,
    user    TEXT NOT NULL REFERENCES users ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (ceiling, user)
) STRICT, WITHOUT ROWID;

CREATE TABLE ceiling_groups (
    ceiling   TEXT NOT NULL REFERENCES ceilings ON DELETE CASCADE ON UPDATE CASCADE,
    bound     INTEGER NOT NULL CHECK (bound IN (0, 1)), -- 1: the ceiling binds it; 0: it may be given roles
    group_key TEXT NOT NULL REFERENCES groups ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (ceiling, bound, group_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE ceiling_device_groups (
    ceiling      TEXT NOT NULL REFERENCES ceilings ON DELETE CASCADE ON UPDATE CASCADE,
    device_group TEXT NOT NULL REFERENCES device_groups ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (ceiling, device_group)
) STRICT, WITHOUT ROWID;

CREATE TABLE ceiling_workloads (
    ceiling  TEXT NOT NULL REFERENCES ceilings ON DELETE CASCADE ON UPDATE CASCADE,
    workload TEXT NOT NULL CHECK (workload IN ('endpoint', 'office365', 'cloudapps', 'identity')),
    PRIMARY KEY (ceiling, workload)
) STRICT, WITHOUT ROWID;

CREATE TABLE ceiling_permissions (
    ceiling    TEXT NOT NULL REFERENCES ceilings ON DELETE CASCADE ON UPDATE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (ceiling, permission)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE ceiling_permissions;
DROP TABLE ceiling_workloads;
DROP TABLE ceiling_device_groups;
DROP TABLE ceiling_groups;
DROP TABLE ceiling_users;
DROP TABLE ceilings;
