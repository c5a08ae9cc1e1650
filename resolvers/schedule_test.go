package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/access"
	"github.com/oversikt/oversikt/internal/demo/people"
	"github.com/oversikt/oversikt/internal/money"
	"github.com/oversikt/oversikt/internal/norway"
)

const scheduleFields = `asOf complete paid { amount } remaining { amount } next { dueOn remaining { amount } }
	days { dueOn status total { amount } paid { amount } remaining { amount } payments {
		status amount { amount } fee { amount } paid { amount } remaining { amount }
		case { id caseNumber agency { code name } creditor { name } paymentInfo { kid account payee } } } }`

// myPlan is what the page of a person's plan asks for.
const myPlan = `{ viewer { paymentSolutionAcceptances { id status kinds acceptedAt totalPaid { amount } lastDay schedule { ` + scheduleFields + ` } } } }`

// plan reads the page as a frontend and checks that its sums add up, in one round trip.
func (p *portal) plan() any {
	p.t.Helper()
	a := p.ask(kari(), myPlan, nil)
	if len(a.Errors) > 0 {
		p.t.Fatalf("%s", a.Raw)
	}
	for _, u := range a.Extensions.Usage {
		if u.RoundTrips != 1 {
			p.t.Errorf("%s is asked %d times", u.Agency, u.RoundTrips)
		}
	}
	s := at(a.object(p.t), "viewer", "paymentSolutionAcceptances", 0, "schedule")
	p.sums(s)
	return s
}

func (p *portal) sums(s any) {
	p.t.Helper()
	add := func(list any, member string) (sum money.Øre) {
		for _, x := range list.([]any) {
			sum += amount(p.t, at(x, member))
		}
		return sum
	}
	for _, member := range []string{"paid", "remaining"} {
		if got := add(at(s, "days"), member); got != amount(p.t, at(s, member)) {
			p.t.Errorf("the days' %s is %s, the schedule's %v", member, got, at(s, member))
		}
	}
	for _, d := range at(s, "days").([]any) {
		for of, member := range map[string]string{"amount": "total", "paid": "paid", "remaining": "remaining"} {
			if got := add(at(d, "payments"), of); got != amount(p.t, at(d, member)) {
				p.t.Errorf("%v: the payments' %s is %s, the day's %v", at(d, "dueOn"), of, got, at(d, member))
			}
		}
	}
}

// scheduled returns the payments of a schedule, by day and case number.
func scheduled(s any) map[string]any {
	all := map[string]any{}
	for _, d := range at(s, "days").([]any) {
		for _, x := range at(d, "payments").([]any) {
			all[fmt.Sprintf("%s %s", at(d, "dueOn"), at(x, "case", "caseNumber"))] = x
		}
	}
	return all
}

// receive has an agency book money in a case, as it does when a bank tells it.
func (p *portal) receive(payment any, on norway.Date, sum money.Øre) {
	p.t.Helper()
	code, number := at(payment, "case", "agency", "code").(string), at(payment, "case", "caseNumber")
	sql := `insert into core.payment (case_id, amount_ore, received_on, channel) select case_id, $2, $3::date, 'BANK' from core.case where case_number = $1`
	if code == people.Tradisjon {
		sql = `insert into inkasso.innbetaling (saksnr, belop, valutert, registrert, kanal) values ($1, $2 / 100.0, $3::date, '2026-03-03 08:00', 'B')`
	}
	tag, err := p.databases[code].Conn().Exec(p.t.Context(), sql, number, int64(sum), on.String())
	if err != nil || tag.RowsAffected() != 1 {
		p.t.Fatalf("%s, %v: %v %v", code, number, tag, err)
	}
}

// TestSchedule accepts a solution, comes back on later days as the frontend does, and pays.
func TestSchedule(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	best := p.offers("6000.00")["LOWEST_COST"]
	accepted := p.get(kari(), `mutation($input: AcceptPaymentSolutionInput!) { acceptPaymentSolution(input: $input) { acceptance { id status schedule { `+scheduleFields+` } } } }`,
		map[string]any{"input": map[string]any{"idempotencyKey": uuid.New(), "offerId": at(best, "offerId")}})
	at1 := at(accepted, "acceptPaymentSolution", "acceptance")
	if at(at1, "status") != "CONFIRMED" {
		t.Fatalf("%v", at1)
	}
	// The next day: what was offered, all of it still to come.
	p.live(today + 1)
	s := p.plan()
	if at(s, "complete") != true || at(s, "asOf") != (today+1).String() || amount(t, at(s, "paid")) != 0 || amount(t, at(s, "remaining")) != amount(t, at(best, "totalPaid")) {
		t.Fatalf("%v", s)
	}
	if diff := cmp.Diff(at(at1, "schedule", "days"), at(s, "days")); diff != "" {
		t.Errorf("what the mutation answered is another schedule (-then +the day after):\n%s", diff)
	}
	var want, got []string
	for _, m := range at(best, "schedule").([]any) {
		fees := map[any]money.Øre{}
		for _, f := range at(m, "fees").([]any) {
			fees[at(f, "agency", "code")] += amount(t, at(f, "amount"))
		}
		want = append(want, fmt.Sprint(at(m, "dueOn"), at(m, "total")))
		for _, x := range at(m, "payments").([]any) {
			want = append(want, fmt.Sprint(at(m, "dueOn"), at(x, "case", "caseNumber"), amount(t, at(x, "amount"))))
		}
		for code, fee := range fees {
			want = append(want, fmt.Sprint(at(m, "dueOn"), "fees ", code, fee))
		}
	}
	for _, d := range at(s, "days").([]any) {
		got = append(got, fmt.Sprint(at(d, "dueOn"), at(d, "total")))
		fees := map[any]money.Øre{}
		for _, x := range at(d, "payments").([]any) {
			fee := amount(t, at(x, "fee"))
			fees[at(x, "case", "agency", "code")] += fee
			got = append(got, fmt.Sprint(at(d, "dueOn"), at(x, "case", "caseNumber"), amount(t, at(x, "amount"))-fee))
			if at(x, "status") != "COMING" || at(x, "case", "paymentInfo", "kid") == nil || at(x, "case", "paymentInfo", "account") == nil {
				t.Errorf("%v", x)
			}
		}
		for code, fee := range fees {
			if fee > 0 {
				got = append(got, fmt.Sprint(at(d, "dueOn"), "fees ", code, fee))
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("another schedule than was offered (-offered +kept):\n%s", diff)
	}
	days := at(s, "days").([]any)
	if len(days) < 3 || at(s, "next", "dueOn") != at(days[0], "dueOn") {
		t.Fatalf("%v", s)
	}
	first := norway.MustDate(at(days[0], "dueOn").(string))

	// The first pay day: one case is paid in full, another but for an øre.
	p.live(first)
	if s = p.plan(); at(s, "next", "dueOn") != first.String() || at(s, "days", 0, "status") != "DUE" {
		t.Errorf("on the day: %v", at(s, "days", 0))
	}
	payments := at(days[0], "payments").([]any)
	total := money.Øre(0)
	for i, x := range payments {
		sum := amount(t, at(x, "remaining"))
		if i == len(payments)-1 {
			sum--
		}
		total += sum
		p.receive(x, first, sum)
	}
	p.live(first + 1)
	s = p.plan()
	last := at(s, "days", 0, "payments", len(payments)-1)
	if amount(t, at(s, "paid")) != total || amount(t, at(s, "next", "remaining")) != 1 || at(last, "status") != "LATE" || amount(t, at(last, "remaining")) != 1 || at(s, "days", 0, "status") != "LATE" {
		t.Errorf("an øre is missing: %v\n%v", at(s, "days", 0), at(s, "next"))
	}
	for _, x := range at(s, "days", 0, "payments").([]any)[:len(payments)-1] {
		if at(x, "status") != "PAID" || amount(t, at(x, "remaining")) != 0 || amount(t, at(x, "paid")) != amount(t, at(x, "amount")) {
			t.Errorf("%v", x)
		}
	}
	p.receive(last, first, 1)
	s = p.plan()
	if at(s, "days", 0, "status") != "PAID" || at(s, "next", "dueOn") != at(days[1], "dueOn") || amount(t, at(s, "paid")) != amount(t, at(days[0], "total")) {
		t.Errorf("all of the first day is paid: %v\n%v", at(s, "days", 0), at(s, "next"))
	}

	// By its id it is the same, in one round trip too.
	byID := p.ask(kari(), `query($id: ID!) { node(id: $id) { ... on PaymentSolutionAcceptance { schedule { `+scheduleFields+` } } } again: nodes(ids: [$id]) { id } }`, map[string]any{"id": at(at1, "id")})
	if diff := cmp.Diff(s, at(byID.object(t), "node", "schedule")); diff != "" {
		t.Errorf("by its id it is another one (-listed +by id):\n%s", diff)
	}
	for _, u := range byID.Extensions.Usage {
		if u.RoundTrips != 1 {
			t.Errorf("%s is asked %d times", u.Agency, u.RoundTrips)
		}
	}

	// What the portal keeps tells nobody's cases, and survived the end.
	if n := p.scalar(`select count(*) from portal.acceptance where person is null and schedule is not null and last_day = '` + at(best, "lastDay").(string) + `'
		and position('100' in encode(schedule, 'escape')) = 0 or convert_from(schedule, 'LATIN1') like '%cases%'`); n != 1 {
		t.Errorf("%d schedules", n)
	}

	// An agency that is down: its payments are left out, and the answer says so.
	p.line(people.Tradisjon, false)
	down := p.ask(kari(), myPlan, nil)
	s = at(down.object(t), "viewer", "paymentSolutionAcceptances", 0, "schedule")
	if down.codes() != "[AGENCY_UNAVAILABLE]" || at(s, "complete") != false || len(scheduled(s)) == 0 {
		t.Errorf("%s", down.Raw)
	}
	p.sums(s)
	for key, x := range scheduled(s) {
		if at(x, "case", "agency", "code") == people.Tradisjon {
			t.Errorf("%s is shown", key)
		}
	}
	byID = p.ask(kari(), `query($id: ID!) { node(id: $id) { ... on PaymentSolutionAcceptance { schedule { complete } } } }`, map[string]any{"id": at(at1, "id")})
	if byID.codes() != "[AGENCY_UNAVAILABLE]" || at(byID.object(t), "node", "schedule", "complete") != false {
		t.Errorf("%s", byID.Raw)
	}
	p.line(people.Tradisjon, true)
}

var _ = strings.Join
var _ = access.Debtor
