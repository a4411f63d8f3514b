-- +goose Up

-- Custom detections: queries that are asked again and again. What no list is filtered by stands in body.
CREATE TABLE detections (
    id          TEXT    PRIMARY KEY,
    key         TEXT    NOT NULL, -- the name, in lower case; two may have one: who makes one must not learn of others
    name        TEXT    NOT NULL,
    on_         INTEGER NOT NULL,
    owner       TEXT    NOT NULL,
    all_devices INTEGER NOT NULL,
    paused      TEXT    NOT NULL, -- why; '': it is not
    body        TEXT    NOT NULL,

    -- Whose turn it is, and until when: of several servers one runs a window.
    window_from INTEGER NOT NULL,
    window_to   INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    holder      TEXT    NOT NULL,
    holds_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX detections_due ON detections (due) WHERE on_ = 1 AND paused = '';

-- A device group that gets another name keeps its detections; one that goes leaves them.
CREATE TABLE detection_device_groups (
    detection    TEXT NOT NULL REFERENCES detections ON DELETE CASCADE,
    device_group TEXT NOT NULL REFERENCES device_groups ON DELETE CASCADE ON UPDATE CASCADE,
    PRIMARY KEY (detection, device_group)
) STRICT, WITHOUT ROWID;

-- What came of each window; none is run to its end twice.
CREATE TABLE detection_runs (
    detection TEXT    NOT NULL REFERENCES detections ON DELETE CASCADE,
    window_to INTEGER NOT NULL,
    started   INTEGER NOT NULL,
    body      TEXT    NOT NULL,
    PRIMARY KEY (detection, window_to)
) STRICT, WITHOUT ROWID;
CREATE INDEX detection_runs_started ON detection_runs (detection, started, window_to);

-- Matches that have made an alert: windows overlap, and none makes a second one.
CREATE TABLE detection_matches (
    detection TEXT    NOT NULL REFERENCES detections ON DELETE CASCADE,
    match     TEXT    NOT NULL,
    until     INTEGER NOT NULL,
    PRIMARY KEY (detection, match)
) STRICT, WITHOUT ROWID;
CREATE INDEX detection_matches_until ON detection_matches (until);

-- A row may name a device by its name alone.
CREATE INDEX devices_name ON devices (lower(name));

-- +goose Down
DROP INDEX devices_name;
DROP TABLE detection_matches;
DROP TABLE detection_runs;
DROP TABLE detection_device_groups;
DROP TABLE detections;
