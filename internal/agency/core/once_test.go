package core

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
)

// again makes the view of a relation bring its rows twice; changes are those of the second time.
func again(relation string, changes ...string) string {
	var columns []string
	for _, c := range spec.RelationNamed(relation).Columns {
		column := c.Name
		for i := 0; i < len(changes); i += 2 {
			if changes[i] == c.Name {
				column = "case when twice.n = 2 then (" + changes[i+1] + ") else once." + c.Name + " end as " + c.Name
			}
		}
		if column == c.Name {
			column = "once." + c.Name
		}
		columns = append(columns, column)
	}
	once := "oversikt." + relation + "_once"
	return "alter view oversikt." + relation + " rename to " + relation + "_once; create view oversikt." + relation +
		" as select " + strings.Join(columns, ", ") + " from " + once +
		" once cross join generate_series(1, 2) twice (n); grant select on oversikt." + relation + " to " + spec.DefaultRole
}

// owed says what a person owes and what is registered of it, by case.
func owed(p *debt.Part) (out []any) {
	for _, c := range p.Cases {
		b := c.BalanceOn(c.Terms.Today)
		instalments := 0
		for _, a := range c.Agreements {
			instalments += 100*len(a.Cases) + len(a.Instalments)
		}
		allocations := 0
		for _, p := range c.AllPayments {
			allocations += len(p.Allocations)
		}
		out = append(out, c.ID.ID, b.Principal, b.Interest, b.Fees, b.LegalCosts, b.Overpaid, len(c.Items), len(c.Fees),
			len(c.ScheduledCosts), len(c.AllLetters), len(c.AllPayments), allocations, len(c.AllHolds), len(c.Agreements),
			instalments, len(c.Objections), len(c.Documents), len(c.Requests), len(c.Deferrals), len(c.Complaints),
			len(c.Receipts))
	}
	return append(out, len(p.Debtors), len(p.Messages), len(p.PowersOfAttorney), len(p.FAQ), len(p.Difficulties),
		len(p.CaseLinks), len(p.Withheld))
}

// TestRowsTwice doubles each relation: nothing is counted twice, and the part names the relation.
func TestRowsTwice(t *testing.T) {
	t.Parallel()
	filled := func(t *testing.T, sql string) (*debt.Part, error) {
		db := referencetest.Filled(t)
		referencetest.Exec(t, db.Conn(), `insert into core.hold values (1, 'DISPUTED', '2026-02-01', null),
			(1, 'DEFERRED', '2026-02-01', null);
			insert into core.difficulty (debtor_id, said_at, until) values (1, '2026-02-01 12:00+01', '2199-01-01');
			insert into core.case_link (national_id, case_number, password_right)
			select national_id, '1', false from core.debtor where debtor_id = 1`)
		if sql != "" {
			referencetest.Exec(t, db.Conn(), sql)
		}
		return readAll(t, warm(t, db))
	}
	want, err := filled(t, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range spec.Relations {
		if r.Name == "agency" || r.Name == "power_of_attorney_case" || r.Name == "queue_item" {
			continue // their rows are no records: one is read, or a list of keys; TestQueue has the queue
		}
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			got, err := filled(t, again(r.Name))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(owed(want), owed(got)); diff != "" {
				t.Errorf("(-once +twice)\n%s", diff)
			}
			said := strings.Replace(r.Name, "agreement_case", "agreement", 1)
			if !slices.Contains(got.Repeated, said) || len(want.Repeated) > 0 {
				t.Errorf("said: %v, and of rows that come once %v", got.Repeated, want.Repeated)
			}
		})
	}
}

// TestRowsThatContradictEachOther have one key, and say different things: their cases are left out.
func TestRowsThatContradictEachOther(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sql  string
		want []string // the keys of the cases that are left
	}{
		"fee":                {again("fee", "amount_ore", "once.amount_ore + 1"), nil},
		"one fee":            {again("fee", "amount_ore", "once.amount_ore + (once.case_id = 2)::integer"), []string{"1"}},
		"fee of two cases":   {again("fee", "case_id", "case when once.case_id = 1 then 2 else once.case_id end"), nil},
		"payment":            {again("payment", "received_on", "once.received_on + 1"), []string{"2"}},
		"letter":             {again("letter", "sent_on", "once.sent_on + 1"), []string{"2"}},
		"item":               {again("claim_item", "amount_ore", "once.amount_ore + 1"), []string{"1"}},
		"case":               {again("case", "principal_ore", "once.principal_ore + (once.case_id = 1)::integer"), []string{"2"}},
		"payment_allocation": {again("payment_allocation", "amount_ore", "once.amount_ore + 1"), []string{"2"}},
		"instalment":         {again("instalment", "fee_ore", "once.fee_ore + 1"), nil},
		"agreement":          {again("agreement", "status", "'BREACHED'"), nil},
		"objection":          {again("objection", "status", "'UPHELD'"), []string{"1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := referencetest.Filled(t)
			referencetest.Exec(t, db.Conn(), tc.sql)
			part, err := readAll(t, warm(t, db))
			if err != nil {
				t.Fatal(err)
			}
			var left []string
			for _, c := range part.Cases {
				left = append(left, c.ID.ID)
			}
			if diff := cmp.Diff(tc.want, left, cmpopts.EquateEmpty()); diff != "" || len(left)+len(part.Withheld) != 2 {
				t.Errorf("%d are withheld, (-want +left)\n%s", len(part.Withheld), diff)
			}
		})
	}
}

// TestRatesThatContradictEachOther: nobody can tell which one is right, for any case.
func TestRatesThatContradictEachOther(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"rate":   again("rate", "basis_points", "once.basis_points + 1"),
		"policy": again("policy", "instalment_fee_ore", "once.instalment_fee_ore + 1"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := referencetest.Filled(t)
			referencetest.Exec(t, db.Conn(), sql)
			conn := referencetest.ConnectAs(t, db, spec.DefaultRole)
			_, err := Warm(t.Context(), conn, debt.Agency{Code: "lita"}, spec.Schema)
			if text := fmt.Sprint(err); !strings.Contains(text, "single row") || !strings.Contains(text, "read agency lita: ") {
				t.Errorf("%v", err)
			}
		})
	}
}
