package investigation

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/bailiwick/bailiwick/internal/store"
)

// partialMembers are what a reader of a part gets of an incident, empty: none of the stored free text, and nothing else
// that somebody wrote or a product knew of the whole (S9).
var partialMembers = []string{
	"incidentWebUrl", "tenantId", "redirectIncidentId", "description", "summary", "resolvingComment", "lastModifiedBy",
}

// readyIncidents asks once what is to be told of several incidents.
func (v *sight) readyIncidents(rows []store.IncidentRow, form Form) error {
	var unnamed, all []string
	for _, row := range rows {
		all = append(all, row.ID)
		if row.Partial || len(row.Body) == 0 {
			unnamed = append(unnamed, row.ID)
		}
	}
	var err error
	if len(unnamed) > 0 {
		if v.worst, err = v.tx.WorstAlerts(unnamed, v.visible); err != nil {
			return err
		}
	}
	if form.Actions && len(all) > 0 {
		v.ofIncident, err = v.tx.ClassesOfIncidents(all)
	}
	return err
}

// incident writes an incident as this reader may see it, with so many of its alerts, the oldest.
func (v *sight) incident(row store.IncidentRow, form Form, alerts int) (json.RawMessage, error) {
	o := store.Object{{Name: "id", Value: store.Quote(row.ID)}}
	own := !row.Partial && len(row.Body) > 0
	if own {
		given, err := store.ParseObject(row.Body)
		if err != nil {
			return nil, err
		}
		o = given
	} else {
		for _, name := range partialMembers {
			o.Set(name, json.RawMessage("null"))
		}
		o.Set("customTags", json.RawMessage("[]"))
		o.Set("systemTags", json.RawMessage("[]"))
	}
	if !own || o.Text("displayName") == "" {
		name, err := v.incidentName(row)
		if err != nil {
			return nil, err
		}
		o.Set("displayName", store.Quote(name))
	}
	keepTime(&o, "createdDateTime", row.Created)
	keepTime(&o, "lastUpdateDateTime", row.Updated)
	o.Set("severity", store.Quote(row.Severity))
	o.Set("status", store.Quote(row.Status))
	o.Set("assignedTo", nullable(row.AssignedTo))
	o.Set("classification", nullable(row.Classification))
	o.Set("determination", nullable(row.Determination))
	if row.Redirect != "" {
		to, err := v.redirect(row)
		if err != nil {
			return nil, err
		}
		o.Set("redirectIncidentId", nullable(to))
	}
	if err := addComments(&o, row.Comments); err != nil {
		return nil, err
	}
	if form.Actions {
		if err := v.incidentActions(&o, row); err != nil {
			return nil, err
		}
	}
	for _, name := range ofExpanded { // a record must not send a reader elsewhere
		o.Drop(name)
	}
	if alerts > 0 {
		if err := v.expand(&o, row, &form, alerts); err != nil {
			return nil, err
		}
	}
	return form.write(o, store.IncidentEnums), nil
}

// incidentActions tells what the portal draws from: workloads and number of the visible alerts, and what may be done.
// Managing asks about all alerts, hidden ones too (R17): that much of them is told on purpose.
func (v *sight) incidentActions(o *store.Object, row store.IncidentRow) error {
	all, known := v.ofIncident[row.ID]
	if !known {
		var err error
		if all, err = v.tx.IncidentClasses(row.ID); err != nil {
			return err
		}
	}
	o.Set("@bailiwick.workloads", encode(v.workloadsOf(v.sees(all)).List()))
	o.Set("@bailiwick.alertCount", json.RawMessage(fmt.Sprint(row.Alerts)))
	manage, merge, split, err := v.incidentMay(row, all)
	if err != nil {
		return err
	}
	o.Set("@bailiwick.actions", encode(map[string]Action{"manage": manage, "merge": merge, "split": split}))
	if row.Partial {
		o.Set("@bailiwick.partial", json.RawMessage("true"))
		return v.tellHidden(o, row)
	}
	return nil
}

// tellHidden tells a reader of a part how many alerts they do not see, where the centre's settings say so (S9).
func (v *sight) tellHidden(o *store.Object, row store.IncidentRow) error {
	if v.settings == nil {
		settings, err := v.tx.Settings()
		if err != nil {
			return err
		}
		v.settings = &settings
	}
	if !v.settings.TellHidden {
		return nil
	}
	all, err := v.tx.IncidentAlerts(row.ID)
	if err != nil {
		return err
	}
	o.Set("@bailiwick.hiddenAlertCount", json.RawMessage(fmt.Sprint(all-int64(row.Alerts))))
	return nil
}

// ofExpanded is what is told with the alerts of an incident.
var ofExpanded = []string{"alerts@odata.count", "alerts@odata.nextLink"}

// expand adds the alerts, as many as may be, how many there are, and where the others are.
func (v *sight) expand(o *store.Object, row store.IncidentRow, form *Form, most int) error {
	list, err := v.incidentAlerts(row.ID, Form{UnknownMembers: form.UnknownMembers, Actions: form.Actions}, most+1)
	if err != nil {
		return err
	}
	count := int64(len(list))
	if len(list) > most {
		list, count = list[:most], row.Alerts
		if form.Rest != nil {
			o.Set("alerts@odata.nextLink", store.Quote(form.Rest(row.ID, most)))
		}
	}
	o.Set("alerts@odata.count", json.RawMessage(fmt.Sprint(count)))
	o.Set("alerts", store.AppendArray(nil, list))
	if len(form.Select) > 0 {
		form.Select = slices.Concat(form.Select, []string{"alerts"}, ofExpanded)
	}
	return nil
}

func (v *sight) incidentAlerts(id string, form Form, most int) ([]json.RawMessage, error) {
	rows, err := v.tx.AlertsOfIncident(id, v.visible, most)
	if err != nil {
		return nil, err
	}
	list := make([]json.RawMessage, 0, len(rows))
	for _, row := range rows {
		item, err := v.alert(row, form)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, nil
}

// IncidentName is what an incident is called for a reader of these classes: its own name for the readers of all its alerts, else
// one made from those that they see (S9).
func IncidentName(tx store.Reader, visible store.Visible, row store.IncidentRow) (string, error) {
	if !row.Partial && len(row.Body) > 0 {
		given, err := store.ParseObject(row.Body)
		if err != nil {
			return "", err
		}
		if name := given.Text("displayName"); name != "" {
			return name, nil
		}
	}
	return (&sight{tx: tx, visible: visible}).incidentName(row)
}

// incidentName makes a name from the visible alerts: the worst one's title, and how many others there are.
func (v *sight) incidentName(row store.IncidentRow) (string, error) {
	worst, known := v.worst[row.ID]
	if !known {
		found, err := v.tx.WorstAlerts([]string{row.ID}, v.visible)
		if err != nil {
			return "", err
		}
		if worst, known = found[row.ID]; !known {
			return "Incident " + row.ID, nil
		}
	}
	title := worst.Title
	if title == "" {
		title = "Alert " + worst.ID
	}
	switch row.Alerts {
	case 1:
		return title, nil
	case 2:
		return title + " and 1 more alert", nil
	}
	return fmt.Sprintf("%s and %d more alerts", title, row.Alerts-1), nil
}

// keepTime leaves a time as it was given, if it is still that.
func keepTime(o *store.Object, name string, t time.Time) {
	if given, err := parseTime(o.Text(name)); err == nil && given.Equal(t) {
		return
	}
	o.Set(name, stamp(t))
}

func nullable(s string) json.RawMessage {
	if s == "" {
		return json.RawMessage("null")
	}
	return store.Quote(s)
}
