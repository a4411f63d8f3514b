-- +goose Up

-- Threat analytics: what analysts wrote. What it means here is counted when somebody reads it.
CREATE TABLE reports (
    id        TEXT    PRIMARY KEY,
    title     TEXT    NOT NULL,
    type      TEXT    NOT NULL,
    severity  TEXT    NOT NULL,
    published INTEGER NOT NULL,
    updated   INTEGER NOT NULL,
    body      TEXT    NOT NULL, -- JSON, all but the content
    content   TEXT    NOT NULL
) STRICT;

-- By which names a report means alerts and messages, in lower case.
CREATE TABLE report_detections (
    name   TEXT NOT NULL,
    report TEXT NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    PRIMARY KEY (name, report)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_detections_report ON report_detections (report);

CREATE TABLE report_mitigations (
    report        TEXT NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    mitigation    TEXT NOT NULL,
    configuration TEXT NOT NULL,
    cve           TEXT NOT NULL,
    PRIMARY KEY (report, mitigation)
) STRICT, WITHOUT ROWID;

-- The alerts that bear one of the names. Found when the one or the other comes in.
CREATE TABLE report_alerts (
    report TEXT    NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    alert  INTEGER NOT NULL REFERENCES alerts (n) ON DELETE CASCADE,
    PRIMARY KEY (report, alert)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_alerts_alert ON report_alerts (alert);

-- Mailboxes and users that those alerts are about.
CREATE TABLE related_accounts (
    alert INTEGER NOT NULL REFERENCES alerts (n) ON DELETE CASCADE,
    kind  TEXT    NOT NULL,
    name  TEXT    NOT NULL,
    PRIMARY KEY (alert, kind, name)
) STRICT, WITHOUT ROWID;

-- What devices are open to. Who may know a row depends on the group that its device is in now, so that is asked of devices (S7).
CREATE TABLE tvm_vulnerabilities (
    device   TEXT    NOT NULL,
    cve      TEXT    NOT NULL,
    vendor   TEXT    NOT NULL,
    software TEXT    NOT NULL,
    version  TEXT    NOT NULL,
    severity TEXT    NOT NULL,
    fix      TEXT    NOT NULL,
    seen     INTEGER NOT NULL,
    PRIMARY KEY (device, cve, vendor, software, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX tvm_vulnerabilities_cve ON tvm_vulnerabilities (cve, device);

CREATE TABLE tvm_configurations (
    device        TEXT    NOT NULL,
    configuration TEXT    NOT NULL,
    applicable    INTEGER NOT NULL,
    compliant     INTEGER NOT NULL,
    seen          INTEGER NOT NULL,
    PRIMARY KEY (device, configuration)
) STRICT, WITHOUT ROWID;
CREATE INDEX tvm_configurations_configuration ON tvm_configurations (configuration, applicable, compliant, device);

CREATE TABLE tvm_vulnerability_kb (
    cve         TEXT    PRIMARY KEY,
    severity    TEXT    NOT NULL,
    description TEXT    NOT NULL,
    cvss        REAL    NOT NULL,
    exploit     INTEGER NOT NULL,
    published   INTEGER,
    modified    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE tvm_configuration_kb (
    id          TEXT    PRIMARY KEY,
    name        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    risk        TEXT    NOT NULL,
    category    TEXT    NOT NULL,
    remediation TEXT    NOT NULL,
    impact      REAL    NOT NULL,
    seen        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Messages in which something was found.
CREATE TABLE mails (
    n         INTEGER PRIMARY KEY,
    message   TEXT    NOT NULL,
    recipient TEXT    NOT NULL,
    sender    TEXT    NOT NULL,
    subject   TEXT    NOT NULL,
    direction TEXT    NOT NULL,
    action    TEXT    NOT NULL,
    location  TEXT    NOT NULL,
    types     TEXT    NOT NULL,
    threats   TEXT    NOT NULL, -- a JSON list
    methods   TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    UNIQUE (message, recipient)
) STRICT;

-- And what: names in lower case.
CREATE TABLE mail_threats (
    name TEXT    NOT NULL,
    mail INTEGER NOT NULL REFERENCES mails (n) ON DELETE CASCADE,
    at   INTEGER NOT NULL,
    PRIMARY KEY (name, at, mail)
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_threats_mail ON mail_threats (mail);

-- Whether any message has come, clean ones too: before that nothing is known, which is not the same as none.
CREATE TABLE mail_seen (
    seen INTEGER NOT NULL
) STRICT;
INSERT INTO mail_seen VALUES (0);

-- +goose Down
DROP TABLE mail_seen;
DROP TABLE mail_threats;
DROP TABLE mails;
DROP TABLE tvm_configuration_kb;
DROP TABLE tvm_vulnerability_kb;
DROP TABLE tvm_configurations;
DROP TABLE tvm_vulnerabilities;
DROP TABLE related_accounts;
DROP TABLE report_alerts;
DROP TABLE report_mitigations;
DROP TABLE report_detections;
DROP TABLE reports;
