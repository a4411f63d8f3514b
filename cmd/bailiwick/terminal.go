package main

import (
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// terminal writes what people read on a terminal so that nothing in it draws there, moves the cursor or turns text around: strangers
// have written some of it. What does not show is written as \uXXXX, which within JSON is the same text.
type terminal struct{ w io.Writer }

// Write writes whole texts: of a rune that is cut in two, both halves would be taken for something else.
func (t terminal) Write(text []byte) (int, error) {
	out := make([]byte, 0, len(text)+64)
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == '\n' || shows(r) {
			out = append(out, text[i:i+n]...)
		} else if r > 0xffff {
			high, low := surrogates(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		} else {
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += n
	}
	if _, err := t.w.Write(out); err != nil {
		return 0, err
	}
	return len(text), nil
}

// shows tells what is printed as it is. Joiners make emoji and the letters of some scripts.
func shows(r rune) bool {
	return r == '\t' || r == '\u200d' || r == '\u200c' || !unicode.IsControl(r) && !unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) && r != utf8.RuneError
}

func surrogates(r rune) (high, low rune) {
	r -= 0x10000
	return 0xd800 + r>>10, 0xdc00 + r&0x3ff
}
