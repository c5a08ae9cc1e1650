package resolvers_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// whatToPay asks for all that says what is to be paid next.
const whatToPay = `{ viewer {
	overview { nextDue { dueOn amount { amount } case { id paymentInfo { kid } } agreement { id paymentInfo { kid } } } }
	cases(first: 100) { nodes { id kid: paymentInfo { kid } agency { code }
		paymentInfo { kid account payee amount { amount } dueOn agreement { id } }
		agreement { id status cases { id caseNumber agency { code } } nextInstalment { number dueOn amount { amount } }
			paymentInfo { kid account payee amount { amount } dueOn agreement { id } } } } }
	paymentSolutionAcceptances { schedule { ` + scheduleFields + ` } } } }`

// TestJointInstalmentStandsOnce: an instalment that cases share is asked for once, by the overview,
// the agreement and the schedule alike, also when a part of it is paid.
func TestJointInstalmentStandsOnce(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	best := p.offers("6000.00")["LOWEST_COST"]
	if got := p.accept(uuid.New(), at(best, "offerId")); at(got, "acceptance", "status") != "CONFIRMED" {
		t.Fatalf("%v", got)
	}
	p.live(today + 1)
	together := p.joined()
	if len(together) == 0 {
		t.Fatal("no agreement joins cases: nothing is proved")
	}
	agencies := map[any]bool{}
	for id, before := range together {
		said, second := at(before, "paymentInfo"), at(before, "cases", 1)
		agencies[at(second, "agency", "code")] = true
		day := norway.MustDate(at(said, "dueOn").(string))
		p.live(day)
		p.receive(map[string]any{"case": second}, day, 100_00)
		p.live(day + 1)
		after := at(p.joined()[id], "paymentInfo")
		if got, want := amount(t, at(after, "amount")), amount(t, at(said, "amount"))-100_00; got != want ||
			at(after, "dueOn") != at(said, "dueOn") {
			t.Errorf("100 kr are paid, and %v remains, not %s", after, want)
		}
		p.live(today + 1)
	}
	if !agencies[people.Tradisjon] || len(agencies) < 2 {
		t.Errorf("only %v have agreements that join cases", agencies)
	}
}

// joined returns the agreements on several cases that are to be paid, by id, and checks that every
// place says the same.
func (p *portal) joined() map[any]any {
	p.t.Helper()
	a := p.ask(kari(), whatToPay, nil)
	if len(a.Errors) > 0 {
		p.t.Fatalf("%s", a.Raw)
	}
	for _, u := range a.Extensions.Usage {
		if u.RoundTrips != 1 {
			p.t.Errorf("%s is asked %d times", u.Agency, u.RoundTrips)
		}
	}
	viewer := at(a.object(p.t), "viewer")
	asked, shares := map[string]money.Øre{}, map[string]money.Øre{} // by KID and day
	key := func(kid, on any) string { return fmt.Sprint(kid, " by ", on) }
	all := map[any]any{}
	for _, c := range at(viewer, "cases", "nodes").([]any) {
		info, agreement := at(c, "paymentInfo"), at(c, "agreement")
		if own := at(info, "agreement"); own == nil {
			if agreement != nil && at(agreement, "nextInstalment") != nil {
				asked[key(at(info, "kid"), at(info, "dueOn"))] += amount(p.t, at(info, "amount"))
			}
			continue
		}
		said := at(agreement, "paymentInfo")
		if at(info, "agreement", "id") != at(agreement, "id") || amount(p.t, at(info, "amount")) != 0 ||
			at(info, "dueOn") != nil || at(said, "agreement") != nil || len(at(agreement, "cases").([]any)) < 2 {
			p.t.Errorf("a case that is paid with others: %v, %v", info, agreement)
		}
		for _, member := range []string{"kid", "account", "payee"} {
			if at(info, member) != at(said, member) {
				p.t.Errorf("the case says %v, its agreement %v", info, said)
			}
		}
		if all[at(agreement, "id")] == nil {
			asked[key(at(said, "kid"), at(said, "dueOn"))] += amount(p.t, at(said, "amount"))
		}
		all[at(agreement, "id")] = agreement
	}
	schedule := at(viewer, "paymentSolutionAcceptances", 0, "schedule")
	next, seen := map[any]string{}, false
	for _, d := range at(schedule, "days").([]any) {
		for _, x := range at(d, "payments").([]any) {
			kid, on := at(x, "case", "paymentInfo", "kid"), at(d, "dueOn").(string)
			if amount(p.t, at(x, "remaining")) > 0 && (next[kid] == "" || next[kid] == on) {
				next[kid] = on
				shares[key(kid, on)] += amount(p.t, at(x, "remaining"))
			}
		}
	}
	for place, sum := range asked {
		if shares[place] == 0 {
			continue // an agreement that is in no plan
		}
		seen = true
		if shares[place] != sum {
			p.t.Errorf("%s: the schedule says %s, the agreement %s", place, shares[place], sum)
		}
	}
	if !seen {
		p.t.Error("no agreement is in the plan: nothing is proved")
	}
	if due := at(viewer, "overview", "nextDue"); at(due, "agreement") != nil {
		place := key(at(due, "agreement", "paymentInfo", "kid"), at(due, "dueOn"))
		if amount(p.t, at(due, "amount")) != asked[place] || at(due, "case", "paymentInfo", "kid") !=
			at(due, "agreement", "paymentInfo", "kid") {
			p.t.Errorf("the overview says %v, the agreement %s", due, asked[place])
		}
	}
	return all
}
