package contracttest

import (
	"testing"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// narrowScope reads everybody's cases one by one, as who holds the letter of each: nothing
// of another case comes along.
func narrowScope(t *testing.T, c *Core) {
	conn := c.connect(t)
	joined, several, may := 0, 0, false
	c.debtors(func(p *people.Person, _ *people.Debtor) {
		whole := c.read(t, conn, core.Query{Scope: scopeOf(p), Want: everything})
		if len(whole.Cases) > 1 {
			several++
		}
		for _, x := range whole.Cases {
			may = x.Terms.Policy.JointAgreements
			letter := caller.Principal{Kind: caller.LetterCase, NationalID: p.NationalID,
				Case: caller.CaseKey{Agency: c.Agency, ID: x.ID.ID}}
			part := c.read(t, conn, core.Query{Scope: letter.Scope(), Want: everything})
			if len(part.Cases) != 1 || part.Cases[0].ID != x.ID || len(part.Debtors) != 1 || part.Debtors[0].ID != x.Debtor.ID {
				t.Fatalf("person %d: the letter of case %s opens %d cases and %d debtors", p.Index, x.CaseNumber, len(part.Cases),
					len(part.Debtors))
			}
			for _, a := range part.Cases[0].Agreements {
				if len(a.Cases) != 1 || a.Cases[0] != part.Cases[0] {
					t.Errorf("person %d: the agreement of case %s shows another", p.Index, x.CaseNumber)
				}
			}
			for _, a := range x.Agreements {
				if len(a.Cases) > 1 {
					joined++
				}
			}
			if whole, letter := x.BalanceOn(c.Today).Total, part.Cases[0].BalanceOn(c.Today).Total; letter != whole {
				t.Errorf("person %d: case %s has the balance %s, by the letter %s", p.Index, x.CaseNumber, whole, letter)
			}
			letter.Case.Agency += "x"
			part = c.read(t, conn, core.Query{Scope: letter.Scope(), Want: everything})
			if len(part.Cases)+len(part.Debtors) > 0 {
				t.Fatalf("person %d: a letter of another agency opens case %s", p.Index, x.CaseNumber)
			}
		}
		if len(whole.Cases) > 1 {
			one := caller.Principal{Kind: caller.LetterCase, NationalID: p.NationalID,
				Case: caller.CaseKey{Agency: c.Agency, ID: whole.Cases[0].ID.ID}}
			part := c.read(t, conn, core.Query{Scope: one.Scope(), Want: debt.OfCases,
				Cases: []string{whole.Cases[1].ID.ID}})
			if len(part.Cases) > 0 {
				t.Errorf("person %d: asking for another case by its key opens it", p.Index)
			}
		}
	})
	if (joined > 0) != may || several < 5 {
		t.Errorf("%d joint agreements and %d people with several cases: too few to prove anything", joined, several)
	}
}

func findDebtor(t *testing.T, c *Core) {
	conn := c.connect(t)
	right := func(agency string) caller.Lookup { return lookup(t, agency) }
	n := 0
	c.debtors(func(p *people.Person, d *people.Debtor) {
		for _, x := range d.Cases {
			if n++; n > 50 {
				return
			}
			for name, tc := range map[string]struct {
				right caller.Lookup
				want  caller.Debtor
			}{"own": {right(c.Agency), caller.Debtor{NationalID: p.NationalID}},
				"another's": {right: right(c.Agency + "x")}, "nobody's": {}} {
				if id, err := core.FindDebtor(t.Context(), conn, c.facts(), tc.right, x.Number); err != nil || id != tc.want {
					t.Errorf("%s: case %s of person %d: found %v, %v", name, x.Number, p.Index, !id.IsZero(), err)
				}
			}
		}
	})
	for _, number := range []string{"", "0", "' or true --", "\u00e5"} {
		if id, err := core.FindDebtor(t.Context(), conn, c.facts(), right(c.Agency), number); err != nil || !id.IsZero() {
			t.Errorf("case %q: found %v, %v", number, !id.IsZero(), err)
		}
	}
}

// lookup is the right of an agency's case worker.
func lookup(t *testing.T, agency string) caller.Lookup {
	t.Helper()
	l, err := caller.Principal{Kind: caller.Staff, Role: caller.CaseWorker, Agency: agency}.Lookup()
	if err != nil {
		t.Fatal(err)
	}
	return l
}
