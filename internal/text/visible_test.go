package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ reason, in, want string }{
		"plain":       {"as it is", "Kari Nordmann, Åsgata 3", "Kari Nordmann, Åsgata 3"},
		"lines":       {"people write paragraphs", "a\r\n\tb", "a\r\n\tb"},
		"other":       {"letters of other languages stay", "Łukasz Şahin Наталья 李", "Łukasz Şahin Наталья 李"},
		"NUL":         {"PostgreSQL takes none", "a\x00b", "ab"},
		"escape":      {"terminals obey it", "a\x1b[31mb", "a[31mb"},
		"delete":      {"a control", "a\x7fb", "ab"},
		"C1":          {"a control too", "a\u0085\u009bb", "ab"},
		"override":    {"the text would be read backwards", "faktura\u202efdp.exe", "fakturafdp.exe"},
		"isolate":     {"the same by newer signs", "\u2066a\u2069\u2067b\u2069\u061c", "ab"},
		"marks":       {"the same, in short", "\u200ea\u200fb", "ab"},
		"zero width":  {"two names would look alike", "Ka\u200bri\ufeff No\u2060rd\u200cmann", "Kari Nordmann"},
		"soft hyphen": {"seen at some widths alone", "inkasso\u00adsak", "inkassosak"},
		"filler":      {"letters that are blank", "a\u3164\u115f\uffa0b", "ab"},
		"tags":        {"hidden ASCII", "a\U000e0041\U000e0001b", "ab"},
		"separators":  {"lines by other signs", "a\u2028b\u2029c", "a\nb\nc"},
		"emoji":       {"one picture of three", "👨‍👩‍👧 ok ❤️‍🔥 👩🏽‍🚒", "👨‍👩‍👧 ok ❤️‍🔥 👩🏽‍🚒"},
		"joiner":      {"it joins no pictures", "a\u200db\u200d", "ab"},
		"half":        {"bytes that are no character", "a\xffb\xc3", "ab"},
		"Latin-1":     {"the same in one's own alphabet", "bl\xe5b\xe6r", "blbr"},
		"surrogate":   {"UTF-8 has none", "a\xed\xa0\x80b", "ab"},
	} {
		if got := Visible(tc.in); got != tc.want {
			t.Errorf("%s (%s): %q", name, tc.reason, got)
		}
	}
	if got := Line(" Kari\u202e\r\n\t Nordmann\u2028AS "); got != "Kari  Nordmann AS" {
		t.Errorf("a line: %q", got)
	}
}

func TestValid(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{"": true, "æøå 😀": true, "a\x00": false, "\xe6": false, "\xed\xa0\x80": false,
		"\xc3": false} {
		if Valid([]byte(in)) != want {
			t.Errorf("%q", in)
		}
	}
}

func FuzzVisible(f *testing.F) {
	for _, seed := range []string{"", "Kari", "a\u202eb", "👨‍👩‍👧", "\xff", "a\u200d", "ÆØÅ\u00ad"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := Visible(in)
		if !utf8.ValidString(got) || Visible(got) != got || len(got) > len(in) {
			t.Fatalf("%q became %q", in, got)
		}
		for _, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && !strings.ContainsRune("\n\t\r\u200d", r) {
				t.Fatalf("%q became %q", in, got)
			}
		}
		if strings.ContainsAny(Line(in), "\n\t\r") {
			t.Fatalf("%q is no line", Line(in))
		}
	})
}
