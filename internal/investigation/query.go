package investigation

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Query is a list as it is asked for, in the words of OData.
type Query struct {
	Filter    string // $filter
	OrderBy   string // $orderby; empty: newest first
	Top       int    // $top; 0: the server's choice
	Skip      int    // $skip
	SkipToken string // $skiptoken: Page.Next of the page before
	Count     bool   // $count
	Search    string // text in id, title or assignee of an alert; in id, name, assignee or an alert's title of an incident
	Expand    bool   // $expand=alerts
	Form      Form
}

// Form is how objects are written.
type Form struct {
	Select         []string // $select; empty: everything. The id always comes along
	UnknownMembers bool     // Prefer: include-unknown-enum-members
	Actions        bool     // add @bailiwick.actions and what else the portal draws from

	Rest func(incident string, from int) string // where the alerts of an incident from this one on are listed; nil: nowhere
}

// Page is one page of a list.
type Page struct {
	Items []json.RawMessage
	Total int64  // if it was asked for
	Next  string // for SkipToken; empty on the last page
}

const maxSkip = 500

// newest is the order without $orderby.
var newest = []store.Order{{Field: store.FieldCreated, Desc: true}}

// prepare turns the question into the store's. Only what the collection documents can be asked for.
func (v *sight) prepare(c *collection, q Query) (store.AlertQuery, error) {
	s := store.AlertQuery{Visible: v.visible, Order: newest, Limit: q.Top, Skip: q.Skip}
	var err error
	if s.Where, err = c.parseFilter(q.Filter); err != nil {
		return s, err
	}
	if s.Order, err = c.parseOrder(q.OrderBy); err != nil {
		return s, err
	}
	s.Where = v.resolve(c, s.Where)
	if q.Search != "" {
		found := store.OneOf{store.Matches{Field: store.FieldID, Text: q.Search}, store.Matches{Field: store.FieldAssignedTo, Text: q.Search}}
		title := store.Matches{Field: store.FieldTitle, Text: q.Search}
		if found = append(found, title); c == incidents {
			// What a reader of a part knows it by is made of these.
			found = append(found, store.OfAlerts{Visible: v.visible, Where: title})
		}
		if len(q.Search) > 256 {
			return s, fault.Invalid("", "Invalid search: it is longer than 256 bytes")
		}
		if s.Where == nil {
			s.Where = found
		} else {
			s.Where = store.AllOf{s.Where, found}
		}
	}
	switch {
	case q.Top < 0:
		return s, fault.Invalid("", "Invalid value for $top: it is below zero")
	case q.Skip < 0 || q.Skip > maxSkip:
		return s, fault.Invalid("", "Invalid value for $skip: want 0 to %d; follow @odata.nextLink to go further", maxSkip)
	case q.Top == 0:
		s.Limit = c.topUnset
	case q.Top > c.maxTop:
		s.Limit = c.maxTop
	}
	if q.SkipToken != "" {
		s.Skip = 0
		if s.After, err = v.openCursor(c, q); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (c *collection) parseOrder(text string) ([]store.Order, error) {
	if strings.TrimSpace(text) == "" {
		return newest, nil
	}
	var order []store.Order
	for _, part := range strings.Split(text, ",") {
		words := strings.Fields(part)
		if len(words) == 0 || len(words) > 2 || !slices.Contains(c.order, words[0]) || len(order) == 4 {
			return nil, fault.Invalid("", "Invalid orderby clause: want up to four of %s, each with asc or desc", strings.Join(c.order, ", "))
		}
		o := store.Order{Field: c.fields[words[0]]}
		if len(words) == 2 {
			switch strings.ToLower(words[1]) {
			case "desc":
				o.Desc = true
			case "asc":
			default:
				return nil, fault.Invalid("", "Invalid orderby clause: %q is neither asc nor desc", shorten(words[1]))
			}
		}
		order = append(order, o)
	}
	return order, nil
}

// A cursor is the place of the last row that its reader saw, signed together with the question and the reader: it
// continues that list for that reader and is refused anywhere else.

func (v *sight) cursorMAC(c *collection, q Query, place []byte) ([]byte, error) {
	key, err := v.tx.AlertCursorKey()
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	for _, part := range []string{v.reader, c.name, q.Filter, q.OrderBy, q.Search} {
		sum := sha256.Sum256([]byte(part)) // of fixed length: no two questions run together
		mac.Write(sum[:])
	}
	mac.Write(place)
	return mac.Sum(nil), nil
}

func (v *sight) cursor(c *collection, q Query, place []any) (string, error) {
	text, err := json.Marshal(place)
	if err != nil {
		return "", err
	}
	mac, err := v.cursorMAC(c, q, text)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(mac, text...)), nil
}

func (v *sight) openCursor(c *collection, q Query) ([]any, error) {
	refused := fault.Invalid("", "Invalid $skiptoken: it does not continue this list")
	text, err := base64.RawURLEncoding.DecodeString(q.SkipToken)
	if err != nil || len(text) < sha256.Size {
		return nil, refused
	}
	mac, err := v.cursorMAC(c, q, text[sha256.Size:])
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(mac, text[:sha256.Size]) {
		return nil, refused
	}
	place, err := readPlace(text[sha256.Size:])
	if err != nil {
		return nil, refused
	}
	return place, nil
}

// readPlace reads the place of a row: texts and whole numbers. Through a float, a time would not come back as it was.
func readPlace(text []byte) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var place []any
	if err := d.Decode(&place); err != nil {
		return nil, err
	}
	for i, p := range place {
		switch p := p.(type) {
		case string:
		case json.Number:
			n, err := p.Int64()
			if err != nil {
				return nil, err
			}
			place[i] = n
		default:
			return nil, errors.New("neither text nor a number")
		}
	}
	return place, nil
}

func writeAfter(cursor []any) (string, error) {
	text, err := json.Marshal(cursor)
	return string(text), err
}

// readAfter reads what writeAfter has written and a surface has sealed.
func readAfter(text string, into *[]any) (err error) {
	if text == "" {
		return nil
	}
	if *into, err = readPlace([]byte(text)); err != nil {
		return fault.Invalid("read the next page", "the cursor is no place in this list")
	}
	return nil
}
