package genuine

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// What is looked for in a text. Go's expressions take time linear in the text.
const (
	space  = `[ \x{a0}\x{202f}]`
	kroner = `(\d{1,3}(?:[ .\x{a0}\x{202f}]\d{3})+|\d{1,9})(?:,(\d{2})|,-|\.(\d{2}))?`
)

var (
	linkWithScheme = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*:[/\\]{2}[^\s<>"']+`)
	mail           = regexp.MustCompile(`[\p{L}\p{N}._%+-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}[\p{L}\p{N}-]*`)
	linkWithout    = regexp.MustCompile(`(?i)[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*(?:\.[\p{L}\p{M}\p{N}_-]+)*\.(xn--[a-z0-9-]+|\p{L}{2,24})\b(?::\d+)?(?:[/?#\\][^\s<>"']*)?`)
	iban           = regexp.MustCompile(`(?i)\bNO` + space + `?\d{2}` + space + `?\d{4}` + space + `?\d{4}` + space + `?\d{3}\b`)
	labelledKID    = regexp.MustCompile(`(?i)\bkid(?:[ -]?(?:nummer|nr\.?|number|no\.?))?` + space + `*:?` + space + `*(\d(?:` +
		space + `?\d){1,24}-?)`)
	kronerBefore = regexp.MustCompile(`(?i)\b(?:kr\.?|nok|beløp:?|sum:?|amount:?)` + space + `*` + kroner)
	kronerAfter  = regexp.MustCompile(`(?i)` + kroner + space + `*(?:kr\b|kroner\b|nok\b)`)
	account      = regexp.MustCompile(`\b(?:\d{4}[. \x{a0}]\d{2}[. \x{a0}]\d{5}|\d{11})\b`)
	phone        = regexp.MustCompile(`(?:\+\d{1,3}|\b00\d{2})` + space + `?\d(?:` + space + `?\d){4,11}\b|\b(?:\d{8}|\d{2}(?:` +
		space + `\d{2}){3}|\d{3}` + space + `\d{2}` + space + `\d{3}|0\d{4})\b`)
)

// finder takes parts out of a text: what one has taken, no other gets.
type finder struct {
	text  string
	parts []Part
}

// parts returns what is in an input, and the text that it stands in.
func (k Known) parts(in Input) (text string, parts []Part) {
	one := func(kind PartKind, s string, plain func(string) string) (string, []Part) {
		return s, []Part{{Kind: kind, to: len(s), plain: plain(s)}}
	}
	switch {
	case in.KID != nil:
		return one(KID, *in.KID, kidOf)
	case in.Account != nil:
		return one(Account, *in.Account, accountOf)
	case in.Link != nil:
		return one(Link, *in.Link, strings.TrimSpace)
	case in.Sender != nil && phone.FindString(*in.Sender) == strings.TrimSpace(*in.Sender):
		return one(Phone, *in.Sender, phoneNumber)
	case in.Sender != nil:
		return one(Sender, *in.Sender, strings.TrimSpace)
	case in.Text != nil:
		f := finder{text: *in.Text}
		f.run(k)
		slices.SortFunc(f.parts, func(a, b Part) int { return a.from - b.from })
		return f.text, f.parts
	}
	return "", nil
}

func (f *finder) run(k Known) {
	f.each(linkWithScheme, 0, Link, func(s string) (string, bool) { return strings.TrimRight(s, closing), true })
	f.each(mail, 0, Sender, same)
	f.each(linkWithout, 0, Link, func(s string) (string, bool) {
		s = strings.TrimRight(s, closing)
		return s, isAddress(s)
	})
	for _, c := range k.Cases {
		f.number(c.CaseNumber)
	}
	for _, c := range k.Cases {
		f.kid(c.KID)
	}
	f.each(iban, 0, Account, func(s string) (string, bool) { return accountOf(s), true })
	f.each(labelledKID, 1, KID, func(s string) (string, bool) { return kidOf(s), true })
	f.amounts(kronerBefore)
	f.amounts(kronerAfter)
	f.each(account, 0, Account, func(s string) (string, bool) {
		n := digitsOf(s)
		_, err := norway.ParseNationalID(n)
		return n, norway.ValidAccount(n) && (err != nil || len(s) > len(n))
	})
	f.each(phone, 0, Phone, func(s string) (string, bool) {
		n := phoneNumber(s)
		return n, !strings.HasPrefix(n, "47") || len(n) != 10 || n[2] > '1'
	})
}

// closing is what ends a sentence or a bracket, and no address.
const closing = `.,;:!?)]}'"»“”…`

func same(s string) (string, bool) { return s, true }

// each takes what matches, or its group, where plain makes something of it.
func (f *finder) each(pattern *regexp.Regexp, group int, kind PartKind, plain func(string) (string, bool)) {
	for _, m := range pattern.FindAllStringSubmatchIndex(f.text, -1) {
		from, to := m[2*group], m[2*group+1]
		if kind == Link {
			to = from + len(strings.TrimRight(f.text[from:to], closing))
		}
		if p, ok := plain(f.text[from:to]); ok {
			f.take(Part{Kind: kind, from: from, to: to, plain: p})
		}
	}
}

func (f *finder) take(p Part) {
	if p.from < p.to && !slices.ContainsFunc(f.parts, func(o Part) bool { return p.from < o.to && o.from < p.to }) {
		f.parts = append(f.parts, p)
	}
}

// amounts takes sums in kroner.
func (f *finder) amounts(pattern *regexp.Regexp) {
	for _, m := range pattern.FindAllStringSubmatchIndex(f.text, -1) {
		øre := "00"
		for _, g := range []int{4, 6} {
			if m[g] >= 0 {
				øre = f.text[m[g]:m[g+1]]
			}
		}
		f.take(Part{Kind: Amount, from: m[0], to: m[1], plain: digitsOf(f.text[m[2]:m[3]]) + "." + øre})
	}
}

// number takes a case number of the caller's where it stands alone.
func (f *finder) number(number string) {
	if utf8.RuneCountInString(number) < 3 {
		return
	}
	f.alone(number, CaseNumber)
}

// kid takes a KID of the caller's cases, also one in groups.
func (f *finder) kid(kid string) {
	if kid == "" {
		return
	}
	f.alone(kid, KID)
	f.each(labelledKID, 1, KID, func(s string) (string, bool) { return kid, kidOf(s) == kid })
}

// alone takes a word of the text.
func (f *finder) alone(word string, kind PartKind) {
	for at := 0; ; {
		i := strings.Index(f.text[at:], word)
		if i < 0 {
			return
		}
		from, to := at+i, at+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(f.text[:from])
		after, _ := utf8.DecodeRuneInString(f.text[to:])
		if !inWord(before) && !inWord(after) {
			f.take(Part{Kind: kind, from: from, to: to, plain: word})
		}
		at = to
	}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// kidOf returns a KID without the space in it.
func kidOf(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
	return strings.Trim(s, ".:")
}

// accountOf returns the eleven digits of an account, also of an IBAN; a wrong one of those is not
// eleven digits.
func accountOf(s string) string {
	s = strings.ToUpper(kidOf(s))
	n := digitsOf(s)
	if !strings.HasPrefix(s, "NO") {
		return n
	}
	if len(n) != 13 || remainder97(n[2:]+"2324"+n[:2]) != 1 { // N is 23, O is 24
		return ""
	}
	return n[2:]
}

func remainder97(digits string) (r int) {
	for _, d := range digits {
		r = (r*10 + int(d-'0')) % 97
	}
	return r
}
