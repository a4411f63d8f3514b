// Package ingest reads the formats that alerts, incidents and actions come in: Graph objects alone, in arrays, in list pages
// or one a line; the older REST format; Graph alerts wrapped by Wazuh; records of the streaming export; reports of Threat analytics,
// as Markdown or JSON. It knows bytes and names, no rights.
//
// The text is hostile by nature: attackers choose file names and mail subjects. It is data here and everywhere
// after: nothing is interpreted, unknown members are kept as they are, and what could be read in two ways is refused.
package ingest

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/bailiwick/bailiwick/internal/fault"
	"github.com/bailiwick/bailiwick/internal/store"
)

// Summary tells what a file held.
type Summary struct {
	Records    int // as they stand in the file
	Alerts     int
	Incidents  int
	Actions    int
	Reports    int
	Rows       int // of the streaming export
	PassedOver int // Wazuh alerts of something else
}

// Read reads a file record by record and hands each alert, incident, action, row and report to take. It never holds more than one
// record. The first fault ends it: an error names file, record, line and field.
func Read(name string, from io.Reader, take func(store.Record) error) (Summary, error) {
	return ReadBeside(name, from, take, nil)
}

// ReadBeside is Read for who takes rows of the streaming export another way: it hands over no row, and calls row instead, whose
// error ends it.
func ReadBeside(name string, from io.Reader, take func(store.Record) error, row func() error) (Summary, error) {
	var sum Summary
	buffered := bufio.NewReaderSize(from, lineAtMost)
	if isMarkdown(buffered) {
		err := readMarkdown(name, buffered, &sum, take)
		return sum, err
	}
	s := newSplitter(buffered)
	for {
		text, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			sum.Records++
			err = readRecord(text, s.fine, &sum, take, row)
		} else {
			sum.Records++ // the one that could not be read
		}
		if err != nil {
			return sum, located(name, sum.Records, s.line, err)
		}
	}
	if sum.Records == 0 && !s.sawList {
		return sum, located(name, 1, 1, wrong("", "alerts or incidents as JSON", "holds nothing"))
	}
	return sum, nil
}

// Record reads one record.
func Record(name string, line int, text []byte) ([]store.Record, error) {
	var list []store.Record
	var sum Summary
	err := readRecord(text, false, &sum, func(r store.Record) error { list = append(list, r); return nil }, nil)
	if err != nil {
		err = located(name, line, line, err)
	}
	return list, err
}

// readRecord reads a record. It is fine if nothing is wrong with its text, as far as is known.
func readRecord(text []byte, fine bool, sum *Summary, take func(store.Record) error, row func() error) error {
	if mended := store.Mend(text); !fine || &mended[0] != &text[0] { // what was told apart before may be the same now
		if err := check(mended); err != nil {
			return err
		}
		text = mended
	}
	o, err := store.ParseObject(text)
	if err != nil {
		return wrong("", "an object", "is %s", kindOf(text))
	}
	if len(text) > maxAlert && o.Get("alerts") == nil {
		return wrong("", fmt.Sprintf("at most %d bytes", maxAlert), "is a record of %d bytes", len(text))
	}
	if row != nil && isStream(o) {
		return row()
	}
	records, err := understand(o)
	if err != nil {
		return err
	}
	if len(records) == 0 {
		sum.PassedOver++
	}
	for _, r := range records {
		switch {
		case r.Alert != nil:
			sum.Alerts++
		case r.Action != nil:
			sum.Actions++
		case r.Report != nil:
			sum.Reports++
		case r.Row != nil:
			sum.Rows++
		default:
			sum.Incidents++
		}
		if err := take(r); err != nil {
			return err
		}
	}
	return nil
}

// located says where in which file a record is wrong. What is not the record's fault passes unchanged.
func located(name string, record, line int, err error) error {
	var p *problem
	if !errors.As(err, &p) {
		return err
	}
	where := fmt.Sprintf("%s:%d: record %d", name, line, record)
	inside := where
	if p.path != "" {
		inside += ": " + p.path
	}
	return fault.Invalid("load", "%s: %s", where, p).WithDetails(fault.Detail{Where: inside, Problem: p.what, Want: p.want})
}
