// Package hostile is text that harms whoever takes it for anything but text: a page, a terminal, a log, a mail, a spreadsheet, a query
// or a file. Attackers choose the names of files, the subjects of mails and much else that ends up in an alert, so every surface is
// tried with all of it, and the demo shows some. The texts are in corpus.json, which the portal's tests read, too.
package hostile

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

//go:embed corpus.json
var corpus []byte

// Text is one of them.
type Text struct {
	Kind string
	JSON json.RawMessage // as it stands in a record: it may spell what no string can hold
	Text string          // as it is read
	Demo bool
}

// Texts are all, or those of some kinds.
func Texts(kinds ...string) []Text {
	var list []struct {
		Kind  string
		Text  json.RawMessage
		Times int
		Demo  bool
	}
	if err := json.Unmarshal(corpus, &list); err != nil {
		panic(err) // it is part of the program
	}
	var texts []Text
	for _, e := range list {
		if len(kinds) > 0 && !slices.Contains(kinds, e.Kind) {
			continue
		}
		t := Text{Kind: e.Kind, JSON: e.Text, Demo: e.Demo}
		if e.Times > 1 {
			t.JSON = json.RawMessage(`"` + strings.Repeat(string(e.Text[1:len(e.Text)-1]), e.Times) + `"`)
		}
		if err := json.Unmarshal(t.JSON, &t.Text); err != nil {
			panic(err)
		}
		t.Text = strings.ReplaceAll(t.Text, "\x00", "\uFFFD") // as halves of pairs are read
		texts = append(texts, t)
	}
	return texts
}

// Demo are the texts that the demo shows.
func Demo() []string {
	var list []string
	for _, t := range Texts() {
		if t.Demo {
			list = append(list, t.Text)
		}
	}
	return list
}

// Spoil fills a template of records, such as records.jsonl, in which "?" stands where a text goes and NUMBER for its number.
func Spoil(template []byte, number string, t Text) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(template, []byte("NUMBER"), []byte(number)), []byte(`"?"`), t.JSON)
}
