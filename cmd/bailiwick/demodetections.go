package main

import (
	"context"
	"time"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/detection"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// demoDetections are what people of three teams have the demo ask. The first run of each is a while off, so that the queue is at first
// what the demo's data make it; "Run now" does not wait for it.
var demoDetections = []struct {
	owner string
	set   detection.Setting
}{
	{"emil@contoso.example", detection.Setting{
		Name: "Shadow copies deleted", On: true, Period: "1H", Groups: []string{"EU servers", "EU workstations"},
		Query: "DeviceProcessEvents\n| where FileName =~ \"vssadmin.exe\" and ProcessCommandLine has_all (\"delete\", \"shadows\")\n| project Timestamp, DeviceId, ReportId, DeviceName, AccountName, AccountDomain, FileName, ProcessCommandLine",
		Alert: store.DetectionAlert{
			Title: "Shadow copies deleted on {{DeviceName}}", Description: "{{AccountName}} ran {{ProcessCommandLine}}: the step before encrypting.", Severity: "high", Category: "Impact",
			Techniques: []string{"T1490"}, Recommended: "1. Isolate the device.\n2. Look for what else its user has started.\n3. Check the backups.",
			Assets: []store.DetectionAsset{{Kind: "device", Column: "DeviceId"}},
		},
		Actions: []store.DetectionAction{{Name: "isolateDevice", Columns: []string{"DeviceId"}, Isolation: "full"}},
	}},
	{"enzo@contoso.example", detection.Setting{
		Name: "Encoded PowerShell from Office", On: true, Period: "24H", AllDevices: true,
		Query: "DeviceProcessEvents\n| where FileName in~ (\"powershell.exe\", \"pwsh.exe\") and ProcessCommandLine has_any (\"-enc\", \"-encodedcommand\")\n| where InitiatingProcessFileName in~ (\"winword.exe\", \"excel.exe\", \"powerpnt.exe\")\n| project Timestamp, DeviceId, ReportId, DeviceName, AccountName, AccountDomain, FileName, InitiatingProcessFileName, ProcessCommandLine",
		Alert: store.DetectionAlert{
			Title: "Encoded PowerShell on {{DeviceName}}", Description: "Started by {{InitiatingProcessFileName}}.", Severity: "medium", Category: "Execution", Techniques: []string{"T1059.001", "T1027"},
			Assets: []store.DetectionAsset{{Kind: "device", Column: "DeviceId"}, {Kind: "user", Column: "AccountName"}},
		},
	}},
	{"chloe@contoso.example", detection.Setting{
		Name: "Inbox rule that forwards", On: true, Period: "0", AllDevices: true,
		Query: "CloudAppEvents\n| where ActionType == \"New-InboxRule\"\n| project Timestamp, ReportId, AccountObjectId, AccountId, RuleName = ObjectName, IPAddress, CountryCode",
		Alert: store.DetectionAlert{
			Title: "A new inbox rule forwards mail", Description: "Made by {{AccountId}} from {{CountryCode}}.", Severity: "medium", Category: "Collection", Techniques: []string{"T1114.003"},
			Assets: []store.DetectionAsset{{Kind: "user", Column: "AccountObjectId"}},
		},
	}},
}

// lapsed is what Conrad set up while he worked here. His assignment has ended since, so it pauses, and says why.
var lapsed = store.Detection{
	ID: "det_lapsed", DetectorID: "custom_lapsed", Name: "Services made from temporary folders", On: true, Owner: "conrad@contoso.example", Period: 24 * time.Hour, Groups: []string{"EU servers"},
	Query: "DeviceEvents\n| where ActionType == \"ServiceInstalled\" and FolderPath has @\"\\Temp\\\"\n| project Timestamp, DeviceId, ReportId, DeviceName, FileName, FolderPath",
	Alert: store.DetectionAlert{
		Title: "A service runs from a temporary folder on {{DeviceName}}", Severity: "high", Category: "Persistence", Techniques: []string{"T1543.003"},
		Assets: []store.DetectionAsset{{Kind: "device", Column: "DeviceId"}},
	},
	Tables: []string{"DeviceEvents"}, Workloads: rbac.SetOf(rbac.Endpoint), CreatedBy: "conrad@contoso.example", UpdatedBy: "conrad@contoso.example",
}

// fillDetections makes the demo's custom detections.
func (p *program) fillDetections(ctx context.Context, c *centre, actor audit.Actor) error {
	now := p.now().UTC().Truncate(time.Microsecond)
	for _, d := range demoDetections {
		made, err := c.detection.Create(ctx, actor, d.owner, d.set)
		if err != nil {
			return err
		}
		turn := made.Turn
		turn.To, turn.Due = now.Add(time.Hour), now.Add(time.Hour)
		if err := c.store.Change(ctx, func(tx store.Writer) error { return tx.TakeTurn(made.ID, turn) }); err != nil {
			return err
		}
	}
	return c.door.Change(ctx, actor, "detections.create", func(tx store.Writer, rec *audit.Record) error {
		d := lapsed
		d.Created, d.Updated, d.QueryUpdated = now.AddDate(0, 0, -1), now.AddDate(0, 0, -1), now.AddDate(0, 0, -1)
		rec.Object, rec.Workload, rec.After = "custom detection:"+d.ID, rbac.Other, map[string]string{"name": d.Name, "owner": d.Owner}
		if err := tx.PutDetection(d); err != nil {
			return err
		}
		return tx.TakeTurn(d.ID, store.DetectionTurn{From: now.AddDate(0, 0, -30), To: now, Due: now})
	})
}
