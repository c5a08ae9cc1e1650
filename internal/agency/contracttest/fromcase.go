package contracttest

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// letterScope is that of whoever came in with a letter about a case.
func (c *Core) letterScope(id string) caller.Scope {
	return caller.Principal{Kind: caller.LetterCase, Case: caller.CaseKey{Agency: c.Agency, ID: id}}.Scope()
}

// readsFromACase: who came in with a letter reads what the debtor does of that case, and
// nothing of another one, also where the agency does not know the debtor by number.
func readsFromACase(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	compared := 0
	c.debtors(func(p *people.Person, _ *people.Debtor) {
		if compared > 40 {
			return
		}
		for _, x := range c.read(t, conn, core.Query{Scope: scopeOf(p), Want: debt.OfCases}).Cases {
			whole := c.read(t, conn, core.Query{Scope: scopeOf(p), Want: everything, Cases: []string{x.ID.ID}})
			one := c.read(t, conn, core.Query{Scope: c.letterScope(x.ID.ID), Want: everything})
			if diff := c.diff(whole, one); diff != "" {
				t.Errorf("case %s (-from the person +from the case)\n%s", x.CaseNumber, diff)
			}
			compared++
		}
	})
	if compared < 20 {
		t.Errorf("%d cases are too few to prove anything", compared)
	}
	rows, err := owner.Query(t.Context(),
		`select c.case_id::text, c.case_number from oversikt.case c join oversikt.debtor d using (debtor_id)
		order by d.national_id is not null, c.case_id limit 10`)
	if err != nil {
		t.Fatal(err)
	}
	var id, number string
	var unknown []string
	numbers := map[string]string{}
	if _, err := pgx.ForEachRow(rows, []any{&id, &number}, func() error {
		unknown, numbers[id] = append(unknown, id), number
		return nil
	}); err != nil || len(unknown) == 0 {
		t.Fatalf("%d cases, %v", len(unknown), err)
	}
	for _, id := range unknown {
		part := c.read(t, conn, core.Query{Scope: c.letterScope(id), Want: everything})
		if len(part.Cases) != 1 || part.Cases[0].ID.ID != id || len(part.Debtors) != 1 || part.Cases[0].Debtor == nil {
			t.Errorf("case %s: %d cases, %d debtors", id, len(part.Cases), len(part.Debtors))
		}
		key := caller.CaseKey{Agency: c.Agency, ID: id}
		who, err := core.FindDebtor(t.Context(), conn, c.facts(), lookup(t, c.Agency), numbers[id])
		if err != nil || who.IsZero() || who.NationalID.IsZero() != (who.Case == key) {
			t.Errorf("staff look case %s up and find %+v, %v", id, who.Case, err)
		}
	}
	c.debtors(func(p *people.Person, _ *people.Debtor) {
		own := core.Query{Scope: scopeOf(p), Want: debt.OfCases, Cases: unknown[:1]}
		if len(c.read(t, conn, own).Cases) > 0 {
			return
		}
		theirs := caller.Principal{Kind: caller.LetterCase, NationalID: p.NationalID,
			Case: caller.CaseKey{Agency: c.Agency, ID: unknown[0]}}.Scope()
		if part := c.read(t, conn, core.Query{Scope: theirs, Want: everything}); len(part.Cases)+len(part.Debtors) > 0 {
			t.Errorf("a case that is not person %d's, or no longer, opens something", p.Index)
		}
	})
	elsewhere := caller.Principal{Kind: caller.LetterCase,
		Case: caller.CaseKey{Agency: "elsewhere", ID: unknown[0]}}.Scope()
	if part := c.read(t, conn, core.Query{Scope: elsewhere, Want: everything}); len(part.Cases)+len(part.Debtors) > 0 {
		t.Error("a letter of another agency opens something here")
	}
}

// actsFromACase: who came in with a letter acts in that case, and in no other of the debtor's.
func actsFromACase(t *testing.T, c *Core) {
	conn := c.connect(t)
	s := c.subject(t, conn)
	own, other := s.cases[0].ID.ID, s.cases[1].ID.ID
	scope := c.letterScope(own)
	until := (s.today + 5).String()
	if a := ask(t, conn, scope, uuid.New(), "request_deferral",
		rehearse.Input{"case_id": other, "until": until}); a.Reason != "NOT_FOUND" {
		t.Errorf("another case of the same debtor: %+v", a)
	}
	if a := ask(t, conn, scope, uuid.New(), "submit_objection",
		rehearse.Input{"case_id": other, "statement": "Feil."}); a.Reason != "NOT_FOUND" {
		t.Errorf("another case of the same debtor: %+v", a)
	}
	s.scope = scope
	both := debt.Proposal{Cases: []string{own, other}}
	s.expect(t, conn, proposing(both), uuid.New(), rejected, debt.RefusedNotFound)
	key := uuid.New()
	s.expect(t, conn, proposing(debt.Proposal{Cases: []string{own}}), key, proposed, "")
	s.expect(t, conn, Withdraw, key, withdrawn, "")

	a := ask(t, conn, scope, uuid.New(), "request_breathing_space", rehearse.Input{"until": until})
	var made struct {
		CaseIDs []string `json:"case_ids"`
	}
	if err := a.Into("request_breathing_space", &made); err != nil || len(made.CaseIDs) != 1 || made.CaseIDs[0] != own {
		t.Errorf("a pause covers %d cases, %v", len(made.CaseIDs), err)
	}
	a = ask(t, conn, scope, uuid.New(), "submit_objection", rehearse.Input{"case_id": own, "statement": "Feil."})
	if a.Status != "DONE" {
		t.Errorf("its own case: %+v", a)
	}
	power := rehearse.Input{"attorney_org_number": "310000000", "attorney_name": "Rådgiver", "may_act": false,
		"valid_from": s.today.String()}
	for name, tc := range map[string]struct {
		cases any
		want  string
	}{"all cases": {nil, "NOT_FOUND"}, "another": {[]string{other}, "NOT_FOUND"}, "its own": {[]string{own}, ""}} {
		if a := ask(t, conn, scope, uuid.New(), "give_power_of_attorney",
			power.With("case_ids", tc.cases)); a.Reason != tc.want {
			t.Errorf("a power of attorney for %s: %+v", name, a)
		}
	}
}
