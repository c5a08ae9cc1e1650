package resolvers_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
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
	if n := p.change(code, sql, number, int64(sum), on.String()); n != 1 {
		p.t.Fatalf("%s, %v: %d rows", code, number, n)
	}
}

// change changes an agency's records.
func (p *portal) change(code, sql string, args ...any) int64 {
	p.t.Helper()
	conn := p.databases[code].Conn()
	defer conn.Close(p.t.Context())
	tag, err := conn.Exec(p.t.Context(), sql, args...)
	if err != nil {
		p.t.Fatalf("%s: %v", sql, err)
	}
	return tag.RowsAffected()
}

// TestSchedule accepts a solution, comes back on later days as the frontend does, and pays.
func TestSchedule(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	best := p.offers("6000.00")["LOWEST_COST"]
	const accept = `mutation($input: AcceptPaymentSolutionInput!) { acceptPaymentSolution(input: $input) { acceptance { id status schedule { ` + scheduleFields + ` } } } }`
	input := map[string]any{"input": map[string]any{"idempotencyKey": uuid.New(), "offerId": at(best, "offerId")}}
	then := at(p.get(kari(), accept, input), "acceptPaymentSolution", "acceptance")
	if at(then, "status") != "CONFIRMED" {
		t.Fatalf("%v", then)
	}
	// The next day: what was offered, all of it still to come.
	p.live(today + 1)
	s := p.plan()
	if at(s, "complete") != true || at(s, "asOf") != (today+1).String() || amount(t, at(s, "paid")) != 0 ||
		amount(t, at(s, "remaining")) != amount(t, at(best, "totalPaid")) {
		t.Fatalf("%v", s)
	}
	if diff := cmp.Diff(at(then, "schedule", "days"), at(s, "days")); diff != "" {
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
			if at(x, "status") != "COMING" || at(x, "case", "paymentInfo", "kid") == nil ||
				at(x, "case", "paymentInfo", "account") == nil {
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
	if amount(t, at(s, "paid")) != total || amount(t, at(s, "next", "remaining")) != 1 || at(last, "status") != "LATE" ||
		amount(t, at(last, "remaining")) != 1 || at(s, "days", 0, "status") != "LATE" {
		t.Errorf("an øre is missing: %v\n%v", at(s, "days", 0), at(s, "next"))
	}
	for _, x := range at(s, "days", 0, "payments").([]any)[:len(payments)-1] {
		if at(x, "status") != "PAID" || amount(t, at(x, "remaining")) != 0 ||
			amount(t, at(x, "paid")) != amount(t, at(x, "amount")) {
			t.Errorf("%v", x)
		}
	}
	p.receive(last, first, 1)
	s = p.plan()
	if at(s, "days", 0, "status") != "PAID" || at(s, "next", "dueOn") != at(days[1], "dueOn") ||
		amount(t, at(s, "paid")) != amount(t, at(days[0], "total")) {
		t.Errorf("all of the first day is paid: %v\n%v", at(s, "days", 0), at(s, "next"))
	}

	// By its id it is the same, in one round trip too.
	byID := p.ask(kari(), `query($id: ID!) { node(id: $id) { ... on PaymentSolutionAcceptance { schedule { `+
		scheduleFields+` } } } again: nodes(ids: [$id]) { id } }`, map[string]any{"id": at(then, "id")})
	if diff := cmp.Diff(s, at(byID.object(t), "node", "schedule")); diff != "" {
		t.Errorf("by its id it is another one (-listed +by id):\n%s", diff)
	}
	for _, u := range byID.Extensions.Usage {
		if u.RoundTrips != 1 {
			t.Errorf("%s is asked %d times", u.Agency, u.RoundTrips)
		}
	}

	// What the portal keeps tells nobody's cases, and survived the end.
	if n := p.scalar(`select count(*) from portal.act where whose is null and rests = '` +
		at(best, "lastDay").(string) + `' and position('cases'::bytea in kept) = 0`); n != 1 {
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
	byID = p.ask(kari(),
		`query($id: ID!) { node(id: $id) { ... on PaymentSolutionAcceptance { schedule { complete } } } }`,
		map[string]any{"id": at(then, "id")})
	if byID.codes() != "[AGENCY_UNAVAILABLE]" || at(byID.object(t), "node", "schedule", "complete") != false {
		t.Errorf("%s", byID.Raw)
	}
	// An act that is repeated then was done all the same, and the access log says so.
	again := p.ask(kari(), accept, input)
	if len(again.Errors) > 0 || at(again.object(t), "acceptPaymentSolution", "acceptance", "schedule",
		"complete") != false {
		t.Errorf("%s", again.Raw)
	}
	if n := p.scalar(`select count(*) from portal.access_log where action = 'acceptPaymentSolution' and outcome = 'OK'`); n != 2 {
		t.Errorf("%d acts in the access log", n)
	}
	p.line(people.Tradisjon, true)
}

// TestScheduleFollowsTheCases: what happens in the cases after the acceptance is in the schedule.
func TestScheduleFollowsTheCases(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	best := p.offers("8000.00")["LOWEST_COST"]
	if got := p.accept(uuid.New(), at(best, "offerId")); at(got, "acceptance", "status") != "CONFIRMED" {
		t.Fatalf("%v", got)
	}
	p.live(today + 1)
	agreed := map[string]bool{}     // case numbers of agreements
	instalment := map[string]bool{} // days and case numbers of their instalments
	for _, g := range at(best, "agreements").([]any) {
		for _, c := range at(g, "cases").([]any) {
			agreed[at(c, "caseNumber").(string)] = true
			for _, in := range at(g, "instalments").([]any) {
				instalment[fmt.Sprintf("%s %s", at(in, "dueOn"), at(c, "caseNumber"))] = true
			}
		}
	}
	var alone, joined []string // cases at the reference agency
	for _, x := range scheduled(p.plan()) {
		number := at(x, "case", "caseNumber").(string)
		switch {
		case at(x, "case", "agency", "code") != people.Fjord:
		case agreed[number]:
			joined = append(joined, number)
		default:
			alone = append(alone, number)
		}
	}
	slices.Sort(alone)
	slices.Sort(joined)
	alone, joined = slices.Compact(alone), slices.Compact(joined)
	if len(alone) < 2 || len(joined) == 0 {
		t.Fatalf("%v without an agreement, %v with one: too few to prove anything", alone, joined)
	}
	change := func(sql, number string) {
		t.Helper()
		if n := p.change(people.Fjord, sql, number); n == 0 {
			t.Fatalf("%s: no row", sql)
		}
	}
	// All payments of the case have the status, and nothing remains of them.
	all := func(number, status string) {
		t.Helper()
		n := 0
		for key, x := range scheduled(p.plan()) {
			if at(x, "case", "caseNumber") == number {
				n++
				if at(x, "status") != status || amount(t, at(x, "remaining")) != 0 {
					t.Errorf("%s is %v, want %s: %v", key, at(x, "status"), status, x)
				}
			}
		}
		if n == 0 {
			t.Errorf("%s is not in the schedule", number)
		}
	}
	change(`insert into core.objection (case_id, submitted_at) select case_id, now() from core.case where case_number = $1`, alone[0])
	all(alone[0], "ON_HOLD")
	change(`update core.case set status = 'CLOSED', closed_on = '2026-03-03' where case_number = $1`, alone[1])
	all(alone[1], "NOT_OWED")
	// The agency books an instalment as paid, before it books the money.
	before := scheduled(p.plan())
	change(`update core.instalment i set paid_on = '2026-03-03' from core.agreement_case x, core.case c
		where x.agreement_id = i.agreement_id and c.case_id = x.case_id and i.number = 1 and c.case_number = $1`, joined[0])
	paid := 0
	for key, x := range scheduled(p.plan()) {
		if at(x, "status") == "PAID" && at(before[key], "status") == "COMING" {
			paid++
		}
	}
	if paid == 0 {
		t.Error("an instalment that the agency says is paid is not")
	}
	change(`update core.agreement a set status = 'BREACHED', ended_on = '2026-03-03' from core.agreement_case x, core.case c
		where x.agreement_id = a.agreement_id and c.case_id = x.case_id and c.case_number = $1`, joined[0])
	broken := 0
	for key, x := range scheduled(p.plan()) {
		if at(x, "case", "caseNumber") != joined[0] {
			continue
		}
		want := at(before[key], "status") // what is paid after the agreement
		if instalment[key] {
			want = "SUPERSEDED"
			broken++
		}
		if at(x, "status") != want && at(x, "status") != "PAID" {
			t.Errorf("%s: the agreement is broken, and it is %v", key, x)
		}
	}
	if broken < 2 {
		t.Errorf("the agreement has %d instalments", broken)
	}
	// From before schedules were kept: none, and no error.
	p.execute(`alter table portal.act disable trigger ends_once; update portal.act set kept = null`)
	if s := p.plan0(); s != nil {
		t.Errorf("%v", s)
	}
}

// TestScheduleBringsWhatItNeeds asks every leaf below an acceptance alone and with all others.
func TestScheduleBringsWhatItNeeds(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	p.accept(uuid.New(), at(p.offers("6000.00")["LOWEST_COST"], "offerId"))
	p.live(today + 1)
	paths := slices.DeleteFunc(leaves(access.Debtor, schema.Types["PaymentSolutionAcceptance"],
		[]string{"PaymentSolutionAcceptance", "Viewer"}), func(path []string) bool {
		return slices.Contains(path, "next") // the same type once more
	})
	if len(paths) < 100 {
		t.Fatalf("only %d leaves", len(paths))
	}
	ask := func(paths [][]string) any {
		return at(p.get(kari(), "{ viewer { paymentSolutionAcceptances "+selecting(paths)+" } }", nil), "viewer",
			"paymentSolutionAcceptances")
	}
	whole := any([]any{})
	for chunk := range slices.Chunk(paths, 20) {
		whole = merge(whole, ask(chunk))
	}
	for _, path := range paths {
		if diff := cmp.Diff(values(whole, path), values(ask([][]string{path}), path)); diff != "" {
			t.Errorf("%s alone differs (-together +alone):\n%s", strings.Join(path, "."), diff)
		}
	}
}

// TestScheduleIsTakenAlong: what is to be paid when is in the archive of personal data.
func TestScheduleIsTakenAlong(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	best := p.offers("6000.00")["LOWEST_COST"]
	p.accept(uuid.New(), at(best, "offerId"))
	who := caller.Principal{Kind: caller.Person, NationalID: kari(), Name: "Kari Nordvik"}
	parts, errs := p.resolver.Agencies.Read(t.Context(), who.Scope(), debt.OfAll)
	register, err := p.resolver.Privacy.Register(t.Context(), who, parts)
	if err := errors.Join(append(errs, err)...); err != nil {
		t.Fatal(err)
	}
	content, err := register.Archive(personaldata.Person{Name: who.Name, NationalID: who.NationalID}, nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(files, "personal-data.json")
	if err != nil {
		t.Fatal(err)
	}
	var archive any
	if err := json.Unmarshal(text, &archive); err != nil {
		t.Fatal(err)
	}
	var total money.Øre
	for _, source := range at(archive, "sources").([]any) {
		list, _ := at(source, "portal", "solutionAcceptances", 0, "schedule").([]any)
		for _, x := range list {
			sum, err := money.Parse(at(x, "amount").(string))
			if err != nil || !strings.Contains(at(x, "caseNumber").(string), ", ") {
				t.Errorf("%v: %v", x, err)
			}
			total += sum
		}
	}
	if want := amount(t, at(best, "totalPaid")); total != want {
		t.Errorf("the archive has %s to be paid, want %s", total, want)
	}
}

// TestScheduleOfOthers: whoever may not see every case of an acceptance sees none of it.
func TestScheduleOfOthers(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	s := newSubject(t, p)
	id := at(p.accept(uuid.New(), at(p.offers("6000.00")["LOWEST_COST"], "offerId")), "acceptance", "id")
	for _, c := range s.columns(p) {
		if c.caller == nil || c.as == access.CaseWorker || c.as == access.Supervisor || c.as == access.Auditor || c.as == 0 ||
			c.name == "debtor" {
			continue // the matrix has them
		}
		p.know(c.name, c.caller)
		list := p.askAs(c.name, myPlan, nil)
		if len(list.Errors) > 0 || len(at(list.object(t), "viewer", "paymentSolutionAcceptances").([]any)) > 0 {
			t.Errorf("%s: %s", c.name, list.Raw)
		}
		byID := p.askAs(c.name,
			`query($id: ID!) { node(id: $id) { ... on PaymentSolutionAcceptance { schedule { days { dueOn } } } } }`,
			map[string]any{"id": id})
		if byID.codes() != "[NOT_FOUND]" || at(byID.object(t), "node") != nil {
			t.Errorf("%s: %s", c.name, byID.Raw)
		}
	}
}
