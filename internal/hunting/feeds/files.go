package feeds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bailiwick/bailiwick/internal/hunting/events"
	"github.com/bailiwick/bailiwick/internal/hunting/lookup"
	"github.com/bailiwick/bailiwick/internal/strictjson"
)

// loaded is what a file turned out to hold.
type loaded struct {
	rows    int64
	columns []string
}

// putter takes rows of a file that is written.
type putter = func(values ...any) error

// rowsOf reads a feed's records into its file.
func rowsOf(format string, from io.Reader, put putter) (l loaded, err error) {
	err = records(format, from, func(r record) error {
		if r.n == 0 {
			l.columns = namesOf(r)
		}
		l.rows++
		var cells any
		if r.cells != nil {
			cells = r.cells
		}
		return put(r.n, r.text, cells)
	})
	return l, err
}

// namesOf are what the first record calls its columns: its cells, or its properties.
func namesOf(r record) []string {
	names := append([]string(nil), r.cells...)
	if r.cells == nil && strings.HasPrefix(r.text, "{") {
		d := json.NewDecoder(strings.NewReader(r.text))
		if _, err := d.Token(); err == nil {
			for d.More() && len(names) < mostCells {
				name, err := d.Token()
				var value json.RawMessage
				if err != nil || d.Decode(&value) != nil {
					break
				}
				names = append(names, fmt.Sprint(name))
			}
		}
	}
	names = names[:min(len(names), 50)]
	for i, n := range names {
		if r := []rune(n); len(r) > 60 {
			names[i] = string(r[:60])
		}
	}
	return names
}

// table reads records that have named values: an object each, or a line under a line of names.
func table(format string, from io.Reader, take func(n int64, values map[string]string) error) error {
	var names []string
	return records(format, from, func(r record) error {
		values := map[string]string{}
		if r.cells == nil {
			var object map[string]json.RawMessage
			if err := strictjson.ReadKnown([]byte(r.text), &object); err != nil {
				return fmt.Errorf("record %d: %w: want an object of JSON, each name once", r.n+1, err)
			}
			for _, name := range slices.Sorted(maps.Keys(object)) {
				if _, twice := values[simple(name)]; twice {
					return fmt.Errorf("record %d: %q is there twice, spelled in two ways", r.n+1, name)
				}
				var v any
				d := json.NewDecoder(bytes.NewReader(object[name]))
				d.UseNumber()
				if err := d.Decode(&v); err != nil {
					return fmt.Errorf("record %d: %w", r.n+1, err)
				}
				if v != nil {
					values[simple(name)] = fmt.Sprint(v)
				}
			}
			return take(r.n, values)
		}
		if names == nil {
			for _, name := range r.cells {
				names = append(names, simple(name))
			}
			return nil
		}
		for i, cell := range r.cells {
			if i < len(names) {
				values[names[i]] = strings.TrimSpace(cell)
			}
		}
		return take(r.n, values)
	})
}

// simple is a name without what exports spell in different ways.
func simple(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", " ", "", "-", "").Replace(strings.TrimSpace(name)))
}

// filesOf reads what is known about files: a record for each, with the columns of FileProfile(). A file stands under each of its hashes.
func filesOf(format string, from io.Reader, put putter) (l loaded, err error) {
	seen := map[string]bool{}
	err = table(format, from, func(n int64, values map[string]string) error {
		row := make([]any, len(lookup.Reputation)+1)
		hashes := 0
		for i, c := range lookup.Reputation {
			v, err := typed(c.Type, values[simple(c.Name)])
			if err != nil {
				return fmt.Errorf("record %d: %s: %w", n+1, c.Name, err)
			}
			row[i+1] = v
		}
		for i, digits := range []int{40, 64, 32} {
			hash := strings.ToLower(row[i+1].(string))
			if hash == "" {
				continue
			}
			if len(hash) != digits || strings.Trim(hash, "0123456789abcdef") != "" {
				return fmt.Errorf("record %d: %s: want %d hexadecimal digits, and there is %.80q", n+1, lookup.Reputation[i].Name, digits, hash)
			}
			row[i+1] = hash
			hashes++
		}
		if hashes == 0 {
			return fmt.Errorf("record %d has no hash: want SHA1, SHA256 or MD5", n+1)
		}
		l.rows++
		for i := range 3 {
			hash := row[i+1].(string)
			if hash == "" || seen[hash] { // the first that tells of a file counts: no row of a query becomes two
				continue
			}
			seen[hash], row[0] = true, hash
			if err := put(row...); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && l.rows == 0 {
		err = errors.New("holds no file: want a line of names, as SHA1,GlobalPrevalence,Signer, and a line for each file")
	}
	for _, c := range lookup.Reputation {
		l.columns = append(l.columns, c.Name)
	}
	return l, err
}

// typed reads a value of reputation; what is empty is missing.
func typed(of, s string) (any, error) {
	if of == "string" {
		return s, nil
	}
	if s == "" {
		return nil, nil
	}
	switch of {
	case "int":
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || n != n || n < -1<<31 || n >= 1<<31 {
			if err == nil && n > 0 {
				return int32(1<<31 - 1), nil
			}
			return nil, fmt.Errorf("want a number, and there is %.40q", s)
		}
		return int32(n), nil
	case "bool":
		b, err := strconv.ParseBool(strings.ToLower(s))
		if err != nil {
			return nil, fmt.Errorf("want true or false, and there is %.40q", s)
		}
		return b, nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return int64(events.TicksOf(t)), nil
		}
	}
	return nil, fmt.Errorf("want a time, and there is %.40q", s)
}

// What columns of places are called in the files that are about: by what is left of the name when it is written simply.
var placeNames = map[string][]string{
	"country": {"country", "countryname", "countryisocode", "countrycode"}, "state": {"state", "region", "stateprov", "subdivision1name", "regionname"}, "city": {"city", "cityname"},
	"latitude": {"latitude", "lat"}, "longitude": {"longitude", "long", "lon", "lng"},
}

func first(values map[string]string, names ...string) string {
	for _, n := range names {
		if v := values[n]; v != "" {
			return v
		}
	}
	return ""
}

// placesOf reads ranges of addresses and where they are: a line of names, then lines with start and end, or network, or cidr.
func placesOf(from io.Reader, to io.Writer) (l loaded, err error) {
	var ranges []lookup.Range
	err = table("csv", from, func(n int64, values map[string]string) error {
		r, err := rangeOf(values)
		if err != nil {
			return fmt.Errorf("record %d: %w", n+1, err)
		}
		place := map[string]any{}
		for _, name := range []string{"country", "state", "city"} {
			place[name] = first(values, placeNames[name]...)
		}
		for _, name := range []string{"latitude", "longitude"} {
			v := first(values, placeNames[name]...)
			if v == "" {
				continue
			}
			f, err := strconv.ParseFloat(v, 64)
			if err != nil || f < -180 || f > 180 || f != f {
				return fmt.Errorf("record %d: %s: want degrees, and there is %.40q", n+1, name, v)
			}
			place[name] = f
		}
		text, err := json.Marshal(place)
		if err != nil {
			return err
		}
		r.Place = string(text)
		ranges = append(ranges, r)
		l.rows++
		return nil
	})
	if err == nil && l.rows == 0 {
		err = errors.New("holds no range: want a line of names, as start,end,country,state,city,latitude,longitude or network,country, and a line for each range")
	}
	if err != nil {
		return l, err
	}
	l.columns = []string{"start", "end", "country", "state", "city", "latitude", "longitude"}
	return l, lookup.WritePlaces(to, ranges)
}

func rangeOf(values map[string]string) (lookup.Range, error) {
	if cidr := first(values, "network", "cidr", "prefix"); cidr != "" {
		p, err := netip.ParsePrefix(cidr)
		if err != nil {
			return lookup.Range{}, fmt.Errorf("want a network as 192.0.2.0/24, and there is %.60q", cidr)
		}
		p = p.Masked()
		last := p.Addr().AsSlice()
		for i := p.Bits(); i < len(last)*8; i++ {
			last[i/8] |= 1 << (7 - i%8)
		}
		end, _ := netip.AddrFromSlice(last)
		return lookup.Range{From: p.Addr(), To: end}, nil
	}
	var r lookup.Range
	for _, side := range []struct {
		into  *netip.Addr
		names []string
	}{{&r.From, []string{"start", "startip", "ipstart", "ipfrom", "from", "begin"}}, {&r.To, []string{"end", "endip", "ipend", "ipto", "to"}}} {
		v := first(values, side.names...)
		a, err := netip.ParseAddr(v)
		if n, numeric := strconv.ParseUint(v, 10, 32); err != nil && numeric == nil { // as some write version 4
			a, err = netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}), nil
		}
		if err != nil {
			return r, fmt.Errorf("%s: want an address, and there is %.60q", side.names[0], v)
		}
		*side.into = a.Unmap()
	}
	if r.From.Is4() != r.To.Is4() || r.From.Compare(r.To) > 0 {
		return r, fmt.Errorf("%s is not before %s", r.From, r.To)
	}
	return r, nil
}
