package text

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns s without what nobody sees in it: control, bidi and zero-width characters,
// which can make one text look like another. Lines, tabs and the joiners inside an emoji stay;
// bytes that are no UTF-8 go. Texts from agencies, tokens and people all pass here.
func Visible(s string) string {
	i := seen(s)
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	for rest := s[i:]; rest != ""; {
		r, n := utf8.DecodeRuneInString(rest)
		rest = rest[n:]
		after, _ := utf8.DecodeRuneInString(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			continue
		case r == '\u2028', r == '\u2029': // line and paragraph separators
			r = '\n'
		case r == joiner && pictured(before) && pictured(after):
		case hidden(r):
			continue
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// Line returns s as Visible does and on one line, without space around it: a name or a title.
func Line(s string) string {
	s = Visible(s)
	if strings.ContainsAny(s, "\t\n\r") {
		s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\t' || r == '\n' || r == '\r' }), " ")
	}
	return strings.TrimSpace(s)
}

// Valid says that s is UTF-8 as PostgreSQL takes it: without NUL.
func Valid(s []byte) bool { return utf8.Valid(s) && bytes.IndexByte(s, 0) < 0 }

// seen returns how far s has nothing that is hidden.
func seen(s string) int {
	for i, r := range s {
		if hidden(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)) {
			return i
		}
	}
	return len(s)
}

const joiner = '\u200d'

func hidden(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return (r < ' ' || r == 0x7f) && r != '\n' && r != '\t' && r != '\r'
	case 0xAE <= r && r < 0x300: // Latin letters
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// pictured says that a joiner next to r makes one emoji of two.
func pictured(r rune) bool {
	return r != utf8.RuneError && (r == '\ufe0f' || unicode.In(r, unicode.So, unicode.Sk))
}
