package instalment_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/instalment"
)

// TestGoOn: what an objection takes off the cases of a plan falls off its end, and what was missed meanwhile is paid
// from the next pay day to come.
func TestGoOn(t *testing.T) {
	t.Parallel()
	days := []string{"2026-02-02", "2026-03-02", "2026-04-01", "2026-05-04"}
	agreed := func(monthly money.Øre, cases ...*debt.Case) *debt.Agreement {
		a := &debt.Agreement{Kind: debt.AgreementInstalments, Status: debt.AgreementActive,
			StartedOn: norway.MustDate(days[0]), MonthlyAmount: &monthly, Cases: cases}
		for n, day := range days {
			due := debt.Instalment{Number: n + 1, DueOn: norway.MustDate(day), Amount: monthly, Fee: 65_00}
			a.Instalments = append(a.Instalments, due)
		}
		a.Instalments[0].PaidOn = a.StartedOn
		return a
	}
	first, second := owing("1", 800_00, 0, policy()), owing("2", 500_00, 0, policy())
	for name, tc := range map[string]struct {
		reason string
		cases  []*debt.Case
		want   string
	}{
		// 500 a month, 65 of it the fee: 435 of the claim. Number 2 was missed.
		"nothing is off": {"1,300 in 435: twice, and 430 with 65", []*debt.Case{first, second},
			"04-01 50000=6500+0+43500 left 86500; 05-04 50000=6500+0+43500 left 43000; 06-01 49500=6500+0+43000 left 0"},
		"the second is closed": {"800 in 435: once, and 365 with 65", []*debt.Case{first},
			"04-01 50000=6500+0+43500 left 36500; 05-04 43000=6500+0+36500 left 0"},
		"the first is closed": {"500 in 435: once, and 65 with 65; the second bears the fees", []*debt.Case{second},
			"04-01 50000=6500+0+43500 left 6500; 05-04 13000=6500+0+6500 left 0"},
		"the first is reduced": {"by 735.01: 564.99 are left", []*debt.Case{first.Reduced(735_01), second},
			"04-01 50000=6500+0+43500 left 12999; 05-04 19499=6500+0+12999 left 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := instalment.GoOn(today, agreed(500_00, first, second), tc.cases)
			if p == nil || text(p) != tc.want || p.Instalments[0].Number != 2 {
				t.Errorf("%s\n got %s\nwant %s", tc.reason, text(p), tc.want)
			}
		})
	}
	if p := instalment.GoOn(today, agreed(500_00, first), nil); p != nil {
		t.Errorf("of no case %+v is left", p)
	}
}

// TestResumed: a cost that an objection has stopped is in the plan again, to the øre, although no record shows it.
func TestResumed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := policy()
		c := owing("1", money.Øre(rapid.IntRange(500_00, 9000_00).Draw(t, "principal")),
			rapid.IntRange(0, 2000).Draw(t, "rate"), p)
		c.Objections = []debt.Objection{{Status: debt.ObjectionReceived, SubmittedAt: today.Time()}} // no cost by law comes
		disputed := *c
		first := today.AddDays(rapid.IntRange(10, 50).Draw(t, "first"))
		if rapid.Bool().Draw(t, "stopped") {
			c.ScheduledCosts = []debt.ScheduledCost{{On: today + 3, Kind: debt.CostHeavyFee,
				Amount: money.Øre(rapid.IntRange(1, 2000_00).Draw(t, "cost"))}}
		}
		wish := instalment.Wish{Months: rapid.IntRange(1, 4).Draw(t, "months"), Days: instalment.From(first)}
		plan, why := instalment.Reckon(today, []*debt.Case{c}, wish, instalment.Kept{})
		if why != "" {
			t.Fatal(why)
		}
		a := &debt.Agreement{Kind: debt.AgreementInstalments, Status: debt.AgreementActive, StartedOn: wish.On(0),
			MonthlyAmount: &plan.Monthly, Cases: []*debt.Case{&disputed}}
		for _, i := range plan.Instalments {
			a.Instalments = append(a.Instalments, i.Instalment)
		}
		again := instalment.GoOn(today, a, []*debt.Case{instalment.Resumed(today, a, &disputed)})
		if text(again) != text(plan) {
			t.Fatalf("it goes on as\n%s\nand was agreed as\n%s", text(again), text(plan))
		}
	})
}
