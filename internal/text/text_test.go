package text_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/text"
)

func TestOf(t *testing.T) {
	t.Parallel()
	day := norway.MustDate("2026-12-24")
	cases := map[string]struct {
		reason    string
		got, want string
	}{
		"bokmål":  {"the first language", text.Of(text.NB, "act.CASE_CLOSED"), "Saken er avsluttet."},
		"nynorsk": {"the second", text.Of(text.NN, "act.CASE_CLOSED"), "Saka er avslutta."},
		"English": {"the third", text.Of(text.EN, "act.CASE_CLOSED"), "The case is closed."},
		"no such language": {"most people read bokmål", text.Of("sv", "act.CASE_CLOSED"),
			"Saken er avsluttet."},
		"no such key": {"a person is shown something", text.Of(text.NB, "act.NEW_CODE"), "New code"},
		"a day": {"as the language writes it",
			text.Of(text.NN, "input.DAY_LATEST", text.With("until", day)),
			"Vel ein dag som ikkje er seinare enn 24. desember 2026."},
		"an amount": {"as the language writes it",
			text.Of(text.EN, "input.AMOUNT_MOST", text.With("max", money.Øre(1234_50))),
			"The amount cannot be more than NOK\u00a01,234.50."},
		"a wait": {"in words",
			text.ActMessage(text.NB, "loginWithLetter", "THROTTLED", text.With("wait", 29*time.Minute+time.Second)),
			"Det er gjort for mange forsøk. Prøv igjen om 30\u00a0minutter."},
		"two numbers": {"each at its place",
			text.Of(text.EN, "input.NAME_LENGTH", text.With("min", 2), text.With("max", 120)),
			"A name has 2 to 120 characters."},
		"the act's own": {"it knows better than the code",
			text.ActMessage(text.EN, "withdrawObjection", "NOT_FOUND"), "You have no such objection."},
		"the code's": {"where the act has none", text.ActMessage(text.EN, "requestDeferral", "NOT_FOUND"),
			"You have no such case."},
	}
	for name, tc := range cases {
		if tc.got != tc.want {
			t.Errorf("%s: %q, want %q: %s", name, tc.got, tc.want, tc.reason)
		}
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		wait   time.Duration
		nn     string
	}{
		"one second":   {"singular", time.Second, "1\u00a0sekund"},
		"a part":       {"never too early", 1500 * time.Millisecond, "2\u00a0sekund"},
		"a minute":     {"still in seconds", time.Minute, "60\u00a0sekund"},
		"two minutes":  {"in minutes", 90 * time.Second, "2\u00a0minutt"},
		"half an hour": {"in minutes", 30 * time.Minute, "30\u00a0minutt"},
	}
	for name, tc := range cases {
		if got := text.NN.Wait(tc.wait); got != tc.nn {
			t.Errorf("%s: %q, want %q: %s", name, got, tc.nn, tc.reason)
		}
	}
	if one, two := text.NB.Days(1), text.NB.Days(2); one != "1\u00a0dag" || two != "2\u00a0dager" {
		t.Errorf("%q, %q", one, two)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for typed, plain := range map[string]bool{
		"": true, "Hvorfor?\r\n\tOg når?": true, "kr 100 😀": true,
		"a\x00b": false, "\x1b": false, "\x7f": false, "\u0085": false, "\xff": false,
	} {
		if text.Plain(typed) != plain {
			t.Errorf("%q is plain: %t", typed, !plain)
		}
	}
}

// groups are the first parts of keys.
var groups = []string{"act", "audit", "input", "reason", "error", "enum", "genuine", "paper", "statement"}

// placeholders are the values that a text may have in it: figures and names of ours, nothing that
// a person has typed.
var placeholders = []string{"agency", "amount", "cases", "charged", "daily", "day", "due", "end", "fee", "from", "least",
	"limit",
	"max", "min", "missing", "months", "most", "on", "order", "paragraph", "sent", "since", "stake", "total", "until", "wait", "years"}

// bokmal and nynorsk are words that the other written language has not.
var (
	bokmal = spotted("ikke", "jeg", "hvilken", "hva", "hvor", "noe", "noen", "fra", "bare", "mer", "tar", "kommer",
		"gjelder", "saken")
	nynorsk = spotted("ikkje", "eg", "kva", "kvar", "noko", "frå", "berre", "meir", "tek", "kjem", "saka", "dei")
)

func spotted(words ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|[^\pL])(` + strings.Join(words, "|") + `)($|[^\pL])`)
}

// TestCatalogue holds what every text must be.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	nb, nn, en := text.All(text.NB), text.All(text.NN), text.All(text.EN)
	if len(nb) < 100 {
		t.Fatalf("%d texts", len(nb))
	}
	named := regexp.MustCompile(`^[a-z]+(\.[A-Za-z]+)*(\.[A-Z][A-Z0-9]*(_[A-Z0-9]+)*)+$`)
	for _, key := range slices.Sorted(maps.Keys(nb)) {
		group, _, _ := strings.Cut(key, ".")
		if !slices.Contains(groups, group) || !named.MatchString(key) || !text.Has(key) {
			t.Errorf("%s is no key like the others", key)
		}
		for language, one := range map[text.Language]string{text.NB: nb[key], text.NN: nn[key], text.EN: en[key]} {
			holdText(t, key, group, language, one)
		}
		if a, b, c := filled(nb[key]), filled(nn[key]), filled(en[key]); !slices.Equal(a, b) || !slices.Equal(a, c) {
			t.Errorf("%s: the languages have other placeholders: %v, %v, %v", key, a, b, c)
		}
		if found := nynorsk.FindString(nb[key]); found != "" {
			t.Errorf("%s: %q is not bokmål", key, found)
		}
		if found := bokmal.FindString(nn[key]); found != "" {
			t.Errorf("%s: %q is not nynorsk", key, found)
		}
	}
}

// mostText is how many characters fit below a field.
const mostText = 200

func holdText(t *testing.T, key, group string, l text.Language, one string) {
	t.Helper()
	if one == "" || one != strings.TrimSpace(one) || strings.ContainsAny(one, "\n\t%") ||
		utf8.RuneCountInString(one) > mostText {
		t.Errorf("%s, %s: %q is not a text of 1 to %d characters on one line", key, l, one, mostText)
	}
	if sentence := strings.HasSuffix(one, "."); sentence != (group != "enum" && group != "paper") {
		t.Errorf("%s, %s: %q: messages are sentences, labels are not", key, l, one)
	}
	for _, name := range filled(one) {
		if !slices.Contains(placeholders, name) {
			t.Errorf("%s, %s: {%s} is not among the placeholders", key, l, name)
		}
	}
}

// filled returns the placeholders of a text, in order of names.
func filled(one string) (names []string) {
	for _, found := range regexp.MustCompile(`\{([^}]*)\}`).FindAllStringSubmatch(one, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return names
}
