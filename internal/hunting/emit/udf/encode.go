package udf

import (
	"crypto/md5"
	crand "crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/bits"
	"net/url"
	"strings"
	"unicode/utf8"
)

func init() {
	add("base64_encode_tostring", "s", Text, func(a Args) any { return base64.StdEncoding.EncodeToString([]byte(a.S(0))) })
	add("base64_decode_tostring", "s", Text, func(a Args) any {
		b, ok := unbase64(a.S(0))
		if !ok || !utf8.Valid(b) {
			return ""
		}
		return string(b)
	})
	add("base64_decode_toarray", "s", Dynamic, func(a Args) any {
		b, ok := unbase64(a.S(0))
		if !ok {
			return nil
		}
		list := make([]any, len(b))
		for i, c := range b {
			list[i] = int64(c)
		}
		return JSON(list)
	})
	add("base64_encode_fromarray", "d", Text, func(a Args) any {
		list, ok := a.List(0)
		b := make([]byte, len(list))
		for i, v := range list {
			n, isWhole := whole(v)
			ok = ok && isWhole && n >= 0 && n < 256
			b[i] = byte(n)
		}
		if !ok {
			return ""
		}
		return base64.StdEncoding.EncodeToString(b)
	})
	add("base64_encode_fromguid", "g", Text, func(a Args) any {
		b, err := hex.DecodeString(strings.ReplaceAll(a.S(0), "-", ""))
		if err != nil || len(b) != 16 {
			return ""
		}
		return base64.StdEncoding.EncodeToString(swapped(b))
	})
	add("base64_decode_toguid", "s", 'g', func(a Args) any {
		b, ok := unbase64(a.S(0))
		if !ok || len(b) != 16 {
			return nil
		}
		return guidOf(hex.EncodeToString(swapped(b)))
	})
	add("url_encode", "s", Text, func(a Args) any { return urlEncode(a.S(0), "-_.!*()", "+") })
	add("url_encode_component", "s", Text, func(a Args) any { return urlEncode(a.S(0), "-_.~", "%20") })
	add("url_decode", "s", Text, func(a Args) any { return urlDecode(a.S(0)) })
	add("hash_md5", "s", Text, func(a Args) any { h := md5.Sum([]byte(a.S(0))); return hex.EncodeToString(h[:]) })
	add("hash_sha1", "s", Text, func(a Args) any { h := sha1.Sum([]byte(a.S(0))); return hex.EncodeToString(h[:]) })
	add("hash_sha256", "s", Text, func(a Args) any { h := sha256.Sum256([]byte(a.S(0))); return hex.EncodeToString(h[:]) })
	add("hash_text", "s|l", Long, func(a Args) any { return within(xxHash64([]byte(a.S(0))), a) })
	add("hash_ticks", "l|l", Long, func(a Args) any {
		if a.None(0) {
			return nil
		}
		var b [8]byte
		for i := range b {
			b[i] = byte(uint64(a.L(0)) >> (8 * i))
		}
		return within(xxHash64(b[:]), a)
	})
	add("hash_combine", "l*", Long, func(a Args) any {
		var h uint64
		for i := range a {
			h ^= uint64(a.L(i)) + 0x9e3779b97f4a7c15 + h<<6 + h>>2
		}
		return int64(h)
	})
	add("new_guid", "", 'g', func(Args) any {
		var b [16]byte
		_, _ = crand.Read(b[:])
		b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
		return guidOf(hex.EncodeToString(b[:]))
	}).Unsteady = true
}

func unbase64(s string) ([]byte, bool) {
	s = strings.TrimSpace(s)
	b, err := base64.StdEncoding.DecodeString(s)
	return b, err == nil
}

// swapped puts the bytes of a GUID in the order that .NET writes them in, or back.
func swapped(b []byte) []byte {
	order := [16]int{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}
	out := make([]byte, 16)
	for i, from := range order {
		out[i] = b[from]
	}
	return out
}

func urlEncode(s, plain, blank string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case isTerm(c) || strings.IndexByte(plain, c) >= 0:
			b.WriteByte(c)
		case c == ' ':
			b.WriteString(blank)
		default:
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}

// urlDecode reads what it can: what only looks encoded stays.
func urlDecode(s string) string {
	if d, err := url.QueryUnescape(s); err == nil {
		return strings.ToValidUTF8(d, "\uFFFD")
	}
	var b []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			b = append(b, ' ')
		case s[i] == '%' && i+2 < len(s):
			if c, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b = append(b, c[0])
				i += 2
				continue
			}
			b = append(b, '%')
		default:
			b = append(b, s[i])
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// within gives a hash, or what it leaves when it is divided.
func within(h uint64, a Args) any {
	if a.Has(1) {
		if a.L(1) <= 0 {
			return nil
		}
		return int64(h % uint64(a.L(1)))
	}
	return int64(h)
}

// The primes of xxHash.
const (
	prime1 uint64 = 11400714785074694791
	prime2 uint64 = 14029467366897019727
	prime3 uint64 = 1609587929392839161
	prime4 uint64 = 9650029242287828579
	prime5 uint64 = 2870177450012600261
)

// xxHash64 is the hash of that name, which hash() gives.
func xxHash64(b []byte) uint64 {
	read := func(b []byte, n int) (v uint64) {
		for i := range n {
			v |= uint64(b[i]) << (8 * i)
		}
		return v
	}
	round := func(acc, v uint64) uint64 { return bits.RotateLeft64(acc+v*prime2, 31) * prime1 }
	n := uint64(len(b))
	h := prime5
	if len(b) >= 32 {
		p1, p2 := prime1, prime2
		v := [4]uint64{p1 + p2, p2, 0, -p1}
		for len(b) >= 32 {
			for i := range v {
				v[i] = round(v[i], read(b[8*i:], 8))
			}
			b = b[32:]
		}
		h = bits.RotateLeft64(v[0], 1) + bits.RotateLeft64(v[1], 7) + bits.RotateLeft64(v[2], 12) + bits.RotateLeft64(v[3], 18)
		for _, x := range v {
			h = (h^round(0, x))*prime1 + prime4
		}
	}
	h += n
	for ; len(b) >= 8; b = b[8:] {
		h = bits.RotateLeft64(h^round(0, read(b, 8)), 27)*prime1 + prime4
	}
	if len(b) >= 4 {
		h = bits.RotateLeft64(h^read(b, 4)*prime1, 23)*prime2 + prime3
		b = b[4:]
	}
	for _, c := range b {
		h = bits.RotateLeft64(h^uint64(c)*prime5, 11) * prime1
	}
	h = (h ^ h>>33) * prime2
	h = (h ^ h>>29) * prime3
	return h ^ h>>32
}
