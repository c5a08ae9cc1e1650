package debt_test

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// TestComplaintNext: the clock ends with the last day, and who complains is told where to go next.
func TestComplaintNext(t *testing.T) {
	t.Parallel()
	const person, business, rejected = debt.DebtorPerson, debt.DebtorBusiness, debt.ComplaintRejected
	const board = "Finansklagenemnda free of charge"
	step := debt.StepConciliation
	for name, tc := range map[string]struct {
		reason  string
		today   string
		status  debt.ComplaintStatus
		kind    debt.DebtorKind
		court   *debt.LegalStep
		overdue bool
		next    string // where, and a part of the text
	}{
		"the last day":     {"they may answer today", "2026-05-11", debt.ComplaintReceived, person, nil, false, ""},
		"the day after":    {"nobody answered", "2026-05-12", debt.ComplaintReceived, person, nil, true, board},
		"rejected":         {"the board looks at it", "2026-05-08", rejected, person, nil, false, board},
		"partly":           {"the rest may go on", "2026-05-12", debt.ComplaintPartlyUpheld, person, nil, false, board},
		"upheld":           {"there is nothing left", "2026-05-12", debt.ComplaintUpheld, person, nil, false, ""},
		"in court":         {"the board says no", "2026-05-12", rejected, person, &step, false, "Finansklagenemnda the costs were part of that"},
		"a business":       {"the board takes consumers", "2026-05-12", rejected, business, nil, false, "Finanstilsynet settles no disputes"},
		"a code not known": {"something was answered", "2026-05-12", debt.ComplaintUnknown, person, nil, false, board},
	} {
		t.Run(name, func(t *testing.T) {
			c := debt.Complaint{Status: tc.status, AnswerBy: norway.MustDate("2026-05-11"),
				Case: &debt.Case{DebtorKind: tc.kind, LegalStep: tc.court, Terms: &debt.Terms{Today: norway.MustDate(tc.today)}}}
			next := c.Next()
			where, says, _ := strings.Cut(tc.next, " ")
			if c.Overdue() != tc.overdue || (next == nil) != (tc.next == "") {
				t.Fatalf("%s: overdue %t, next %+v", tc.reason, c.Overdue(), next)
			}
			if next == nil {
				return
			}
			english := debt.English
			if next.Name != where || !strings.Contains(next.Text(&english), says) || next.Source == "" ||
				next.Decides != (tc.kind == debt.DebtorPerson) || !next.Deadline().IsZero() {
				t.Errorf("%s: %+v: %s", tc.reason, next, next.Text(&english))
			}
			for _, l := range debt.Languages {
				if next.Text(&l) == "" {
					t.Errorf("nothing is said in %s", l)
				}
			}
		})
	}
}
