package investigation

import "testing"

// Every filter that is accepted can be run: page, count and facets.
func TestFiltersFindWhatTheySay(t *testing.T) {
	w := storyWorld(t)
	for filter, want := range map[string]string{
		"status eq 'new' and severity eq 'high'":                                  identityAlert + " " + endpointAlert,
		"severity in ('low','medium')":                                            cloudAlert + " " + mailAlert,
		"severity gt 'low' and not (severity eq 'high')":                          cloudAlert,
		"mitreTechniques/any(t: t eq 'T1566.001' or t eq 'T1530')":                cloudAlert + " " + mailAlert,
		"systemTags/any()":                                                        "",
		"assignedTo eq null":                                                      identityAlert + " " + cloudAlert + " " + endpointAlert,
		"assignedTo ne null":                                                      mailAlert,
		"classification eq null and determination eq null and category ne 'None'": identityAlert + " " + cloudAlert + " " + endpointAlert + " " + mailAlert,
		"createdDateTime lt 2021-02-19T09:17:02.4417723Z":                         mailAlert,
		"lastUpdateDateTime ge 2021-02-19T11:40:02.1033333Z":                      identityAlert + " " + cloudAlert,
		"contains(title,'MAIL') or startswith(id,'ca')":                           cloudAlert + " " + endpointAlert + " " + mailAlert,
		"serviceSource eq 'MicrosoftDefenderForIdentity'":                         identityAlert,
		"detectionSource eq 'cloudAppSecurity' or incidentId eq '1057'":           identityAlert + " " + cloudAlert,
		"id eq '" + endpointAlert + "'":                                           endpointAlert,
		"title eq ''' OR 1=1 --'":                                                 "",
	} {
		page, err := w.service.Alerts(ctx, "admin@x", Query{Filter: filter, Count: true})
		if err != nil || ids(t, page) != want || page.Total != int64(len(page.Items)) {
			t.Errorf("%s finds %q of %d, want %q (%v)", filter, ids(t, page), page.Total, want, err)
		}
		facets, err := w.service.Facets(ctx, "admin@x", Query{Filter: filter})
		if err != nil || facets.Total != page.Total {
			t.Errorf("%s: facets of %d, alerts of %d (%v)", filter, facets.Total, page.Total, err)
		}
		// A reader of a part finds of it what they see.
		cut, err := w.service.Alerts(ctx, "reader@x", Query{Filter: filter, Count: true})
		if err != nil || cut.Total > 1 || len(cut.Items) == 1 && ids(t, cut) != endpointAlert {
			t.Errorf("%s finds %q for a reader of one device group (%v)", filter, ids(t, cut), err)
		}
	}
	for filter, want := range map[string]string{
		"severity eq 'high'": "1057 1042", "status eq 'inProgress'": "1042", "customTags/any(t:t eq 'invoice-wave')": "1042",
		"assignedTo eq 'analyst1@example.com'": "1042", "createdDateTime lt 2021-02-20T00:00:00Z": "1042", "classification eq 'TruePositive'": "1042",
		"lastUpdateDateTime ge 2021-02-20T00:00:00Z": "1057", "id in ('1057','x')": "1057", "systemTags/any(t:t eq 'x')": "",
	} {
		page, err := w.service.Incidents(ctx, "admin@x", Query{Filter: filter, Count: true})
		if err != nil || ids(t, page) != want || page.Total != int64(len(page.Items)) {
			t.Errorf("incidents: %s finds %q of %d, want %q (%v)", filter, ids(t, page), page.Total, want, err)
		}
	}
	page, err := w.service.Incidents(ctx, "reader@x", Query{Filter: "customTags/any(t:t eq 'invoice-wave')", Count: true})
	if err != nil || page.Total != 0 {
		t.Errorf("a reader of a part finds an incident by its tag (%v)", err)
	}
}
