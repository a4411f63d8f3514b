package store

import (
	"encoding/json"
	"strings"
)

// Account is a mailbox or a user that an alert is about.
type Account struct {
	Kind string // mailbox or user
	Name string // address or user principal name, in lower case
}

// accountMembers are where evidence names one, by its type.
var accountMembers = map[string]struct{ kind, in, member string }{
	"mailboxevidence":              {"mailbox", "", "primaryAddress"},
	"analyzedmessageevidence":      {"mailbox", "", "recipientEmailAddress"},
	"mailboxconfigurationevidence": {"mailbox", "", "mailboxPrimaryAddress"},
	"userevidence":                 {"user", "userAccount", "userPrincipalName"},
}

// Accounts are those that evidence names, each once. What is told together with a device is left out: who may not know of the
// device must not learn it from the account (S8).
func Accounts(evidence json.RawMessage) []Account {
	list, err := ParseArray(evidence)
	if err != nil {
		return nil
	}
	var found []Account
	seen := map[Account]bool{}
	for _, text := range list {
		e, err := ReadEvidence(text)
		if err != nil || len(e.Devices) > 0 || e.Nameless {
			continue
		}
		at, known := accountMembers[strings.ToLower(e.Type)]
		if !known {
			continue
		}
		o := e.Object
		if at.in != "" {
			if o, err = ParseObject(o.Get(at.in)); err != nil {
				continue
			}
		}
		a := Account{at.kind, strings.ToLower(o.Text(at.member))}
		if a.Name != "" && !seen[a] {
			seen[a] = true
			found = append(found, a)
		}
	}
	return found
}

// DetectionNames are the names by which a report can mean an alert, in lower case: its title, the threat and its family, and the
// detector. body is the alert's.
func DetectionNames(title string, body json.RawMessage) []string {
	names := []string{title}
	if o, err := ParseObject(body); err == nil {
		for _, m := range []string{"threatDisplayName", "threatFamilyName", "detectorId"} {
			names = append(names, o.Text(m))
		}
	}
	kept := names[:0]
	for _, n := range names {
		if n = strings.ToLower(strings.TrimSpace(n)); n != "" {
			kept = append(kept, n)
		}
	}
	return kept
}
