// Package strictjson reads JSON whose names are spelled as the Go type declares them, each once. encoding/json takes a name in any case, and
// of two that it takes for one the last: what one reader has checked another would then not believe.
package strictjson

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Wrong is why a text is not read.
type Wrong struct {
	Where   string // the path of a member, as a/0/b; empty: the text itself
	Problem string
}

// Error gives it in a sentence.
func (w *Wrong) Error() string { return strings.TrimSpace(w.Where + " " + w.Problem) }

// Read reads one value, of which every name must be known. An error is a *Wrong.
func Read(text []byte, into any) error { return read(text, into, json.RejectUnknownMembers(true)) }

// ReadKnown reads one value, and passes over names that are not known: those of other letter case among them. An error is a *Wrong.
func ReadKnown(text []byte, into any) error { return read(text, into) }

func read(text []byte, into any, options ...json.Options) error {
	err := json.Unmarshal(text, into, options...)
	if err == nil {
		return nil
	}
	var of *json.SemanticError
	var bad *jsontext.SyntacticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &bad):
		return &Wrong{where(bad.JSONPointer), "is there twice"}
	case errors.As(err, &bad):
		return &Wrong{where(bad.JSONPointer), fmt.Sprintf("can't be read as JSON, at byte %d", bad.ByteOffset)}
	case !errors.As(err, &of):
		return &Wrong{"", "can't be read as JSON"}
	case errors.Is(err, json.ErrUnknownName):
		return &Wrong{where(of.JSONPointer), "is no property that can be set"}
	}
	return &Wrong{where(of.JSONPointer), "is of another type"}
}

const longWhere = 200

// where is a place for people: names of others, cut where they are long.
func where(p jsontext.Pointer) string {
	text := strings.TrimPrefix(string(p), "/")
	if utf8.RuneCountInString(text) > longWhere {
		text = string([]rune(text)[:longWhere]) + "..."
	}
	return text
}
