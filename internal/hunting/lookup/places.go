package lookup

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"sync"
)

// Range is addresses from one to another, and where they are: an object of JSON.
type Range struct {
	From, To netip.Addr
	Place    string
}

// A file of places is a line that says so, ranges in order of where they begin, and texts: of each range its first and last address in 16
// bytes each, and where its text begins and how long it is. So a place is found by reading some twenty of the ranges, however many
// there are.
const (
	placesMark = "bailiwick places 1\n"
	rangeSize  = 16 + 16 + 8 + 4
)

// ErrOverlap is of ranges that have addresses in common, and neither lies within the other.
var ErrOverlap = errors.New("ranges overlap")

// WritePlaces writes ranges, in any order. Those that lie within others win over them.
func WritePlaces(to io.Writer, ranges []Range) error {
	ranges = flatten(ranges)
	w := bufio.NewWriter(to)
	if _, err := w.WriteString(placesMark); err != nil {
		return err
	}
	var count [8]byte
	binary.BigEndian.PutUint64(count[:], uint64(len(ranges)))
	if _, err := w.Write(count[:]); err != nil {
		return err
	}
	texts, at := map[string]uint64{}, uint64(len(placesMark)+8+len(ranges)*rangeSize)
	var blob bytes.Buffer
	for _, r := range ranges {
		start, ok := texts[r.Place]
		if !ok {
			start = at + uint64(blob.Len())
			texts[r.Place] = start
			blob.WriteString(r.Place)
		}
		from, end := r.From.As16(), r.To.As16()
		row := append(from[:], end[:]...)
		row = binary.BigEndian.AppendUint64(row, start)
		row = binary.BigEndian.AppendUint32(row, uint32(len(r.Place)))
		if _, err := w.Write(row); err != nil {
			return err
		}
	}
	if _, err := w.Write(blob.Bytes()); err != nil {
		return err
	}
	return w.Flush()
}

// flatten cuts ranges so that no two have an address in common: what lies within another is cut out of it.
func flatten(ranges []Range) []Range {
	list := slices.Clone(ranges)
	slices.SortStableFunc(list, func(a, b Range) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return b.To.Compare(a.To) // the wider first
	})
	var out, open []Range
	put := func(r Range) {
		if r.From.IsValid() && r.To.IsValid() && r.From.Compare(r.To) <= 0 {
			out = append(out, r)
		}
	}
	// closes ends the open ranges that end before an address; what is left of each after those within it is put out.
	closes := func(before netip.Addr, all bool) {
		for len(open) > 0 {
			last := open[len(open)-1]
			if !all && last.To.Compare(before) >= 0 {
				return
			}
			open = open[:len(open)-1]
			put(last)
			if len(open) > 0 && open[len(open)-1].From.Compare(last.To) <= 0 {
				open[len(open)-1].From = last.To.Next()
			}
		}
	}
	for _, r := range list {
		closes(r.From, false)
		if n := len(open); n > 0 {
			outer := &open[n-1]
			if r.To.Compare(outer.To) > 0 { // they overlap: the one that begins later has what they share
				outer.To = r.From.Prev()
				put(*outer)
				open = open[:n-1]
			} else {
				put(Range{outer.From, r.From.Prev(), outer.Place})
				outer.From = r.From
			}
		}
		open = append(open, r)
	}
	closes(netip.Addr{}, true)
	slices.SortFunc(out, func(a, b Range) int { return a.From.Compare(b.From) })
	return out
}

// Places is an open file of places.
type Places struct {
	file  *os.File
	count int64

	mu   sync.Mutex
	last Range // the one that was found last: neighbours follow each other
}

// OpenPlaces opens a file of places.
func OpenPlaces(name string) (*Places, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	head := make([]byte, len(placesMark)+8)
	if _, err := io.ReadFull(f, head); err != nil || string(head[:len(placesMark)]) != placesMark {
		f.Close()
		return nil, fmt.Errorf("%s is no file of places", name)
	}
	return &Places{file: f, count: int64(binary.BigEndian.Uint64(head[len(placesMark):]))}, nil
}

// Close closes the file.
func (p *Places) Close() error { return p.file.Close() }

// Find tells where an address is, as an object of JSON; empty: it is not known.
func (p *Places) Find(text string) string {
	a, err := netip.ParseAddr(text)
	if p == nil || err != nil { // nil knows nothing
		return ""
	}
	a = netip.AddrFrom16(a.WithZone("").As16()).Unmap()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.From.IsValid() && p.last.From.Compare(a) <= 0 && a.Compare(p.last.To) <= 0 {
		return p.last.Place
	}
	key := a.As16()
	low, high := int64(0), p.count
	var row [rangeSize]byte
	read := func(i int64) bool {
		_, err := p.file.ReadAt(row[:], int64(len(placesMark)+8)+i*rangeSize)
		return err == nil
	}
	for low < high {
		middle := (low + high) / 2
		if !read(middle) {
			return ""
		}
		if bytes.Compare(row[:16], key[:]) <= 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == 0 || !read(low-1) || bytes.Compare(key[:], row[16:32]) > 0 {
		return ""
	}
	size := binary.BigEndian.Uint32(row[40:])
	if size > maxPlace {
		return ""
	}
	place := make([]byte, size)
	if _, err := p.file.ReadAt(place, int64(binary.BigEndian.Uint64(row[32:]))); err != nil {
		return ""
	}
	p.last = Range{netip.AddrFrom16([16]byte(row[:16])).Unmap(), netip.AddrFrom16([16]byte(row[16:32])).Unmap(), string(place)}
	return p.last.Place
}

// maxPlace is how long the text of a place may be.
const maxPlace = 4096
