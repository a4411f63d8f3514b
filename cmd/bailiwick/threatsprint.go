package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/analytics"
	"github.com/bailiwick/bailiwick/internal/server/api"
	"github.com/bailiwick/bailiwick/rbac"
)

// notYours stands where a part of a report is not part of the reader's access: never a number.
const notYours = "not part of your access"

func printThreats(w io.Writer, list api.ThreatReportList) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "id\tseverity\tupdated\talerts\tassets\texposure\tprevented mail\ttitle")
	hidden := false
	cell := func(access api.AnalyticsAccess, text string) string {
		if access.Allowed {
			return text
		}
		hidden = true
		return "-"
	}
	for _, r := range list.Items {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ID, r.Severity, r.Updated.UTC().Format(time.DateOnly),
			cell(r.Alerts.Access, threatAlerts(r)), cell(r.Assets.Access, threatAssetCount(r)), cell(r.Exposure.Access, threatExposure(r)), cell(r.Mail.Access, threatMails(r)), oneLine(r.Title))
	}
	_ = t.Flush()
	if hidden {
		fmt.Fprintln(w, "- is "+notYours)
	}
	restOf(w, len(list.Items), list.Total)
}

// restOf says that a list goes on.
func restOf(w io.Writer, shown int, total int64) {
	if int64(shown) < total {
		fmt.Fprintf(w, "%d of %d\n", shown, total)
	}
}

func threatAlerts(r api.ThreatReport) string {
	n := r.Alerts.Numbers
	if n == nil {
		return ""
	}
	return fmt.Sprintf("%d active, %d resolved", n.Active, n.Resolved)
}

func threatAssetCount(r api.ThreatReport) string {
	n := r.Assets.Numbers
	if n == nil {
		return ""
	}
	sum := n.Users
	for _, some := range []*int64{n.Devices, n.Mailboxes} {
		if some != nil {
			sum += *some
		}
	}
	return fmt.Sprint(sum)
}

func threatExposure(r api.ThreatReport) string {
	switch n := r.Exposure.Numbers; {
	case r.Exposure.Level == string(analytics.NotMeasured):
		return "not measured"
	case n == nil:
		return "no data"
	default:
		return fmt.Sprintf("%s, %d of %s", r.Exposure.Level, n.Exposed, countOf(n.Checked, "device", "devices"))
	}
}

func threatMails(r api.ThreatReport) string {
	n := r.Mail.Numbers
	if n == nil {
		return "no data"
	}
	return fmt.Sprintf("%d blocked, %d junked", n.Blocked, n.Junked)
}

func printThreat(w io.Writer, r api.ThreatReport) {
	fmt.Fprintf(w, "%s  %s\n", oneLine(r.Title), r.Severity)
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(w, "  %-14s %s\n", name, oneLine(text))
		}
	}
	line("id", r.ID)
	line("type", r.Type)
	line("published", r.Published.UTC().Format(time.RFC3339))
	line("updated", r.Updated.UTC().Format(time.RFC3339))
	for _, l := range []struct {
		name  string
		texts []string
	}{{"tags", r.Tags}, {"actors", r.Actors}, {"techniques", r.Techniques}, {"detections", r.Detections}} {
		line(l.name, strings.Join(l.texts, ", "))
	}
	line("summary", r.Summary)
	part := func(name string, access api.AnalyticsAccess, text string) {
		if !access.Allowed {
			text = notYours
		} else if where := threatWhere(access); where != "" {
			text += " (" + where + ")"
		}
		line(name, text)
		for _, l := range access.Lacks {
			line("", catalog.WorkloadTitle(l.Workload)+": "+l.Needs)
		}
	}
	part("alerts", r.Alerts.Access, threatAlerts(r))
	incidents := ""
	if n := r.Incidents.Numbers; n != nil {
		incidents = fmt.Sprint(n.Total)
	}
	part("incidents", r.Incidents.Access, incidents)
	assets := ""
	if n := r.Assets.Numbers; n != nil {
		var kinds []string
		if n.Devices != nil {
			kinds = append(kinds, countOf(*n.Devices, "device", "devices"))
		}
		if n.Mailboxes != nil {
			kinds = append(kinds, countOf(*n.Mailboxes, "mailbox", "mailboxes"))
		}
		assets = strings.Join(append(kinds, countOf(n.Users, "user", "users")), ", ")
	}
	part("assets", r.Assets.Access, assets)
	exposure := threatExposure(r)
	if n := r.Exposure.Numbers; n != nil {
		if n.Vulnerable != nil {
			exposure += fmt.Sprintf(", %d vulnerable", *n.Vulnerable)
		}
		if n.Misconfigured != nil {
			exposure += fmt.Sprintf(", %d misconfigured", *n.Misconfigured)
		}
	}
	part("exposure", r.Exposure.Access, exposure)
	part("prevented mail", r.Mail.Access, threatMails(r))
	if len(r.Mitigations) > 0 {
		fmt.Fprintln(w, "  mitigations")
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, m := range r.Mitigations {
		fmt.Fprintf(t, "    %s\t%s\t%s\n", m.ID, threatMitigation(m, r.Exposure.Access.Allowed), oneLine(m.Title))
	}
	_ = t.Flush()
}

// threatWhere says of what the numbers of a part are, if it is not everything.
func threatWhere(access api.AnalyticsAccess) string {
	var names []string
	for _, workload := range access.Workloads {
		name := catalog.WorkloadTitle(workload)
		if workload == rbac.Endpoint && access.SomeDevices {
			name += ", on the device groups that you reach"
		}
		names = append(names, name)
	}
	if len(access.Lacks) == 0 && !access.SomeDevices {
		return ""
	}
	return strings.Join(names, "; ")
}

func threatMitigation(m api.ReportMitigation, allowed bool) string {
	switch {
	case !m.Measured:
		return "not measured"
	case !allowed:
		return "-"
	case m.Numbers == nil:
		return "no data"
	}
	return fmt.Sprintf("missing on %d of %d", m.Numbers.Exposed, m.Numbers.Checked)
}

func countOf(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// printThreatText writes what the analysts wrote, line by line, so that nothing of it draws on the terminal.
func printThreatText(w io.Writer, r api.ThreatReport) {
	fmt.Fprintln(w)
	for line := range strings.Lines(r.Content) {
		fmt.Fprintln(w, oneLine(strings.TrimRight(line, "\r\n")))
	}
}

func printThreatIncidents(w io.Writer, list api.ReportIncidentList) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, i := range list.Items {
		part := ""
		if i.Partial {
			part = "you see a part of it"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", i.ID, i.Severity, i.Status, countOf(i.Alerts, "alert", "alerts"), oneLine(i.Name), part)
	}
	_ = t.Flush()
	restOf(w, len(list.Items), list.Total)
}

func printThreatAssets(w io.Writer, list api.ReportAssetList) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, a := range list.Items {
		fmt.Fprintf(t, "%s\t%s\t%s, %d active\tlast %s\n", oneLine(cmp.Or(a.Name, a.ID)), oneLine(a.DeviceGroup), countOf(a.Alerts, "alert", "alerts"), a.ActiveAlerts, a.LastDateTime.UTC().Format(time.RFC3339))
	}
	_ = t.Flush()
	restOf(w, len(list.Items), list.Total)
}

func printThreatDevices(w io.Writer, list api.ExposedDeviceList) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, d := range list.Items {
		fmt.Fprintf(t, "%s\t%s\tlacks %s\t%s\t%s\n", oneLine(cmp.Or(d.Name, d.ID)), oneLine(d.DeviceGroup), strings.Join(d.Mitigations, ", "), oneLine(strings.Join(d.Software, ", ")), d.Severity)
	}
	_ = t.Flush()
	restOf(w, len(list.Items), list.Total)
}

func printThreatMail(w io.Writer, list api.PreventedMailList) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, m := range list.Items {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", m.DateTime.UTC().Format(time.RFC3339), m.Action, oneLine(m.Sender), oneLine(m.Recipient), oneLine(m.Subject), oneLine(strings.Join(m.Threats, ", ")))
	}
	_ = t.Flush()
	restOf(w, len(list.Items), list.Total)
}
