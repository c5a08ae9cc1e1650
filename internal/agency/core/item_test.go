package core

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// TestOptional: what a database does not have, or does not show, is read as not being there, in
// one statement less and without an error.
func TestOptional(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		reason, sql string
		statements  int
	}{
		"whole": {"everything is there", "", 26},
		"no column": {"it came with a later version",
			referencetest.Swap("case", "agreement_group, ", ""), 26},
		"no view":     {"the agency never made it", "drop view oversikt.claim_item", 25},
		"no grant":    {"the agency forgot to grant it", "revoke select on oversikt.claim_item from oversikt_app", 25},
		"not a view":  {"something else has its name", "drop view oversikt.claim_item; create sequence oversikt.claim_item", 25},
		"other names": {"a view of another name is none of the contract", "alter view oversikt.claim_item rename to claim_items", 25},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := referencetest.Filled(t)
			if tc.sql != "" {
				referencetest.Exec(t, db.Conn(), tc.sql)
			}
			conn := referencetest.ConnectAs(t, db, spec.DefaultRole)
			kept, err := Warm(t.Context(), conn, debt.Agency{}, spec.Schema)
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			part, err := Read(t.Context(), conn, debt.Agency{Code: "test"},
				Query{Scope: somebody(t), Want: everything, Today: norway.MustDate("2026-11-20"), Kept: kept})
			if err != nil || len(part.Cases) != 2 {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if n := kept.Statements(everything); n != tc.statements {
				t.Errorf("%s: %d statements, not %d", tc.reason, n, tc.statements)
			}
			if items := part.Cases[1].Items; (len(items) == 0) != (tc.statements < 26) {
				t.Errorf("%s: %+v", tc.reason, items)
			}
		})
	}
}

// TestItems: they come in the order in which payments cover them.
func TestItems(t *testing.T) {
	t.Parallel()
	part, err := readAll(t, warm(t, referencetest.Filled(t)))
	if err != nil {
		t.Fatal(err)
	}
	date := norway.MustDate
	want := []debt.ClaimItem{
		{ID: "2", Number: 2, InvoiceNumber: new("F-11"), IssuedOn: date("2025-12-01"), DueOn: date("2026-01-01"),
			Amount: 6000_00, InterestFrom: date("2026-01-15")},
		{ID: "1", Number: 1, InvoiceNumber: new("F-12"), IssuedOn: date("2025-12-20"), DueOn: date("2026-01-15"),
			Amount: 3000_00, InterestFrom: date("2026-01-15")},
	}
	if diff := cmp.Diff(want, part.Cases[1].Items, cmpopts.IgnoreFields(debt.ClaimItem{}, "Case")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(part.Cases[0].Items) > 0 || part.Cases[1].Items[0].Case != part.Cases[1] {
		t.Error("an item is not where it belongs")
	}
}

// TestItemsThatAreNotTheCase: such a case is left out and named; the others are there.
func TestItemsThatAreNotTheCase(t *testing.T) {
	t.Parallel()
	db := referencetest.Filled(t)
	referencetest.Exec(t, db.Conn(), "update core.claim_item set amount_ore = amount_ore + 1 where item_id = 1")
	part, err := readAll(t, warm(t, db))
	if err != nil {
		t.Fatal(err)
	}
	want := []debt.Withheld{{ID: &debt.Key{Kind: debt.KindCase, Agency: "test", ID: "2"}, CaseNumber: new("2026-2"),
		Reason: debt.WithheldContradiction, Relation: "claim_item", Column: "amount_ore"}}
	if diff := cmp.Diff(want, part.Withheld, cmpopts.IgnoreFields(debt.Withheld{}, "Agency", "Cause")); diff != "" ||
		len(part.Cases) != 1 || part.Cases[0].ID.ID != "1" {
		t.Errorf("%d cases are there (-want +withheld)\n%s", len(part.Cases), diff)
	}
	if a := part.Cases[0].Agreements[0]; len(a.Cases) != 1 {
		t.Errorf("the agreement still joins %d cases", len(a.Cases))
	}
}
