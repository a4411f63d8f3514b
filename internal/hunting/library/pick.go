package library

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/bailiwick/bailiwick/internal/audit"
	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/hunting/answer"
	"github.com/bailiwick/bailiwick/internal/hunting/hunt"
)

// Picked are some rows of a run.
type Picked struct {
	Names   []string // of the columns
	Rows    [][]any
	More    bool // there were more than are kept
	Missing int  // rows that were asked for, and are not among what the query finds
	Stats   hunt.Stats

	wanted map[string]bool // by what they say; nil: all
	most   int
}

// Pick runs a query as Hunt does, and keeps those of its rows that are among the chosen - lists of values, as a run shows them -, each once;
// nil: all, up to so many. What is kept is always what the run has found: the chosen only tell which.
func (s *Service) Pick(ctx context.Context, who audit.Actor, h Hunter, r hunt.Request, chosen []json.RawMessage, most int) (*Picked, error) {
	p := &Picked{most: most}
	if chosen != nil {
		p.wanted = map[string]bool{}
		for _, row := range chosen {
			key, err := said(row)
			if err != nil {
				return nil, fault.Invalid("hunt", "a chosen row is no list of values")
			}
			p.wanted[key] = true
		}
	}
	stats, err := s.Hunt(ctx, who, who.Name, h, r, p)
	p.Stats, p.Missing = stats, len(p.wanted)
	return p, err
}

// said is what a row says, however its numbers and the members of its objects are written: a browser writes both anew.
func said(row []byte) (string, error) {
	var values []any
	if err := json.Unmarshal(row, &values); err != nil {
		return "", err
	}
	text, err := json.Marshal(values)
	return string(text), err
}

// Head implements hunt.Rows.
func (p *Picked) Head(head hunt.Head) error {
	for _, c := range head.Columns {
		p.Names = append(p.Names, c.Name)
	}
	return nil
}

// Row implements hunt.Rows.
func (p *Picked) Row(values []any) error {
	if p.wanted != nil {
		if len(p.wanted) == 0 {
			return nil
		}
		text := []byte{'['}
		for i, v := range values {
			if i > 0 {
				text = append(text, ',')
			}
			text = answer.AppendJSON(text, v)
		}
		key, err := said(append(text, ']'))
		if err != nil {
			return err
		}
		if !p.wanted[key] {
			return nil
		}
		delete(p.wanted, key)
	}
	if len(p.Rows) == p.most {
		p.More = true
		return nil
	}
	p.Rows = append(p.Rows, slices.Clone(values))
	return nil
}
