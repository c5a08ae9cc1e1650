package resolvers_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/resolvers"
)

// perDocument is how many people a document may ask for.
const perDocument = 5

// everybody asks for so many people, each under an alias, in a few documents.
func everybody(p *portal, n int, reveal bool) (documents []string, numbers []string) {
	p.t.Helper()
	rows, err := p.databases[people.Fjord].Conn().Query(p.t.Context(),
		"select distinct national_id from core.debtor where national_id is not null order by 1 limit $1", n)
	if err != nil {
		p.t.Fatal(err)
	}
	var b strings.Builder
	for rows.Next() {
		var number string
		if err := rows.Scan(&number); err != nil {
			p.t.Fatal(err)
		}
		numbers = append(numbers, number)
		fmt.Fprintf(&b, ` p%d: person(input: {by: {nationalId: %q}, reason: %q}) { nationalId(reveal: %t, reason: %q) }`,
			len(numbers), number, why, reveal, why)
		if len(numbers)%perDocument == 0 {
			documents = append(documents, "{ staff {"+b.String()+"} }")
			b.Reset()
		}
	}
	if len(numbers) != n || rows.Err() != nil {
		p.t.Fatalf("%d people, %v", len(numbers), rows.Err())
	}
	return documents, numbers
}

// atOnce sends documents at once, and returns the answers as one.
func (p *portal) atOnce(as string, documents []string) (all answer) {
	answers := make([]answer, len(documents))
	var wg sync.WaitGroup
	for i, document := range documents {
		wg.Go(func() { answers[i] = p.askAs(as, document, nil) })
	}
	wg.Wait()
	for _, a := range answers {
		all.Raw += a.Raw
		all.Data = append(all.Data, a.Data...)
		all.Errors = append(all.Errors, a.Errors...)
	}
	return all
}

// shown counts the people of an answer, and the numbers that it shows whole.
func shown(a answer, numbers []string) (people, whole int) {
	for i, number := range numbers {
		if strings.Contains(a.Raw, fmt.Sprintf(`"p%d":{`, i+1)) {
			people++
		}
		if strings.Contains(string(a.Data), number) {
			whole++
		}
	}
	return people, whole
}

// TestStaffLimits: every alias counts, each person once, for each worker.
func TestStaffLimits(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.resolver.StaffLimits = resolvers.StaffLimits{
		LookUps: throttle.Limits{PerMinute: 12, PerDay: 30}, Reveals: throttle.Limits{PerMinute: 3, PerDay: 5},
	}
	p.know("worker", staff(caller.CaseWorker, people.Fjord))
	p.know("leader", staff(caller.Supervisor, people.Fjord))
	query, numbers := everybody(p, 40, false)
	a := p.atOnce("worker", query)
	if people, _ := shown(a, numbers); people != 12 {
		t.Errorf("%d people are shown, not 12: %s", people, a.Raw)
	}
	for _, e := range a.Errors {
		if e.Extensions.Code != "RATE_LIMITED" {
			t.Errorf("%+v", e)
		}
	}
	if !strings.Contains(a.Raw, `"retryAfterSeconds":5`) {
		t.Errorf("nobody knows how long to wait: %s", a.Raw)
	}
	if people, _ := shown(p.atOnce("worker", query), numbers); people != 12 { // whoever comes first
		t.Errorf("the same 12 people are looked up again, and %d are shown", people)
	}
	if people, _ := shown(p.atOnce("leader", query), numbers); people != 12 {
		t.Errorf("another worker sees %d", people)
	}
	seen := 12
	for range 20 {
		p.pass(time.Minute)
		people, _ := shown(p.atOnce("worker", query), numbers)
		seen = max(seen, people)
	}
	if seen != 30 {
		t.Errorf("%d people in 20 minutes, not 30", seen)
	}
	log := p.alarms.String()
	for _, number := range numbers {
		if strings.Contains(log, number) {
			t.Errorf("the log names people: %s", log)
		}
	}
	if n := strings.Count(log, "somebody has reached a limit"); n < 3 || n > 22 ||
		!strings.Contains(log, `"agency":"fjord"`) || strings.Contains(log, "CASE_WORKER at fjord") {
		t.Errorf("%d lines: %s", n, log)
	}
	if p.resolver.Guard.Refused()["staff look-up"] < 28 {
		t.Errorf("counted %v", p.resolver.Guard.Refused())
	}
}

// TestRevealLimits: a whole number counts each time that it is shown.
func TestRevealLimits(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.resolver.StaffLimits.Reveals = throttle.Limits{PerMinute: 3, PerDay: 5}
	p.know("worker", staff(caller.CaseWorker, people.Fjord))
	query, numbers := everybody(p, 40, true)
	if _, whole := shown(p.atOnce("worker", query), numbers); whole > 3 {
		t.Errorf("%d numbers are shown", whole)
	}
	one := `query($id: NationalId!) { staff { person(input: {by: {nationalId: $id}, reason: "` + why +
		`"}) { a: nationalId(reveal: true, reason: "` + why + `") b: nationalId } } }`
	a := p.askAs("worker", one, map[string]any{"id": numbers[0]})
	if strings.Contains(a.Raw, numbers[0]) || a.codes() != "[RATE_LIMITED]" {
		t.Errorf("a fourth: %s", a.Raw)
	}
	got := 0
	for range 10 {
		p.pass(time.Minute)
		if a := p.askAs("worker", one, map[string]any{"id": numbers[0]}); strings.Contains(string(a.Data), numbers[0]) {
			got++
		}
	}
	if got != 2 {
		t.Errorf("%d more of the day's five", got)
	}
}

// TestReason: a reason says something.
func TestReason(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.know("worker", staff(caller.CaseWorker, people.Fjord))
	for given, ok := range map[string]bool{
		"aaaaaaaaaa":                  false,
		"aaaa aaaa aaaa":              false,
		"..........":                  false,
		"1234 5678":                   false,
		"sak sak sak sak":             false,
		"asdfghjklø":                  false,
		"a b c d e f g":               false,
		"abab baba":                   false,
		"ringte om sak 7":             true,
		"Skyldneren spør om betaling": true,
		"звонок должника":             true,
		"ring tilbake":                true,
	} {
		a := p.askAs("worker", lookUp, byPerson(kari().Reveal(), given))
		if (len(a.Errors) == 0) != ok || !ok && (a.codes() != "[BAD_USER_INPUT]" ||
			a.Errors[0].Extensions.Field != "input.reason") {
			t.Errorf("%q: %s", given, a.Raw)
		}
	}
}
