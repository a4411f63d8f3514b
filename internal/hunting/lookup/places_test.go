package lookup

import (
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

func written(t *testing.T, ranges ...Range) *Places {
	t.Helper()
	name := filepath.Join(t.TempDir(), "places")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := WritePlaces(f, ranges); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	p, err := OpenPlaces(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func of(from, to, place string) Range {
	return Range{netip.MustParseAddr(from), netip.MustParseAddr(to), place}
}

func TestAnAddressIsWhereTheNarrowestRangePutsIt(t *testing.T) {
	p := written(t, of("10.0.0.0", "10.255.255.255", "ten"), of("10.1.0.0", "10.1.255.255", "ten one"), of("10.1.1.0", "10.1.1.0", "one"), of("2001:db8::", "2001:db8::ffff", "six"), of("192.0.2.1", "192.0.2.9", "net"))
	for address, want := range map[string]string{
		"10.0.0.0": "ten", "10.0.255.255": "ten", "10.1.0.0": "ten one", "10.1.1.0": "one", "10.1.1.1": "ten one", "10.1.255.255": "ten one", "10.2.0.0": "ten", "10.255.255.255": "ten", "11.0.0.0": "", "9.255.255.255": "",
		"192.0.2.0": "", "192.0.2.1": "net", "::ffff:192.0.2.9": "net", "192.0.2.10": "", "2001:db8::1": "six", "2001:db8::1%eth0": "six", "2001:db8::1:0": "", "": "", "no address": "", "0.0.0.0": "", "255.255.255.255": "",
	} {
		if got := p.Find(address); got != want {
			t.Errorf("%q is in %q, want %q", address, got, want)
		}
	}
}

// Whatever ranges there are, in whatever order: each address is in the range that begins last of those that hold it, or in the narrowest
// where they lie within each other.
func TestNoAddressIsLostBetweenRanges(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	address := func(n int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}) }
	for range 60 {
		var ranges []Range
		for i := range 1 + r.IntN(12) {
			from := r.IntN(200)
			ranges = append(ranges, Range{address(from), address(from + r.IntN(60)), string(rune('a' + i))})
		}
		p := written(t, ranges...)
		for n := range 270 {
			held := false
			for _, one := range ranges {
				held = held || one.From.Compare(address(n)) <= 0 && address(n).Compare(one.To) <= 0
			}
			got := p.Find(address(n).String())
			if (got != "") != held {
				t.Fatalf("%v: %s is in %q", ranges, address(n), got)
			}
			for _, one := range ranges {
				if one.Place == got && (one.From.Compare(address(n)) > 0 || address(n).Compare(one.To) > 0) {
					t.Fatalf("%v: %s is put into %v", ranges, address(n), one)
				}
			}
		}
	}
}

func TestWhatIsNoFileOfPlacesIsNotOpened(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(name, []byte("something else that is long enough"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenPlaces(name); err == nil {
		t.Error("it was opened")
	}
}
