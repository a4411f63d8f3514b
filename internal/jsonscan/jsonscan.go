// Package jsonscan steps over the values of JSON that hold no others, quickly: for readers that look over a great many records once. What
// it is given may be cut off anywhere, and hold anything.
package jsonscan

import (
	"encoding/binary"
	"math/bits"
)

// Text steps over the text that begins with a quote at a place, and gives where it ends; plain, if nothing in it is escaped. The end is 0
// if it is no text. Whether its bytes are UTF-8 is not looked at.
func Text(text []byte, at int) (end int, plain bool) {
	plain = true
	i := at + 1
	for i < len(text) {
		for i+8 <= len(text) {
			if n := ordinary(binary.LittleEndian.Uint64(text[i:])); n < 8 {
				i += n
				break
			}
			i += 8
		}
		if i == len(text) {
			break
		}
		switch c := text[i]; {
		case c == '"':
			return i + 1, plain
		case c == '\\':
			n := escape(text[i:])
			if n == 0 {
				return 0, false
			}
			i, plain = i+n, false
		case c < ' ':
			return 0, false
		default:
			i++
		}
	}
	return 0, false
}

// ordinary counts the bytes before the first of eight that is a quote, a backslash or a control character.
func ordinary(eight uint64) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, backslash := eight^'"'*ones, eight^'\\'*ones
	found := (quote-ones)&^quote | (backslash-ones)&^backslash | (eight-' '*ones)&^eight
	if found &= tops; found == 0 {
		return 8
	}
	return bits.TrailingZeros64(found) / 8
}

// escape gives the length of the escape that a text begins with, 0 if there is none of that kind.
func escape(text []byte) int {
	if len(text) < 2 {
		return 0
	}
	switch text[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if len(text) < 6 {
			return 0
		}
		for _, c := range text[2:6] {
			if c-'0' > 9 && (c|0x20)-'a' > 5 {
				return 0
			}
		}
		return 6
	}
	return 0
}

// Plain steps over a number, true, false or null, and gives where it ends; 0 if it is none of them.
func Plain(text []byte, at int) (end int) {
	if at >= len(text) {
		return 0
	}
	word := ""
	switch text[at] {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	default:
		return number(text, at)
	}
	if end = at + len(word); end > len(text) || string(text[at:end]) != word {
		return 0
	}
	return end
}

func number(text []byte, at int) (end int) {
	if text[at] == '-' {
		at++
	}
	switch {
	case at == len(text):
		return 0
	case text[at] == '0':
		at++
	default:
		if at = digits(text, at); at == 0 {
			return 0
		}
	}
	if at < len(text) && text[at] == '.' {
		if at = digits(text, at+1); at == 0 {
			return 0
		}
	}
	if at < len(text) && text[at]|0x20 == 'e' {
		if at++; at < len(text) && (text[at] == '+' || text[at] == '-') {
			at++
		}
		return digits(text, at)
	}
	return at
}

// digits steps over at least one digit.
func digits(text []byte, at int) (end int) {
	end = at
	for end < len(text) && text[end]-'0' <= 9 {
		end++
	}
	if end == at {
		return 0
	}
	return end
}

// Space steps over space.
func Space(text []byte, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n') {
		at++
	}
	return at
}

// Sum is made of a name's length, beginning and end: it tells most names apart.
func Sum(name []byte) uint64 {
	n := uint64(len(name)) << 56
	if len(name) >= 8 {
		return n ^ binary.LittleEndian.Uint64(name) ^ binary.LittleEndian.Uint64(name[len(name)-8:])<<3
	}
	for i, c := range name {
		n ^= uint64(c) << (8 * i)
	}
	return n
}
