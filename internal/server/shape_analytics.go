package server

import (
	"slices"

	"github.com/bailiwick/bailiwick/internal/analytics"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// The shapes of Threat analytics. The command line, which works on the data itself, too, tells the same in the same form.

func accessOf(p analytics.Part) api.AnalyticsAccess {
	return api.AnalyticsAccess{
		Allowed: p.Allowed(), Workloads: orEmpty(p.Workloads), SomeDevices: p.SomeDevices,
		Lacks: each(p.Lacks, func(l analytics.Lack) api.AnalyticsLack {
			return api.AnalyticsLack{Workload: l.Workload, Capability: l.Capability, Needs: l.Needs}
		}),
	}
}

// ThreatReport is a report as the API tells it. A number that the reader may not know, or that nobody knows, is not written: it is no zero.
func ThreatReport(i analytics.Item) api.ThreatReport {
	b := i.Body
	out := api.ThreatReport{
		ID: i.ID, Title: i.Title, Type: i.Type, Severity: i.Severity, Published: i.Published, Updated: i.Updated, Summary: b.Summary, Content: b.Content,
		Tags: orEmpty(b.Tags), Techniques: orEmpty(b.Techniques), Actors: orEmpty(b.Actors), Detections: orEmpty(b.Detections),
		Alerts: api.ReportAlerts{Access: accessOf(i.Alerts.Part)}, Incidents: api.ReportIncidents{Access: accessOf(i.Incidents.Part)}, Assets: api.ReportAssets{Access: accessOf(i.Assets.Part)},
		Exposure: api.ReportExposure{Access: accessOf(i.Exposure.Part)}, Mail: api.ReportMail{Access: accessOf(i.Mail.Part)},
		Mitigations: each(i.Mitigations, func(m analytics.Mitigation) api.ReportMitigation { return mitigationOf(m, i.Exposure.Allowed()) }),
	}
	if i.Alerts.Allowed() {
		out.Alerts.Numbers = &api.ReportAlertNumbers{Active: i.Alerts.Active, Resolved: i.Alerts.Resolved, Days: each(i.Alerts.Days, func(d analytics.AlertDay) api.ReportAlertDay {
			return api.ReportAlertDay{Date: d.Date, Active: d.Active, Resolved: d.Resolved}
		})}
		out.Assets.Numbers = &api.ReportAssetNumbers{Devices: counted(i.Assets, rbac.Endpoint, i.Assets.Devices), Mailboxes: counted(i.Assets, rbac.Office365, i.Assets.Mailboxes), Users: i.Assets.Users, Days: each(i.Assets.Days, func(d analytics.AssetDay) api.ReportAssetDay {
			return api.ReportAssetDay{Date: d.Date, Devices: d.Devices, Mailboxes: d.Mailboxes, Users: d.Users}
		})}
	}
	if i.Incidents.Counted {
		out.Incidents.Numbers = &api.ReportIncidentNumbers{Total: i.Incidents.Total}
	}
	if e := i.Exposure; e.Allowed() {
		out.Exposure.Level = string(e.Level)
		if e.Level != analytics.NotMeasured && e.Level != analytics.NoData {
			out.Exposure.Numbers = exposureOf(i.Body.Mitigations, e)
		}
	}
	if m := i.Mail; m.Allowed() {
		if out.Mail.NoData = !m.Known; m.Known {
			out.Mail.Numbers = &api.ReportMailNumbers{Blocked: m.Blocked, Junked: m.Junked, Days: each(m.Days, func(d analytics.MailDay) api.ReportMailDay {
				return api.ReportMailDay{Date: d.Date, Blocked: d.Blocked, Junked: d.Junked}
			})}
		}
	}
	return out
}

// counted is a number of assets of which the alerts of one product tell: none of them where that is not part of the reader's access is no zero.
func counted(a analytics.Assets, product rbac.Workload, n int64) *int64 {
	if n == 0 && !slices.Contains(a.Workloads, product) {
		return nil
	}
	return &n
}

// exposureOf writes what is known of devices: a kind of which the report names nothing is not counted, which is no zero.
func exposureOf(asked []store.Mitigation, e analytics.Exposure) *api.ReportExposureNumbers {
	out := &api.ReportExposureNumbers{Exposed: e.Exposed, Checked: e.Checked}
	for _, m := range asked {
		if m.CVE != "" {
			out.Vulnerable = &e.Vulnerable
		}
		if m.Configuration != "" {
			out.Misconfigured = &e.Misconfigured
		}
	}
	return out
}

func mitigationOf(m analytics.Mitigation, allowed bool) api.ReportMitigation {
	out := api.ReportMitigation{
		ID: m.ID, Title: m.Title, Description: m.Description, ConfigurationID: m.Configuration, CveID: m.CVE, Measured: m.Measured,
		Severity: m.Severity, Cvss: m.CVSS, Exploit: m.Exploit, Advice: m.Advice,
	}
	if allowed && m.Measured {
		if out.NoData = !m.Known; m.Known {
			out.Numbers = &api.ReportExposureNumbers{Exposed: m.Exposed, Checked: m.Checked}
		}
	}
	return out
}

// WholeThreatReport is one by itself, with what its reader may do with it.
func WholeThreatReport(i analytics.Item) api.ThreatReport {
	out := ThreatReport(i)
	out.Actions = api.Actions{"remove": {Allowed: i.Removal == "", Reason: i.Removal, Capability: rbac.ManageSettings}}
	return out
}

// RelatedIncident is an incident of a report's alerts.
func RelatedIncident(i analytics.Incident) api.ReportIncident {
	return api.ReportIncident{ID: i.ID, Name: i.Name, Severity: i.Severity, Status: i.Status, Alerts: i.Alerts, Partial: i.Partial, LastUpdateDateTime: i.Updated}
}

// ImpactedAsset is what a report's alerts are about.
func ImpactedAsset(a store.Asset) api.ReportAsset {
	return api.ReportAsset{Kind: a.Kind, ID: a.ID, Name: a.Name, DeviceGroup: a.DeviceGroup, Alerts: a.Alerts, ActiveAlerts: a.Active, FirstDateTime: a.First, LastDateTime: a.Last}
}

// ExposedDevice is a device on which a mitigation is missing.
func ExposedDevice(d store.ExposedDevice) api.ExposedDevice {
	return api.ExposedDevice{ID: d.ID, Name: d.Name, DeviceGroup: d.DeviceGroup, Mitigations: orEmpty(d.Mitigations), Software: orEmpty(d.Software), Severity: d.Severity, SeenDateTime: d.Seen}
}

// PreventedMail is a message that was kept from its recipient.
func PreventedMail(m store.Mail) api.PreventedMail {
	return api.PreventedMail{
		NetworkMessageID: m.Message, Recipient: m.Recipient, Sender: m.Sender, Subject: m.Subject, Direction: m.Direction, Action: m.Action, Location: m.Location,
		ThreatTypes: m.ThreatTypes, Threats: orEmpty(m.Threats), DetectionMethods: m.Methods, DateTime: m.At,
	}
}
