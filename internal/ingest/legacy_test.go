package ingest

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheOlderFormatBecomesGraph(t *testing.T) {
	records, _ := read(t, "legacy", sample(t, "legacy-incidents.json"))
	var incident, mail, endpoint map[string]any
	for i, into := range []*map[string]any{&incident, &mail, &endpoint} {
		text := []byte(nil)
		if r := records[i]; r.Incident != nil {
			text = r.Incident.Body
		} else {
			text = append([]byte(`{"evidence":`+string(r.Alert.Evidence)+`,`), r.Alert.Body[1:]...)
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		object map[string]any
		name   string
		want   any
	}{
		{incident, "id", "1042"}, {incident, "displayName", "Multi-stage incident involving initial access and exfiltration on one endpoint reported by multiple sources"},
		{incident, "lastUpdateDateTime", "2021-02-19T11:40:03.5366667Z"}, {incident, "customTags", []any{"invoice-wave"}}, {incident, "status", "inProgress"},
		{incident, "comments", []any{map[string]any{"comment": "Mail and cloud teams informed.", "createdByDisplayName": "analyst1@example.com", "createdDateTime": "2021-02-19T11:52:30Z"}}},
		{mail, "serviceSource", "microsoftDefenderForOffice365"}, {mail, "incidentId", "1042"}, {mail, "investigationState", "pendingApproval"},
		{endpoint, "detectionSource", "microsoftDefenderForEndpoint"}, {endpoint, "investigationId", 3318.0}, {endpoint, "firstActivityDateTime", "2021-02-19T09:12:31.1177264Z"},
		{endpoint, "devices", nil}, {endpoint, "entities", nil},
		{mail, "evidence", []any{
			map[string]any{"@odata.type": "#microsoft.graph.security.mailboxEvidence", "primaryAddress": "mira.okafor@example.com", "displayName": "Mira Okafor"},
			map[string]any{"@odata.type": "#microsoft.graph.security.analyzedMessageEvidence", "p2Sender": map[string]any{"emailAddress": "accounts@example.net"},
				"recipientEmailAddress": "mira.okafor@example.com", "subject": "Outstanding invoice 0219", "deliveryAction": "Delivered"},
		}},
	} {
		if diff := cmp.Diff(c.want, c.object[c.name]); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	file := endpoint["evidence"].([]any)[1].(map[string]any)
	if file["mdeDeviceId"] != "5c1d9e7f20b84a36e1f07ab2c9d4438810ef6b57" || file["fileDetails"].(map[string]any)["fileName"] != "invoice_0219.exe" {
		t.Errorf("the file is %v", file)
	}
	if device := endpoint["evidence"].([]any)[0].(map[string]any); device["osProcessor"] != "x64" || device["riskScore"] != "high" {
		t.Errorf("the device is %v", device)
	}
}
