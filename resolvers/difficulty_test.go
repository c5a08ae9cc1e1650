package resolvers_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const (
	declaring = `mutation($input: DeclareDifficultyInput!) { declareDifficulty(input: $input) {
		act { status agencies { agency { code } status } } userErrors { code field message(language: EN) }
		viewer { contactableAt difficulties { agency { code } ` + toldOf + ` } } } }`
	toldOf = `kinds interpreterLanguage statement contactChannel contactFrom contactUntil until`

	withdrawing = `mutation($input: WithdrawDifficultyInput!) { withdrawDifficulty(input: $input) {
		act { status } userErrors { code } viewer { difficulties { statement } } } }`
)

// situation is what is told, as it is shown. The agencies' functions look at the day themselves.
func situation() map[string]any {
	return map[string]any{"kinds": []any{"ILLNESS", "INTERPRETER"}, "interpreterLanguage": "pl",
		"statement": "Innlagt til mars.", "contactChannel": "EMAIL", "contactFrom": 10.0, "contactUntil": 11.0,
		"until": norway.DateOf(time.Now()).AddDays(60).String()}
}

// tellAll has every agency know all of it.
func (p *portal) tellAll() {
	p.t.Helper()
	input := situation()
	input["idempotencyKey"], input["consent"] = uuid.NewString(), true
	done := p.get(kari(), declaring, map[string]any{"input": input})
	if at(done, "declareDifficulty", "act", "status") != "DONE" {
		p.t.Fatalf("%v", done)
	}
}

// TestDifficulty: what a person tells once reaches the agencies that have them, their case workers and
// nobody else, and is gone when it is taken back.
func TestDifficulty(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	what, input := situation(), situation()
	input["idempotencyKey"], input["consent"] = uuid.NewString(), false
	refused := p.get(kari(), declaring, map[string]any{"input": input})
	if at(refused, "declareDifficulty", "userErrors", 0, "code") != "CONSENT_NEEDED" ||
		at(refused, "declareDifficulty", "act") != nil {
		t.Fatalf("without consent: %v", refused)
	}
	input["consent"] = true
	done := at(p.get(kari(), declaring, map[string]any{"input": input}), "declareDifficulty")
	if at(done, "act", "status") != "DONE" {
		t.Fatalf("%v", done)
	}
	told := at(done, "viewer", "difficulties").([]any)
	for _, d := range told {
		delete(d.(map[string]any), "agency")
		slices.SortFunc(at(d, "kinds").([]any), func(x, y any) int { return len(x.(string)) - len(y.(string)) })
		if diff := cmp.Diff(any(what), d); diff != "" {
			t.Errorf("(-told +shown)\n%s", diff)
		}
	}
	debtors := at(p.get(kari(), `{ viewer { debtors { id } } }`, nil), "viewer", "debtors").([]any)
	if len(told) != len(debtors) {
		t.Errorf("%d agencies of %d know", len(told), len(debtors))
	}
	next, err := time.Parse(time.RFC3339, at(done, "viewer", "contactableAt").(string))
	if hour := next.In(norway.Oslo).Hour(); err != nil || hour != 10 || norway.Holiday(norway.DateOf(next)) {
		t.Errorf("the next contact is at %s, %v", next, err)
	}
	p.toldAtDesk(len(told))
	if got := p.get(people.DemoPeople(today)[1].NationalID, `{ viewer { difficulties { statement } } }`, nil); len(
		at(got, "viewer", "difficulties").([]any)) > 0 {
		t.Errorf("another person sees %v", got)
	}
	taken := at(p.get(kari(), withdrawing, map[string]any{"input": map[string]any{"idempotencyKey": uuid.NewString()}}),
		"withdrawDifficulty")
	if at(taken, "act", "status") != "DONE" || len(at(taken, "viewer", "difficulties").([]any)) > 0 {
		t.Errorf("taken back: %v", taken)
	}
	none := p.get(kari(), withdrawing, map[string]any{"input": map[string]any{"idempotencyKey": uuid.NewString()}})
	if at(none, "withdrawDifficulty", "userErrors", 0, "code") != "NOTHING_TOLD" {
		t.Errorf("taken back again: %v", none)
	}
	if n := p.scalar(`select count(*) from portal.act a where a::text like '%Innlagt%' or a::text like '%ILLNESS%'`); n > 0 {
		t.Errorf("%d acts of the portal say what was told", n)
	}
}

// toldAtDesk: a case worker of each agency sees what it was told, in the look-up that is on record.
func (p *portal) toldAtDesk(agencies int) {
	p.t.Helper()
	seen := 0
	for _, code := range []string{people.Fjord, people.Tradisjon, people.Lita} {
		p.know("worker", staff(caller.CaseWorker, code))
		got := p.askAs("worker", `query($by: NationalId!) { staff { person(input: {by: {nationalId: $by}, reason: "the person has called"}) {
			contactableAt difficulties { agency { code } statement contactFrom } } } }`, map[string]any{"by": kari().Reveal()})
		for _, d := range at(got.object(p.t), "staff", "person", "difficulties").([]any) {
			if seen++; at(d, "agency", "code") != code || at(d, "statement") != "Innlagt til mars." {
				p.t.Errorf("at %s: %v", code, d)
			}
		}
	}
	if seen != agencies {
		p.t.Errorf("case workers see %d, not %d", seen, agencies)
	}
}
