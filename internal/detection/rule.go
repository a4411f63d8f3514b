package detection

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/catalog"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
	"github.com/bailiwick/bailiwick/internal/strictjson"
	"github.com/bailiwick/bailiwick/rbac"
)

// Rule is a detection as Microsoft Graph's beta writes it (detectionRule).
type Rule struct {
	Context     string     `json:"@odata.context,omitempty"`
	Type        string     `json:"@odata.type,omitempty"`
	ID          string     `json:"id,omitempty"`
	DisplayName string     `json:"displayName"`
	IsEnabled   bool       `json:"isEnabled"`
	CreatedBy   string     `json:"createdBy,omitempty"`
	Created     *time.Time `json:"createdDateTime,omitempty"`
	ModifiedBy  string     `json:"lastModifiedBy,omitempty"`
	Modified    *time.Time `json:"lastModifiedDateTime,omitempty"`
	DetectorID  string     `json:"detectorId,omitempty"`
	Condition   struct {
		QueryText string     `json:"queryText"`
		Modified  *time.Time `json:"lastModifiedDateTime,omitempty"`
		Type      string     `json:"@odata.type,omitempty"`
	} `json:"queryCondition"`
	Schedule struct {
		Period string     `json:"period"`
		Next   *time.Time `json:"nextRunDateTime,omitempty"`
		Type   string     `json:"@odata.type,omitempty"`
	} `json:"schedule"`
	LastRun *RuleRun `json:"lastRunDetails,omitempty"`
	Action  struct {
		Type     string       `json:"@odata.type,omitempty"`
		Template RuleTemplate `json:"alertTemplate"`
		Scope    *RuleScope   `json:"organizationalScope"`
		Actions  []RuleAction `json:"responseActions"`
	} `json:"detectionAction"`
}

// RuleRun is the last run of a Rule.
type RuleRun struct {
	At            *time.Time `json:"lastRunDateTime"`
	Status        string     `json:"status"`
	FailureReason *string    `json:"failureReason"`
	ErrorCode     *string    `json:"errorCode"`
	Type          string     `json:"@odata.type,omitempty"`
}

// RuleTemplate is what alerts of a Rule say.
type RuleTemplate struct {
	Type        string      `json:"@odata.type,omitempty"`
	Title       string      `json:"title"`
	Description string      `json:"description"`
	Severity    string      `json:"severity"`
	Category    string      `json:"category"`
	Recommended string      `json:"recommendedActions"`
	Techniques  []string    `json:"mitreTechniques"`
	Assets      []RuleAsset `json:"impactedAssets"`
}

// RuleAsset is what an alert is about, and RuleAction what is asked for with it.
type (
	RuleAsset struct {
		Type       string `json:"@odata.type"`
		Identifier string `json:"identifier"`
	}
	RuleAction struct {
		Type       string   `json:"@odata.type"`
		Identifier string   `json:"identifier"`
		Isolation  string   `json:"isolationType,omitempty"`
		Groups     []string `json:"deviceGroupNames,omitempty"`
	}
	RuleScope struct {
		Type  string   `json:"scopeType"`
		Names []string `json:"scopeNames"`
		OData string   `json:"@odata.type,omitempty"`
	}
)

const graphType = "#microsoft.graph.security."

// RuleOf writes a detection as Graph does. What it found last is told by who may know it.
func RuleOf(i Item) Rule {
	d := i.Detection
	p, _ := PeriodOf(d.Period)
	r := Rule{
		Type: graphType + "detectionRule", ID: d.ID, DisplayName: d.Name, IsEnabled: d.On, CreatedBy: d.CreatedBy, Created: when(d.Created), ModifiedBy: d.UpdatedBy, Modified: when(d.Updated),
		DetectorID: d.DetectorID,
	}
	r.Condition.QueryText, r.Condition.Modified = d.Query, when(d.QueryUpdated)
	if r.Schedule.Period = p.Name; d.On && d.Paused == "" {
		r.Schedule.Next = when(d.Turn.Due)
	}
	if !d.Last.Started.IsZero() || d.Paused != "" {
		r.LastRun = &RuleRun{At: when(d.Last.Started), Status: graphStatus(d.Last.Status)}
		if d.Last.Error != "" {
			r.LastRun.FailureReason, r.LastRun.ErrorCode = &d.Last.Error, &d.Last.ErrorCode
		}
		if d.Paused != "" {
			why, code := "paused: "+d.Paused, codeFailed
			r.LastRun.Status, r.LastRun.FailureReason, r.LastRun.ErrorCode = Failed, &why, &code
		}
	}
	t := &r.Action.Template
	*t = RuleTemplate{Title: d.Alert.Title, Description: d.Alert.Description, Severity: d.Alert.Severity, Category: d.Alert.Category, Recommended: d.Alert.Recommended,
		Techniques: append([]string{}, d.Alert.Techniques...), Assets: []RuleAsset{}}
	for _, a := range d.Alert.Assets {
		t.Assets = append(t.Assets, RuleAsset{graphType + "impacted" + strings.ToUpper(a.Kind[:1]) + a.Kind[1:] + "Asset", IdentifierOf(a.Column)})
	}
	if !d.AllDevices {
		r.Action.Scope = &RuleScope{Type: "deviceGroup", Names: append([]string{}, d.Groups...)}
	}
	r.Action.Actions = []RuleAction{}
	for _, a := range d.Actions {
		var names []string
		for _, c := range a.Columns {
			names = append(names, IdentifierOf(c))
		}
		r.Action.Actions = append(r.Action.Actions, RuleAction{Type: graphType + a.Name + "ResponseAction", Identifier: strings.Join(names, ","), Isolation: a.Isolation})
	}
	return r
}

// graphStatus is a status as Graph has it: it knows nothing that was left out.
func graphStatus(status string) string {
	if status == Skipped {
		return Failed
	}
	return status
}

func when(t time.Time) *time.Time {
	if t.IsZero() || t.UnixNano() == 0 {
		return nil
	}
	return &t
}

// ReadRule reads a detection as Graph writes it. What only the centre says of it - who made it, when it runs - is passed over, and what
// is not understood is refused.
func ReadRule(text []byte) (Setting, error) {
	r, err := decodeRule(text)
	if err != nil {
		return Setting{}, err
	}
	return r.setting()
}

// ReadRulePatch is ReadRule of what is to become of a detection: nested objects are merged, lists replaced, and null takes away.
func ReadRulePatch(i Item, text []byte) (Setting, error) {
	if _, err := decodeRule(text); err != nil { // a name in other letters must not pass for one, and change nothing
		return Setting{}, err
	}
	was, err := json.Marshal(RuleOf(i))
	if err != nil {
		return Setting{}, err
	}
	var base, patch map[string]any
	if err := json.Unmarshal(was, &base); err != nil {
		return Setting{}, err
	}
	if err := json.Unmarshal(text, &patch); err != nil {
		return Setting{}, err
	}
	merge(base, patch)
	merged, err := json.Marshal(base)
	if err != nil {
		return Setting{}, err
	}
	return ReadRule(merged)
}

func merge(into, patch map[string]any) {
	for name, value := range patch {
		inner, ok := value.(map[string]any)
		if was, has := into[name].(map[string]any); ok && has {
			merge(was, inner)
			continue
		}
		into[name] = value
	}
}

// decodeRule reads a rule whose names are spelled as Graph spells them, each once.
func decodeRule(text []byte) (Rule, error) {
	var r Rule
	err := strictjson.Read(text, &r)
	if wrong, is := errors.AsType[*strictjson.Wrong](err); is {
		return r, fault.Invalid("read the detection rule", "%s", wrong).WithDetails(fault.Detail{Where: wrong.Where, Problem: wrong.Problem})
	}
	return r, err
}

func (r Rule) setting() (Setting, error) {
	var wrong []fault.Detail
	t := r.Action.Template
	s := Setting{Name: r.DisplayName, On: r.IsEnabled, Query: r.Condition.QueryText, Period: strings.ToUpper(r.Schedule.Period), AllDevices: r.Action.Scope == nil}
	s.Alert = store.DetectionAlert{Title: t.Title, Description: t.Description, Severity: strings.ToLower(t.Severity), Category: t.Category, Recommended: t.Recommended, Techniques: t.Techniques}
	if r.Type != "" && !strings.EqualFold(r.Type, graphType+"detectionRule") {
		wrong = append(wrong, fault.Detail{Where: "@odata.type", Problem: "is no detectionRule"})
	}
	if r.Action.Scope != nil {
		if r.Action.Scope.Type != "deviceGroup" {
			wrong = append(wrong, fault.Detail{Where: "detectionAction/organizationalScope/scopeType", Problem: fmt.Sprintf("%q", cut(r.Action.Scope.Type, 40)), Want: "deviceGroup"})
		}
		s.Groups = r.Action.Scope.Names
	}
	for i, a := range t.Assets {
		kind, ok := between(a.Type, graphType+"impacted", "Asset")
		if !ok {
			wrong = append(wrong, fault.Detail{Where: fmt.Sprintf("detectionAction/alertTemplate/impactedAssets/%d", i), Problem: fmt.Sprintf("@odata.type is %q", cut(a.Type, 80)),
				Want: graphType + "impactedDeviceAsset, impactedUserAsset or impactedMailboxAsset"})
			continue
		}
		s.Alert.Assets = append(s.Alert.Assets, store.DetectionAsset{Kind: strings.ToLower(kind), Column: ColumnOf(a.Identifier)})
	}
	for i, a := range r.Action.Actions {
		where := fmt.Sprintf("detectionAction/responseActions/%d", i)
		name, ok := between(a.Type, graphType, "ResponseAction")
		if !ok || len(a.Groups) > 0 {
			problem := fmt.Sprintf("@odata.type is %q", cut(a.Type, 80))
			if ok {
				problem = "deviceGroupNames: an indicator is blocked on all devices here"
			}
			wrong = append(wrong, fault.Detail{Where: where, Problem: problem, Want: graphType + "isolateDeviceResponseAction or another, without device groups of its own"})
			continue
		}
		action := store.DetectionAction{Name: name, Isolation: a.Isolation}
		for _, id := range strings.Split(a.Identifier, ",") {
			if c := ColumnOf(id); c != "" {
				action.Columns = append(action.Columns, c)
			}
		}
		s.Actions = append(s.Actions, action)
	}
	return s, refusal("read the detection rule", wrong)
}

func between(text, before, after string) (string, bool) {
	if !strings.HasPrefix(text, "#") {
		text = "#" + text
	}
	rest, ok := strings.CutPrefix(text, before)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, after)
}

// Inspected is what a query brings for a detection.
type Inspected struct {
	Columns   []string
	Tables    []string
	Feeds     []string         // that it looks up, as the query names them
	Workloads rbac.WorkloadSet // of the tables and the feeds
	Problems  []fault.Detail
}

// Inspect tells what a query brings for a detection, and what keeps it from being one: for who is writing it. It runs nothing.
func (s *Service) Inspect(ctx context.Context, user, query, period string) (out Inspected, err error) {
	p, ok := PeriodNamed(period)
	if !ok {
		p = Periods[1]
	}
	err = s.view(ctx, func(tx store.Reader, snapshot *rbac.Snapshot) error {
		a := asking{snapshot, user, s.now()}
		if err := a.area("inspect the query"); err != nil {
			return err
		}
		out = Inspected{}
		say := func(where, want, problem string, args ...any) {
			out.Problems = append(out.Problems, fault.Detail{Where: where, Problem: fmt.Sprintf(problem, args...), Want: want})
		}
		b, _ := bind(query, s.Catalog(snapshot, user, a.at), p, say)
		out.Columns, out.Tables, out.Feeds = b.names(), slices.Clone(b.tables), slices.Clone(b.feeds)
		var err error
		out.Workloads, err = s.rests(tx, b, snapshot.Reach(user, rbac.ViewHunting, a.at).Workloads(), say)
		return err
	})
	return out, err
}

// Choices are what somebody may make a detection of.
type Choices struct {
	DeviceGroups []string // on which they may set detections, and hunt
	AllDevices   bool     // those are all devices, the unknown ones too
	Actions      []ActionChoice
}

// ActionChoice is an action, and what somebody lacks to ask for it anywhere.
type ActionChoice struct {
	ActionKind
	Lacks string
}

// Choices tells what somebody may make a detection of.
func (s *Service) Choices(snapshot *rbac.Snapshot, user string) (Choices, error) {
	a := asking{snapshot, user, s.now()}
	if err := a.area("make a custom detection"); err != nil {
		return Choices{}, err
	}
	set, hunt, act := snapshot.Reach(user, rbac.ManageDetections, a.at), snapshot.Reach(user, rbac.ViewHunting, a.at), snapshot.Reach(user, rbac.Remediate, a.at)
	c := Choices{AllDevices: set.AllDevices() && hunt.AllDevices()}
	for _, g := range snapshot.DeviceGroups() {
		if set.DeviceGroup(g.Name) && hunt.DeviceGroup(g.Name) {
			c.DeviceGroups = append(c.DeviceGroups, g.Name)
		}
	}
	for _, k := range Actions {
		choice := ActionChoice{ActionKind: k}
		if !act.Workload(k.workload) {
			choice.Lacks = catalog.Needs(rbac.Remediate, k.workload, snapshot.Activations())
		}
		c.Actions = append(c.Actions, choice)
	}
	return c, nil
}
