package investigation

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// change is what a PATCH asks for. Nil leaves a property alone; "" is null.
type change struct {
	assignedTo, classification, determination, status *string
	customDetails                                     json.RawMessage
	customTags                                        *[]string
	resolvingComment                                  *string
}

const (
	maxAssignee = 320 // the longest address
	maxTags     = 50
	maxTag      = 100
	maxComment  = 30000
)

// readChange reads the body of a PATCH. Only what is writable may be in it: anything else is refused, not passed over.
func readChange(c *collection, body []byte) (change, error) {
	var ch change
	o, err := readBody(body)
	if err != nil {
		return ch, err
	}
	for _, m := range o {
		path := m.Name
		switch {
		case path == "@odata.type":
		case path == "assignedTo":
			ch.assignedTo, err = optionalText(m, maxAssignee)
		case path == "classification", path == "determination", path == "status":
			var s *string
			if s, err = c.member(m); err == nil {
				switch path {
				case "classification":
					ch.classification = s
				case "determination":
					ch.determination = s
				default:
					ch.status = s
				}
			}
		case path == "customDetails" && c == alerts:
			if len(m.Value) == 0 || (m.Value[0] != '{' && string(m.Value) != "null") {
				err = fault.Invalid("", "customDetails: want an object")
			}
			ch.customDetails = store.Mend(m.Value)
		case path == "customTags" && c == incidents:
			ch.customTags, err = readTags(m.Value)
		case path == "resolvingComment" && c == incidents:
			ch.resolvingComment, err = optionalText(m, maxComment)
		default:
			err = fault.Invalid("", "%s: this property can't be changed", shorten(path))
		}
		if err != nil {
			return ch, err
		}
	}
	return ch, nil
}

// readBody reads a JSON object in which no key stands twice.
func readBody(body []byte) (store.Object, error) {
	if !json.Valid(body) || !utf8.Valid(body) {
		return nil, fault.Invalid("", "the body is not JSON")
	}
	o, err := store.ParseObject(body)
	if err != nil {
		return nil, fault.Invalid("", "the body is no JSON object")
	}
	for i := range o {
		for j := range i {
			if o[i].Name == o[j].Name {
				return nil, fault.Invalid("", "%s: stands twice", shorten(o[i].Name))
			}
		}
	}
	return o, nil
}

func optionalText(m store.Member, limit int) (*string, error) {
	if string(m.Value) == "null" {
		return new(string), nil
	}
	if m.Value[0] != '"' {
		return nil, fault.Invalid("", "%s: want text or null", m.Name)
	}
	s := store.Text(m.Value)
	switch {
	case len(s) > limit:
		return nil, fault.Invalid("", "%s: want at most %d bytes of text", m.Name, limit)
	case strings.ContainsRune(s, 0):
		return nil, fault.Invalid("", "%s: want text without NUL", m.Name)
	}
	return &s, nil
}

// refusedMembers are in old data and not offered any more, or are no states that a person sets.
var refusedMembers = []string{store.Sentinel, "apt", "securityPersonnel", "redirected"}

// member reads an enum in any case or listed spelling.
func (c *collection) member(m store.Member) (*string, error) {
	s, err := optionalText(m, 100)
	if err != nil {
		return nil, err
	}
	if *s == "" {
		if m.Name == "status" {
			return nil, fault.Invalid("", "status: is never null")
		}
		return s, nil
	}
	name, known := c.enums[m.Name].Canonical(*s)
	if !known || slices.Contains(refusedMembers, name) || (m.Name == "status" && name == "unknown") {
		want := slices.DeleteFunc(slices.Clone(c.enums[m.Name].Members), func(s string) bool {
			return slices.Contains(refusedMembers, s) || (m.Name == "status" && s == "unknown")
		})
		return nil, fault.Invalid("", "%s: %q is no member; want %s", m.Name, shorten(*s), either(want))
	}
	return &name, nil
}

func readTags(value json.RawMessage) (*[]string, error) {
	refused := fault.Invalid("", "customTags: want a list of at most %d texts of at most %d bytes", maxTags, maxTag)
	list, err := store.ParseArray(value)
	if err != nil || len(list) > maxTags {
		return nil, refused
	}
	tags := []string{}
	for _, v := range list {
		tag := store.Text(v)
		if tag == "" || len(tag) > maxTag || strings.ContainsRune(tag, 0) {
			return nil, refused
		}
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return &tags, nil
}

// fitting says which determinations go with a classification.
var fitting = map[string][]string{
	"truePositive":                  {"multiStagedAttack", "maliciousUserActivity", "compromisedAccount", "malware", "phishing", "unwantedSoftware", "other"},
	"informationalExpectedActivity": {"securityTesting", "lineOfBusinessApplication", "confirmedActivity", "other"},
	"falsePositive":                 {"notMalicious", "notEnoughDataToValidate", "other"},
}

// verdict brings classification and determination together. A determination that is asked for must fit; one that was
// there and no longer fits goes with the classification it belonged to.
func (ch change) verdict(classification, determination string) (string, string, error) {
	if ch.classification != nil {
		classification = *ch.classification
	}
	if ch.determination != nil {
		determination = *ch.determination
	}
	if determination == "" || determination == "unknown" || slices.Contains(fitting[classification], determination) {
		return classification, determination, nil
	}
	if ch.determination == nil {
		if ch.classification == nil {
			return classification, determination, nil // as the record had it
		}
		return classification, "", nil
	}
	if want := fitting[classification]; want != nil {
		return "", "", fault.Invalid("", "determination: %q does not go with classification %q; want %s", determination, classification, either(want))
	}
	return "", "", fault.Invalid("", "determination: %q needs a classification that it goes with", determination)
}

// readComment reads the body of a POST to comments.
func readComment(body []byte) (string, error) {
	o, err := readBody(body)
	if err != nil {
		return "", err
	}
	text := ""
	for _, m := range o {
		switch m.Name {
		case "@odata.type":
		case "comment":
			s, err := optionalText(m, maxComment)
			if err != nil {
				return "", err
			}
			text = *s
		default:
			return "", fault.Invalid("", "%s: a comment has only the property comment", shorten(m.Name))
		}
	}
	if strings.TrimSpace(text) == "" {
		return "", fault.Invalid("", "comment: want text")
	}
	return text, nil
}
