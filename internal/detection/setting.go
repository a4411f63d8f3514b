package detection

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/rbac"
)

// Setting is what people say of a detection.
type Setting struct {
	Name       string
	On         bool
	Query      string
	Period     string // see Periods
	AllDevices bool   // its scope; else Groups
	Groups     []string
	Alert      store.DetectionAlert
	Actions    []store.DetectionAction
}

// SettingOf is what was said of a detection.
func SettingOf(d store.Detection) Setting {
	p, _ := PeriodOf(d.Period)
	return Setting{Name: d.Name, On: d.On, Query: d.Query, Period: p.Name, AllDevices: d.AllDevices, Groups: d.Groups, Alert: d.Alert, Actions: d.Actions}
}

// How much there may be of a detection, and of detections.
const (
	mostOwned      = 200 // detections of one owner
	mostQuery      = 32_000
	mostName       = 100
	mostTitle      = 256
	mostText       = 4_000
	mostTechniques = 30
	mostActions    = 10
	mostNamed      = 6 // columns that title and description name
	mostFaults     = 20
)

// Severities are those of alerts, the worst first; Categories what an alert is of.
var (
	Severities = []string{"high", "medium", "low", "informational"}
	Categories = []string{"InitialAccess", "Execution", "Persistence", "PrivilegeEscalation", "DefenseEvasion", "CredentialAccess", "Discovery", "LateralMovement", "Collection",
		"CommandAndControl", "Exfiltration", "Impact", "Malware", "Ransomware", "SuspiciousActivity", "UnwantedSoftware", "Exploit"}
)

var technique = regexp.MustCompile(`^T\d{4}(\.\d{3})?$`)

// fill checks a setting against the policy and the bound query, and writes it into a detection. All that is wrong with it is said at
// once.
func (s *Service) fill(tx store.Reader, a asking, d *store.Detection, set Setting, op string) error {
	var wrong []fault.Detail
	say := func(where, want, problem string, args ...any) {
		wrong = append(wrong, fault.Detail{Where: where, Problem: fmt.Sprintf(problem, args...), Want: want})
	}
	d.Name, d.On = strings.TrimSpace(set.Name), set.On
	if d.Name == "" || utf8.RuneCountInString(d.Name) > mostName || d.Name != oneLine(d.Name, mostName) {
		say("name", "1 to 100 printable characters on one line", "%q", cut(set.Name, mostName))
	}
	period, known := PeriodNamed(set.Period)
	if !known {
		var names []string
		for _, p := range Periods {
			names = append(names, p.Name)
		}
		say("period", "one of "+strings.Join(names, ", ")+" (0: continuously)", "there is no period %q", cut(set.Period, 20))
	}
	if known {
		d.Period = period.Every
	}
	fillScope(a, d, set, say)
	d.Query = set.Query
	b, ok := bind(set.Query, s.Catalog(a.snapshot, a.user, a.at), period, say)
	d.Tables = b.tables
	var err error
	if d.Workloads, err = s.rests(tx, b, a.snapshot.Reach(a.user, rbac.ViewHunting, a.at).Workloads(), say); err != nil {
		return err
	}
	fillAlert(d, set.Alert, b, ok, say)
	fillActions(d, set.Actions, b, ok, say)
	return refusal(op, wrong)
}

func fillScope(a asking, d *store.Detection, set Setting, say sayer) {
	d.AllDevices, d.Groups = set.AllDevices, nil
	switch {
	case set.AllDevices && len(set.Groups) > 0:
		say("scope", "all devices, or device groups", "a detection for all devices names no device groups")
		return
	case set.AllDevices:
		return
	case len(set.Groups) == 0:
		say("scope", "one or more device groups, or all devices", "none: it would look nowhere")
		return
	}
	// Device groups that somebody reaches nothing of are not there for them; an administrator of all reaches all.
	reach := a.snapshot.Reach(a.user, rbac.ManageDetections, a.at)
	var names []string
	for _, g := range a.snapshot.DeviceGroups() {
		if reach.DeviceGroup(g.Name) {
			names = append(names, g.Name)
		}
	}
	for i, name := range set.Groups {
		if strings.EqualFold(name, "UnassignedGroup") {
			name = rbac.UngroupedDevices // as exports call it
		}
		at := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
		switch {
		case at >= 0 && !slices.Contains(d.Groups, names[at]):
			d.Groups = append(d.Groups, names[at])
		case at < 0:
			want := "a device group on which you may set detections"
			if near := catalog.Nearest(name, names); near != "" {
				want += fmt.Sprintf(", perhaps %q", near)
			}
			say(fmt.Sprintf("scope[%d]", i), want, "there is no device group %q for you", cut(name, 80))
		}
	}
	slices.Sort(d.Groups)
}

func fillAlert(d *store.Detection, set store.DetectionAlert, b bound, bound bool, say sayer) {
	set.Title, set.Category = strings.TrimSpace(set.Title), strings.TrimSpace(set.Category)
	text := func(where, text string, most int, needed bool) {
		switch n := utf8.RuneCountInString(text); {
		case needed && n == 0:
			say(where, fmt.Sprintf("1 to %d characters", most), "is missing")
		case n > most:
			say(where, fmt.Sprintf("at most %d characters", most), "has %d", n)
		}
	}
	text("alert.title", set.Title, mostTitle, true)
	if set.Title != oneLine(set.Title, mostTitle) && utf8.RuneCountInString(set.Title) <= mostTitle {
		say("alert.title", "printable characters on one line", "%q", cut(set.Title, mostTitle))
	}
	text("alert.description", set.Description, mostText, false)
	text("alert.recommendedActions", set.Recommended, mostText, false)
	if !slices.Contains(Severities, set.Severity) {
		say("alert.severity", "one of "+strings.Join(Severities, ", "), "there is no severity %q", cut(set.Severity, 40))
	}
	if !slices.Contains(Categories, set.Category) {
		want := "one of " + strings.Join(Categories, ", ")
		if near := catalog.Nearest(set.Category, Categories); near != "" {
			want = "perhaps " + near
		}
		say("alert.category", want, "there is no category %q", cut(set.Category, 40))
	}
	if len(set.Techniques) > mostTechniques {
		say("alert.mitreTechniques", fmt.Sprintf("at most %d", mostTechniques), "%d", len(set.Techniques))
	}
	for i, t := range set.Techniques {
		if !technique.MatchString(t) {
			say(fmt.Sprintf("alert.mitreTechniques[%d]", i), "one like T1566 or T1566.002", "%q", cut(t, 40))
		}
	}
	named := columnsNamed(set.Title + "\n" + set.Description)
	if len(named) > mostNamed {
		say("alert.title", fmt.Sprintf("at most %d columns in title and description", mostNamed), "%d columns are named", len(named))
	}
	for _, name := range named {
		if bound {
			b.knownColumn("alert.title", name, say)
		}
	}
	fillAssets(set.Assets, b, bound, say)
	d.Alert = set
}

func fillAssets(list []store.DetectionAsset, b bound, bound bool, say sayer) {
	if len(list) == 0 {
		say("alert.impactedAssets", "a device, a user or a mailbox, and the column that names it", "none: an alert is about something")
	}
	seen := map[string]bool{}
	for i, a := range list {
		where := fmt.Sprintf("alert.impactedAssets[%d]", i)
		columns, known := AssetKinds[a.Kind]
		switch {
		case !known:
			say(where, "device, user or mailbox", "there is no kind %q", cut(a.Kind, 40))
			continue
		case seen[a.Kind]:
			say(where, "at most one of each kind", "a second %s", a.Kind)
		case !slices.Contains(columns, a.Column):
			want := "one of " + strings.Join(columns, ", ")
			say(where, want, "%q names no %s", cut(a.Column, 80), a.Kind)
		case bound:
			b.knownColumn(where, a.Column, say)
		}
		seen[a.Kind] = true
	}
}

func fillActions(d *store.Detection, list []store.DetectionAction, b bound, bound bool, say sayer) {
	d.Actions = nil
	if len(list) > mostActions {
		say("actions", fmt.Sprintf("at most %d", mostActions), "%d", len(list))
		return
	}
	var names []string
	for _, k := range Actions {
		names = append(names, k.Name)
	}
	for i, a := range list {
		where := fmt.Sprintf("actions[%d]", i)
		k, known := actionKind(a.Name)
		if !known {
			want := "one of " + strings.Join(names, ", ")
			if near := catalog.Nearest(a.Name, names); near != "" {
				want = "perhaps " + near
			}
			say(where, want, "there is no action %q that the Action centre does", cut(a.Name, 60))
			continue
		}
		if slices.ContainsFunc(d.Actions, func(o store.DetectionAction) bool { return o.Name == a.Name }) {
			say(where, "each action once", "%s stands twice", k.Name)
		}
		switch {
		case k.Isolation && a.Isolation == "":
			a.Isolation = "full"
		case k.Isolation && a.Isolation != "full" && a.Isolation != "selective":
			say(where, "full or selective", "there is no isolation %q", cut(a.Isolation, 40))
		case !k.Isolation && a.Isolation != "":
			say(where, "leave it out", "%s has no isolation", k.Name)
		}
		for _, choice := range k.Columns {
			if n := len(slices.DeleteFunc(slices.Clone(a.Columns), func(c string) bool { return !slices.Contains(choice, c) })); n != 1 {
				say(where, "one of "+strings.Join(choice, ", "), "%s takes one column for what it acts on, and %d are named", k.Title, n)
			}
		}
		for _, c := range a.Columns {
			if !slices.ContainsFunc(k.Columns, func(choice []string) bool { return slices.Contains(choice, c) }) {
				say(where, "leave it out", "%s does nothing with %q", k.Title, cut(c, 60))
			} else if bound {
				b.knownColumn(where, c, say)
			}
		}
		d.Actions = append(d.Actions, a)
	}
}
