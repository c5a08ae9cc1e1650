package resolvers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const auditing = `{ viewer { cases(first: 100) { nodes { caseNumber agency { code } audit { verdict findings {
	rule verdict paragraph missing amount { amount } fee { amount { amount } } text(language: EN)
	prefill { objection { reasons statement(language: NN) } } } } } } } }`

// TestAudit has what the check of a claim finds in the cases of somebody who was wronged, at agencies of two cores.
func TestAudit(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	who := people.DemoPeople(today)[10].NationalID
	a := p.ask(who, auditing, nil)
	breaches := map[string][]string{}
	for _, c := range at(a.object(t), "viewer", "cases", "nodes").([]any) {
		code := at(c, "agency", "code").(string)
		for _, f := range at(c, "audit", "findings").([]any) {
			if v := at(f, "verdict"); v == "BREACH" || v == "NEAR" {
				said := at(f, "rule").(string)
				if amount := at(f, "amount"); amount != nil && v == "BREACH" {
					said += " " + at(amount, "amount").(string)
				}
				breaches[code] = append(breaches[code], said)
				if !strings.Contains(at(f, "text").(string), at(f, "paragraph").(string)) ||
					!strings.Contains(at(f, "prefill", "objection", "statement").(string), " Eg ") {
					t.Errorf("%v", f)
				}
			}
		}
	}
	for _, all := range breaches {
		slices.Sort(all)
	}
	want := map[string][]string{people.Fjord: {"FEE_CAP 145.00", "LIMITATION", "SAME_CREDITOR 46.87", "SAME_CREDITOR 46.87"},
		people.Tradisjon: {"FEE_CAP 35.00"}}
	if diff := cmp.Diff(want, breaches); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, u := range a.Extensions.Usage {
		if u.RoundTrips != 1 {
			t.Errorf("%s is asked %d times", u.Agency, u.RoundTrips)
		}
	}
	stranger := people.New(1, today).Person(population + 7).NationalID
	all := p.wrongCases(stranger)
	p.looksThroughBook(stranger, all)
	p.prefills(stranger, all)
}
