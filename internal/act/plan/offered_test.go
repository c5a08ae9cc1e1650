package plan_test

import (
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/plan"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/instalment"
)

// TestOffered: a plan is offered to be changed and cancelled where it can be, and the reason is that of the act.
func TestOffered(t *testing.T) {
	t.Parallel()
	nothing := act.Code(instalment.NothingOwed)
	for name, tc := range map[string]struct {
		with            func(a *debt.Agreement, mine, other *debt.Case)
		changed, cancel act.Code
	}{
		"in force": {func(*debt.Agreement, *debt.Case, *debt.Case) {}, "", ""},
		"one of two is seen": {func(a *debt.Agreement, mine, _ *debt.Case) { a.Cases = []*debt.Case{mine} },
			plan.OtherCases, plan.OtherCases},
		"the other is disputed": {func(_ *debt.Agreement, _, other *debt.Case) {
			other.Objections = []debt.Objection{{Status: debt.ObjectionUnderReview}}
		}, act.Disputed, ""},
		"this one is paid": {func(_ *debt.Agreement, mine, _ *debt.Case) { mine.OriginalPrincipal = 0 }, "", ""},
		"both are paid": {func(_ *debt.Agreement, mine, other *debt.Case) {
			mine.OriginalPrincipal, other.OriginalPrincipal = 0, 0
		}, nothing, ""},
		"both are closed": {func(_ *debt.Agreement, mine, other *debt.Case) {
			for _, c := range []*debt.Case{mine, other} {
				c.Status, c.ClosedOn = debt.Closed, c.Terms.Today
			}
		}, nothing, ""},
		"all instalments are paid": {func(a *debt.Agreement, mine, _ *debt.Case) { a.Instalments[0].PaidOn = mine.OpenedOn },
			plan.NoAgreement, ""},
		"broken": {func(a *debt.Agreement, _, _ *debt.Case) { a.Status = debt.AgreementBreached }, plan.NoAgreement,
			plan.NoAgreement},
	} {
		terms := &debt.Terms{Today: norway.MustDate("2026-03-02")}
		a := &debt.Agreement{Kind: debt.AgreementInstalments, Status: debt.AgreementActive, Covers: 2, StartedOn: terms.Today,
			Instalments: []debt.Instalment{{Number: 1, DueOn: terms.Today + 20, Amount: 500_00}}}
		for range 2 {
			a.Cases = append(a.Cases, &debt.Case{Status: debt.Open, OpenedOn: terms.Today - 50, OriginalPrincipal: 300_00,
				Terms: terms, Agreements: []*debt.Agreement{a}})
		}
		mine := a.Cases[0]
		tc.with(a, mine, a.Cases[1])
		_, change, _ := plan.Change(nil).Can(mine, access.CaseLogin)
		_, cancel, _ := plan.Cancel(nil).Can(mine, access.CaseLogin)
		if change != tc.changed || cancel != tc.cancel {
			t.Errorf("%s: a change is %q, not %q; to cancel is %q, not %q", name, change, tc.changed, cancel, tc.cancel)
		}
	}
}
