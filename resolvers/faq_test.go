package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/faq"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/resolvers"
)

// keysOf returns the keys of an answer of faq.
func keysOf(data any) (keys []string) {
	for _, e := range at(data, "faq").([]any) {
		keys = append(keys, at(e, "key").(string))
	}
	return keys
}

// TestFaq: everybody reads it, an agency's own words go before ours, and a search finds inflected
// forms, the entry with all of its words first.
func TestFaq(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for name, tc := range map[string]struct{ reason, args, first string }{
		"plural":    {"bokmål: avdrag, avdragene", `language: NB, search: "avdragene"`, "instalments"},
		"tense":     {"klager, klage", `language: NB, search: "klage på foretaket"`, "complaint"},
		"nynorsk":   {"fristen, frist", `language: NN, search: "utsett frist"`, "deferral"},
		"English":   {"objected, object", `language: EN, search: "objecting"`, "objection"},
		"question":  {"stop words say nothing", `language: NB, search: "Hvordan regnes forsinkelsesrentene?"`, "interest"},
		"operators": {"they are no syntax error", `language: NB, search: "fullmakt & | ! ( ' \"<->"`, "power-of-attorney"},
		"act":       {"a help text beside its button", `language: NB, act: GIVE_POWER_OF_ATTORNEY`, "power-of-attorney"},
		"phase":     {"and beside the phase", `language: NB, phase: HEAVY_FEE, search: "salær"`, "heavy-fee"},
	} {
		a := p.askAs("", "{ faq("+tc.args+") { key question answer law acts phases fromAgency language } }", nil)
		if a.codes() != "[]" {
			t.Errorf("%s: %s", name, a.Raw)
		} else if keys := keysOf(a.object(t)); len(keys) == 0 || keys[0] != tc.first {
			t.Errorf("%s: %v, want %s first: %s", name, keys, tc.first, tc.reason)
		}
	}
	all := keysOf(p.askAs("", `{ faq(language: NN, search: " ") { key } }`, nil).object(t))
	if len(all) != len(faq.Of(debt.Nynorsk, nil)) {
		t.Errorf("%d entries", len(all))
	}
	ask := func(code, more, fields string) answer {
		return p.askAs("", fmt.Sprintf("{ faq(agency: %q, language: NB%s) { key %s } }", code, more, fields), nil)
	}
	for code, want := range map[string]string{people.Fjord: "Inntil 30 dager", people.Tradisjon: "inntil 14 dager",
		people.Lita: ""} {
		first := at(ask(code, `, act: REQUEST_DEFERRAL, search: "utsatt fristen"`, "answer fromAgency").object(t), "faq").([]any)[0]
		if at(first, "key") != "deferral" || at(first, "fromAgency") != (want != "") ||
			!strings.Contains(at(first, "answer").(string), want) {
			t.Errorf("%s: %v", code, first)
		}
		again := ask(code, "", "")
		own := slices.Contains(keysOf(again.object(t)), "opening-hours")
		if own != (want != "") || len(again.Extensions.Usage) > 0 {
			t.Errorf("%s: its own question is there: %t; what is kept is asked for again: %s", code, own, again.Raw)
		}
	}
	for query, code := range map[string]string{
		`{ faq(agency: "nobody") { key } }`:                            "[NOT_FOUND]",
		`{ faq(search: "` + strings.Repeat("å", 201) + `") { key } }`:  "[BAD_USER_INPUT]",
		`{ faq(search: "a\u0000b") { key } }`:                          "[BAD_USER_INPUT]",
		`{ faq(search: "` + strings.Repeat("a ", 100) + `") { key } }`: "[]",
	} {
		if a := p.askAs("", query, nil); a.codes() != code {
			t.Errorf("%.60s: %s, want %s", query, a.Raw, code)
		}
	}
}

// TestFaqWithoutItsAgency: ours stand while the agency is down, and its own words are told as they
// were known.
func TestFaqWithoutItsAgency(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.line(people.Lita, false)
	a := p.askAs("", `{ faq(agency: "lita", language: EN) { key fromAgency } }`, nil)
	if keys := keysOf(a.object(t)); a.codes() != "[AGENCY_UNAVAILABLE]" || len(keys) != len(faq.Of(debt.English, nil)) {
		t.Errorf("%s", a.Raw)
	}
}

// TestFaqNamesActs: what an entry explains is in the schema, and each act of a debtor is explained.
func TestFaqNamesActs(t *testing.T) {
	t.Parallel()
	var named []string
	for _, e := range faq.Of(debt.English, nil) {
		for _, a := range model.NewFaqEntry(e).Acts {
			named = append(named, string(a))
			if schema.Types["ActName"].EnumValues.ForName(string(a)) == nil {
				t.Errorf("%s explains %s, which is no act", e.Key, a)
			}
		}
	}
	for _, a := range resolvers.NewActs(resolvers.ActDeps{}).All() {
		if a.Who != act.AtDesk && !slices.Contains(named, string(a.Name)) {
			t.Errorf("nothing explains %s", a.Name)
		}
	}
}
