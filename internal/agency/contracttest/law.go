package contracttest

import (
	"testing"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/audit"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// wronged is the one of the demo people whose claims are not by the law.
const wronged = 10

// claimsByLaw reads what a claim is held against the law by: the records tell of breaches where there
// are, and of none elsewhere.
func claimsByLaw(t *testing.T, c *Core) {
	conn := c.connect(t)
	held, breaches, meant := 0, 0, 0
	c.debtors(func(p *people.Person, _ *people.Debtor) {
		if p.Index == wronged {
			meant++
		}
		part := c.read(t, conn, core.Query{Scope: scopeOf(p), Want: debt.OfAudit})
		for _, x := range part.Cases {
			held++
			for _, f := range audit.Of(x).Findings {
				switch {
				case f.Rule == audit.SameCreditor && f.Missing != nil && *f.Missing == audit.OtherCases:
					t.Fatalf("the cases of person %d are read, and do not know each other", p.Index)
				case f.Verdict == audit.Breach && p.Index == wronged && f.Rule == audit.FeeCap:
					breaches++
				case f.Rule == audit.Limitation && x.Claim().DueOn < c.Today.AddMonths(-36):
					// Time alone has made it so.
				case f.Verdict == audit.Breach && p.Index != wronged && f.Rule != audit.SameCreditor:
					t.Errorf("person %d: %s", p.Index, f.Text(&english))
				}
			}
		}
	})
	if held < 20 || breaches != meant {
		t.Errorf("%d cases were held against the law, and %d of %d breaches found", held, breaches, meant)
	}
}

var english = debt.English
