package udf

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

func init() {
	add("parse_ipv4", "s", Long, func(a Args) any {
		n, ok := network4(a.S(0), -1)
		if !ok {
			return nil
		}
		return int64(n.masked())
	})
	add("parse_ipv4_mask", "sl", Long, func(a Args) any {
		if a.None(1) || a.L(1) < 0 || a.L(1) > 32 {
			return nil
		}
		n, ok := network4(a.S(0), -1)
		if !ok {
			return nil
		}
		n.bits = min(n.bits, int(a.L(1)))
		return int64(n.masked())
	})
	add("ipv4_netmask_suffix", "s", Long, func(a Args) any {
		n, ok := network4(a.S(0), -1)
		if !ok {
			return nil
		}
		return int64(n.bits)
	})
	add("ipv4_is_private", "s", Bool, func(a Args) any {
		n, ok := network4(a.S(0), -1)
		if !ok {
			return nil
		}
		for _, p := range private {
			if p.holds(n) {
				return true
			}
		}
		return false
	})
	add("ipv4_is_in_range", "ss", Bool, func(a Args) any {
		n, ok := network4(a.S(0), -1)
		r, also := network4(a.S(1), -1)
		if !ok || !also {
			return nil
		}
		return r.holds(n)
	})
	add("ipv4_is_in_any_range", "sd*", Bool, func(a Args) any {
		n, ok := network4(a.S(0), -1)
		if !ok {
			return nil
		}
		return anyText(a, 1, func(s string) bool {
			r, ok := network4(s, -1)
			return ok && r.holds(n)
		})
	})
	add("ipv4_compare", "ss|l", Long, func(a Args) any { return compare4(a) })
	add("ipv4_is_match", "ss|l", Bool, func(a Args) any {
		c := compare4(a)
		if c == nil {
			return nil
		}
		return c == int64(0)
	})
	add("format_ipv4", "s|l", Text, func(a Args) any { return format4(a, false) })
	add("format_ipv4_mask", "s|l", Text, func(a Args) any { return format4(a, true) })
	add("ipv4_range_to_cidr_list", "ss", Dynamic, func(a Args) any { return cidrs(a.S(0), a.S(1)) })
	add("has_ipv4", "ss", Bool, func(a Args) any { return hasAddress(a.S(0), a.S(1)) })
	add("has_ipv4_prefix", "ss", Bool, func(a Args) any { return hasAddressPrefix(a.S(0), a.S(1)) })
	add("has_any_ipv4", "sd*", Bool, func(a Args) any {
		return anyText(a, 1, func(s string) bool { return hasAddress(a.S(0), s) })
	})
	add("has_any_ipv4_prefix", "sd*", Bool, func(a Args) any {
		return anyText(a, 1, func(s string) bool { return hasAddressPrefix(a.S(0), s) })
	})
	add("parse_ipv6", "s", Text, func(a Args) any {
		p, ok := network6(a.S(0))
		if !ok {
			return ""
		}
		return long6(p.Masked().Addr())
	})
	add("parse_ipv6_mask", "sl", Text, func(a Args) any {
		p, ok := network6(a.S(0))
		if !ok || a.None(1) || a.L(1) < 0 || a.L(1) > 128 {
			return ""
		}
		return long6(netip.PrefixFrom(p.Addr(), min(p.Bits(), int(a.L(1)))).Masked().Addr())
	})
	add("ipv6_compare", "ss|l", Long, func(a Args) any { return compare6(a) })
	add("ipv6_is_match", "ss|l", Bool, func(a Args) any {
		c := compare6(a)
		if c == nil {
			return nil
		}
		return c == int64(0)
	})
	add("ipv6_is_in_range", "ss", Bool, func(a Args) any {
		p, ok := network6(a.S(0))
		r, also := network6(a.S(1))
		if !ok || !also {
			return nil
		}
		return r.Bits() <= p.Bits() && r.Contains(p.Addr())
	})
	add("ipv6_is_in_any_range", "sd*", Bool, func(a Args) any {
		p, ok := network6(a.S(0))
		if !ok {
			return nil
		}
		return anyText(a, 1, func(s string) bool {
			r, ok := network6(s)
			return ok && r.Bits() <= p.Bits() && r.Contains(p.Addr())
		})
	})
}

// anyText says whether a test holds for one of the texts in arguments, some of which may be arrays.
func anyText(a Args, from int, test func(string) bool) bool {
	for i := from; i < len(a); i++ {
		for _, s := range textsOf(a.D(i)) {
			if test(s) {
				return true
			}
		}
	}
	return false
}

// v4 is an address with the length of its network.
type v4 struct {
	address uint32
	bits    int
}

var private = []v4{{10 << 24, 8}, {172<<24 | 16<<16, 12}, {192<<24 | 168<<16, 16}}

func (n v4) mask() uint32 {
	if n.bits == 0 {
		return 0
	}
	return ^uint32(0) << (32 - n.bits)
}

func (n v4) masked() uint32 { return n.address & n.mask() }

func (n v4) holds(m v4) bool { return n.bits <= m.bits && m.address&n.mask() == n.masked() }

// network4 reads an address, maybe with the length of its network behind it.
func network4(s string, most int) (v4, bool) {
	address, length, prefixed := strings.Cut(strings.TrimSpace(s), "/")
	n := v4{bits: 32}
	if prefixed {
		bits, err := strconv.Atoi(length)
		if err != nil || bits < 0 || bits > 32 {
			return n, false
		}
		n.bits = bits
	}
	if most >= 0 {
		n.bits = min(n.bits, most)
	}
	at := 0
	for i := range 4 {
		part := 0
		start := at
		for at < len(address) && address[at] >= '0' && address[at] <= '9' && at-start < 3 {
			part = part*10 + int(address[at]-'0')
			at++
		}
		if at == start || part > 255 {
			return n, false
		}
		n.address = n.address<<8 | uint32(part)
		if i < 3 {
			if at >= len(address) || address[at] != '.' {
				return n, false
			}
			at++
		}
	}
	return n, at == len(address)
}

// compare4 compares the bits that both addresses' networks have.
func compare4(a Args) any {
	if a.Has(2) && (a.L(2) < 0 || a.L(2) > 32) {
		return nil
	}
	x, ok := network4(a.S(0), -1)
	y, also := network4(a.S(1), -1)
	if !ok || !also {
		return nil
	}
	bits := min(x.bits, y.bits)
	if a.Has(2) {
		bits = min(bits, int(a.L(2)))
	}
	x.bits, y.bits = bits, bits
	switch p, q := x.masked(), y.masked(); {
	case p < q:
		return int64(-1)
	case p > q:
		return int64(1)
	}
	return int64(0)
}

func text4(n uint32) string {
	return fmt.Sprintf("%d.%d.%d.%d", n>>24, n>>16&255, n>>8&255, n&255)
}

// format4 writes an address that is given as text or as a number.
func format4(a Args, masked bool) any {
	n, ok := network4(a.S(0), -1)
	if !ok {
		v, err := strconv.ParseUint(strings.TrimSpace(a.S(0)), 10, 32)
		if err != nil {
			return ""
		}
		n = v4{address: uint32(v), bits: 32}
	}
	if a.Has(1) {
		if a.L(1) < 0 || a.L(1) > 32 {
			return ""
		}
		n.bits = int(a.L(1))
	}
	s := text4(n.masked())
	if masked {
		s += "/" + strconv.Itoa(n.bits)
	}
	return s
}

// cidrs are the networks that a range of addresses is made of.
func cidrs(from, to string) any {
	x, ok := network4(from, -1)
	y, also := network4(to, -1)
	if !ok || !also || x.address > y.address {
		return nil
	}
	list := []string{}
	for start, end := uint64(x.address), uint64(y.address); start <= end; {
		bits := 32
		for bits > 0 && start&(1<<(33-bits)-1) == 0 && start+(1<<(33-bits))-1 <= end {
			bits--
		}
		list = append(list, text4(uint32(start))+"/"+strconv.Itoa(bits))
		start += 1 << (32 - bits)
	}
	return JSON(list)
}

// hasAddress finds an address that stands alone.
func hasAddress(s, address string) bool {
	if _, ok := network4(address, -1); !ok || strings.Contains(address, "/") {
		return false
	}
	return stands(s, address, true)
}

// hasAddressPrefix finds an address that begins so. The beginning ends with a point, or is all of it.
func hasAddressPrefix(s, prefix string) bool {
	if !strings.HasSuffix(prefix, ".") {
		return hasAddress(s, prefix)
	}
	return stands(s, prefix, false)
}

func stands(s, part string, alone bool) bool {
	if part == "" {
		return false
	}
	for at := 0; ; at++ {
		i := strings.Index(s[at:], part)
		if i < 0 {
			return false
		}
		at += i
		end := at + len(part)
		if at > 0 && (isTerm(s[at-1]) || s[at-1] == '.') {
			continue
		}
		if alone && (end == len(s) || !isTerm(s[end]) && !(s[end] == '.' && end+1 < len(s) && isTerm(s[end+1]))) {
			return true
		}
		if !alone {
			rest := s[at:]
			n := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
			if _, ok := network4(strings.TrimRight(rest[:n], "."), -1); ok && (n == len(rest) || !isTerm(rest[n])) {
				return true
			}
		}
	}
}

// network6 reads an address of either version, as one of the sixth, maybe with the length of its network.
func network6(s string) (netip.Prefix, bool) {
	s = strings.TrimSpace(s)
	if n, ok := network4(s, -1); ok {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], n.address)
		return netip.PrefixFrom(netip.AddrFrom16(netip.AddrFrom4(b).As16()), 96+n.bits), true
	}
	address, length, prefixed := strings.Cut(s, "/")
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Zone() != "" {
		return netip.Prefix{}, false
	}
	bits := 128
	if prefixed {
		n, err := strconv.Atoi(length)
		if err != nil || n < 0 || n > 128 {
			return netip.Prefix{}, false
		}
		bits = n
	}
	return netip.PrefixFrom(netip.AddrFrom16(ip.As16()), bits), true
}

func long6(ip netip.Addr) string {
	b := ip.As16()
	var s strings.Builder
	for i := 0; i < 16; i += 2 {
		if i > 0 {
			s.WriteByte(':')
		}
		fmt.Fprintf(&s, "%02x%02x", b[i], b[i+1])
	}
	return s.String()
}

func compare6(a Args) any {
	if a.Has(2) && (a.L(2) < 0 || a.L(2) > 128) {
		return nil
	}
	x, ok := network6(a.S(0))
	y, also := network6(a.S(1))
	if !ok || !also {
		return nil
	}
	bits := min(x.Bits(), y.Bits())
	if a.Has(2) {
		bits = min(bits, int(a.L(2)))
	}
	p, q := x.Addr().As16(), y.Addr().As16()
	for i := range p {
		mask := byte(0xff)
		switch {
		case bits <= 8*i:
			mask = 0
		case bits < 8*i+8:
			mask <<= 8*i + 8 - bits
		}
		switch v, w := p[i]&mask, q[i]&mask; {
		case v < w:
			return int64(-1)
		case v > w:
			return int64(1)
		}
	}
	return int64(0)
}
