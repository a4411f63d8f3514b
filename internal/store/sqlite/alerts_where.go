package sqlite

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/bailiwick/bailiwick/internal/store"
)

// columns names the expression that holds each field of a collection. A field that is not here can't be asked for.
type columns map[store.Field]string

var alertColumns = columns{
	store.FieldClass: "+a.class", store.FieldNumber: "a.n",
	store.FieldID: "a.id", store.FieldIncident: "a.incident", store.FieldStatus: "a.status", store.FieldSeverity: "a.severity",
	store.FieldClassification: "a.classification", store.FieldDetermination: "a.determination",
	store.FieldServiceSource: "a.service_source", store.FieldDetectionSource: "a.detection_source", store.FieldCategory: "a.category",
	store.FieldAssignedTo: "a.assigned_to", store.FieldTitle: "a.title", store.FieldCreated: "a.created", store.FieldUpdated: "a.updated",
	store.FieldTechniques: "a.techniques", store.FieldSystemTags: "a.system_tags",
}

// incidentColumns are of the reader's own view of incidents (see incidentView): a filter or an order by them tells
// nothing of what the reader does not see.
var incidentColumns = columns{
	store.FieldID: "a.id", store.FieldStatus: "a.status", store.FieldSeverity: "a.severity",
	store.FieldClassification: "a.classification", store.FieldDetermination: "a.determination", store.FieldAssignedTo: "a.assigned_to",
	store.FieldCreated: "a.created", store.FieldUpdated: "a.updated",
	store.FieldSystemTags: "a.system_tags", store.FieldCustomTags: "a.custom_tags",
	store.FieldTitle: nameOf("a.body"), // as its readers of all know it
}

// nameOf is what an incident's record calls it.
func nameOf(body string) string {
	return "CASE WHEN " + body + " <> '' AND json_type(" + body + ", '$.displayName') = 'text' THEN " + body + " ->> '$.displayName' ELSE '' END"
}

var errUnknownOrder = errors.New("unknown order")

// statement is SQL text and what its question marks stand for. Nothing of a caller ever becomes text.
type statement struct {
	strings.Builder
	args []any
}

func (s *statement) add(text string, args ...any) {
	s.WriteString(text)
	s.args = append(s.args, args...)
}

// where appends a condition.
func (s *statement) where(c columns, w store.Where) error {
	switch w := w.(type) {
	case nil:
		s.add("1")
	case store.AllOf:
		return s.joined(c, w, " AND ", "1")
	case store.OneOf:
		return s.joined(c, w, " OR ", "0")
	case store.Not:
		s.add("NOT ")
		return s.grouped(c, w.Where)
	case store.Compare:
		return s.compare(c, w)
	case store.InClasses:
		column, err := c.of(store.FieldClass)
		if err != nil {
			return err
		}
		s.add(column+" IN (SELECT value FROM json_each(?))", numbersText(w.Classes))
	case store.Names:
		return s.names(c, w)
	case store.OfAlerts:
		column, err := c.of(store.FieldID)
		if err != nil {
			return err
		}
		// Within, a is an alert.
		s.add(column + " IN (SELECT a.incident FROM alerts a WHERE ")
		if err := s.visible(w.Visible, "a.class"); err != nil {
			return err
		}
		s.add(" AND ")
		if err := s.grouped(alertColumns, w.Where); err != nil {
			return err
		}
		s.add(")")
	case store.Matches:
		column, err := c.of(w.Field)
		if err != nil {
			return err
		}
		pattern := "%" + escapeLike(w.Text) + "%"
		if w.Start {
			pattern = pattern[1:]
		}
		s.add(column+` LIKE ? ESCAPE '\'`, pattern)
	case store.Any:
		column, err := c.of(w.Field)
		if err != nil {
			return err
		}
		if w.Op == "" {
			s.add(column + " <> '[]'")
			return nil
		}
		op, err := sqlOp(w.Op)
		if err != nil {
			return err
		}
		s.add("EXISTS (SELECT 1 FROM json_each("+column+") e WHERE e.value "+op+" ?)", w.Text)
	default:
		return fmt.Errorf("unknown condition %T", w)
	}
	return nil
}

// numbersText is a list as JSON. One of nothing is empty, never null: nothing is among null, and nothing is not.
func numbersText(list []int64) string {
	text := []byte{'['}
	for i, n := range list {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, n, 10)
	}
	return string(append(text, ']'))
}

func (s *statement) joined(c columns, list []store.Where, word, none string) error {
	if len(list) == 0 {
		s.add(none)
		return nil
	}
	for i, w := range list {
		if i > 0 {
			s.add(word)
		}
		if err := s.grouped(c, w); err != nil {
			return err
		}
	}
	return nil
}

func (s *statement) grouped(c columns, w store.Where) error {
	s.add("(")
	err := s.where(c, w)
	s.add(")")
	return err
}

func (s *statement) compare(c columns, w store.Compare) error {
	column, err := c.of(w.Field)
	if err != nil {
		return err
	}
	op, err := sqlOp(w.Op)
	if err != nil {
		return err
	}
	var value any = w.Text
	switch {
	case !w.Time.IsZero():
		value = w.Time.UnixNano()
	case w.Field == store.FieldSeverity && w.Op != store.Equal && w.Op != store.NotEqual:
		column, value = column+"_rank", store.SeverityRank(w.Text)
	}
	s.add(column+" "+op+" ?", value)
	return nil
}

func (c columns) of(f store.Field) (string, error) {
	if column, ok := c[f]; ok {
		return column, nil
	}
	return "", fmt.Errorf("no column for field %d", f)
}

func sqlOp(op store.Op) (string, error) {
	switch op {
	case store.Equal, store.NotEqual, store.Less, store.LessEq, store.Greater, store.GreaterEq:
		return string(op), nil
	}
	return "", fmt.Errorf("unknown comparison %q", op)
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}

// orderKey is the expression that an order goes by: a severity or status by rank, not by its letters.
func (c columns) orderKey(f store.Field) (string, error) {
	column, err := c.of(f)
	if err != nil {
		return "", err
	}
	switch f {
	case store.FieldSeverity:
		return column + "_rank", nil
	case store.FieldStatus:
		key := "CASE " + column
		store.EachStatus(func(name string, rank int64) { key += fmt.Sprintf(" WHEN '%s' THEN %d", name, rank) })
		return key + fmt.Sprintf(" ELSE %d END", store.UnknownStatus), nil
	}
	return column, nil
}

// ordered are the expressions of an order, and whether each descends. The id is the last, so that no two rows tie.
type ordered struct {
	keys []string
	desc []bool
}

func (c columns) ordered(order []store.Order) (ordered, error) {
	var o ordered
	last := false
	for _, k := range order {
		key, err := c.orderKey(k.Field)
		if err != nil {
			return o, err
		}
		o.keys, o.desc, last = append(o.keys, key), append(o.desc, k.Desc), k.Desc
		if k.Field == store.FieldID {
			return o, nil
		}
	}
	o.keys, o.desc = append(o.keys, c[store.FieldID]), append(o.desc, last)
	return o, nil
}

func (o ordered) String() string {
	parts := make([]string, len(o.keys))
	for i, k := range o.keys {
		parts[i] = k
		if o.desc[i] {
			parts[i] += " DESC"
		}
	}
	return strings.Join(parts, ", ")
}

// after appends the condition that a row comes after the one with these values.
func (s *statement) after(o ordered, values []any) error {
	if len(values) != len(o.keys) {
		return fmt.Errorf("a cursor of %d values for an order of %d", len(values), len(o.keys))
	}
	same := true
	for _, d := range o.desc {
		same = same && d == o.desc[0]
	}
	if same {
		s.add("("+strings.Join(o.keys, ", ")+") "+beyond(o.desc[0])+" ("+strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", ")+")", values...)
		return nil
	}
	s.add("(")
	for i := range o.keys {
		if i > 0 {
			s.add(" OR ")
		}
		s.add("(")
		for j := range i {
			s.add(o.keys[j]+" = ? AND ", values[j])
		}
		s.add(o.keys[i]+" "+beyond(o.desc[i])+" ?)", values[i])
	}
	s.add(")")
	return nil
}

func beyond(desc bool) string {
	if desc {
		return "<"
	}
	return ">"
}
