package resolvers_test

import (
	"cmp"
	"fmt"
	"maps"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestOneBrokenAgency breaks the small agency in every way that a database can break: the
// others' part of the answer stays as it was, to the letter.
func TestOneBrokenAgency(t *testing.T) {
	t.Parallel()
	const query = `query($other: ID!) { viewer { name: __typename ... on Viewer @include(if: true) { overview { complete agencies { agency { code } status total { amount } } } }
		cases(first: 100, filter: {agencies: [$other]}) { nodes { caseNumber creditor { name } debtor { name } balance { total { amount } } fees { amount { amount } } letters { nodes { title } } } } } }`
	whole := newPortal(t)
	agencies := at(whole.get(kari(), `{ agencies { id code } }`, nil), "agencies").([]any)
	variables := map[string]any{"other": at(agencies, 0, "id")}
	want := at(whole.get(kari(), query, variables), "viewer", "cases")

	cases := map[string]struct {
		reason, sql, code string
		status            string // empty: UNAVAILABLE
	}{
		"down":         {"nobody answers", "", "AGENCY_UNAVAILABLE", ""},
		"view dropped": {"a relation is missing", "drop view oversikt.fee", "SCHEMA_MISMATCH", ""},
		"right revoked": {"the role may not read", "revoke select on oversikt.letter from oversikt_app",
			"SCHEMA_MISMATCH", ""},
		"creditor missing": {"a case refers to nobody",
			"create or replace view oversikt.creditor as select creditor_id, name, org_number, trade from core.creditor where false", "SCHEMA_MISMATCH", "INCOMPLETE"},
		"no policy": {"the order of imputation is not known", "delete from core.policy", "SCHEMA_MISMATCH", ""},
		"no rates":  {"interest would be nothing", "delete from core.rate", "SCHEMA_MISMATCH", ""},
		"late rates": {"interest would begin too late", "delete from core.rate where valid_from < '2026-01-01'",
			"SCHEMA_MISMATCH", "INCOMPLETE"},
		"credit": {"a negative fee", "update core.fee set amount_ore = -amount_ore", "SCHEMA_MISMATCH", "INCOMPLETE"},
		"unknown status": {"neither open nor closed", "update core.case set status = 'ASLEEP' where status = 'OPEN'",
			"SCHEMA_MISMATCH", "INCOMPLETE"},
		"null": {"a case that was never opened",
			"create or replace view oversikt.case as select case_id, case_number, debtor_id, creditor_id, status, phase, legal_step, description, creditor_reference, null::date as opened_on, due_on, closed_on, principal_ore::bigint, prior_interest_ore::bigint, interest_from, rate_basis_points, agreement_from, agreement_group, kid, account, payee from core.case", "SCHEMA_MISMATCH", "INCOMPLETE"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			databases := maps.Clone(whole.databases)
			delete(databases, people.Lita)
			if c.sql != "" {
				fresh := newPortal(t)
				databases = fresh.databases
				if _, err := databases[people.Lita].Conn().Exec(t.Context(), c.sql); err != nil {
					t.Fatal(err)
				}
			}
			a := serve(t, databases).ask(kari(), query, variables)
			if diff := gocmp.Diff(want, at(a.object(t), "viewer", "cases")); diff != "" {
				t.Errorf("%s: the others' part differs (-whole +broken):\n%s", c.reason, diff)
			}
			overview := at(a.object(t), "viewer", "overview")
			if last := at(overview, "agencies", 2); at(overview, "complete") != false || at(last, "status") != cmp.Or(c.status, "UNAVAILABLE") ||
				at(last, "total") != nil && c.status == "" {
				t.Errorf("%s: %v", c.reason, overview)
			}
			if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != c.code || a.Errors[0].Extensions.Agency != people.Lita ||
				fmt.Sprint(a.Errors[0].Path) != "[viewer overview]" {
				t.Errorf("%s: %+v", c.reason, a.Errors)
			}
		})
	}
}

func TestMissingAgencyIsShownWhereItIsMissed(t *testing.T) {
	t.Parallel()
	p := serve(t, nil)
	cases := map[string]struct{ reason, query, path string }{
		"second alias": {"the first viewer lacks nothing", `{ a: viewer { name } b: viewer { all: cases { totalCount } } }`,
			"[b all]"},
		"left out": {"a field that is not in the answer lacks nothing",
			`{ viewer { ... @include(if: false) { overview { complete } } cases { totalCount } } }`, "[viewer cases]"},
		"agencies": {"the element of the list", `{ agencies { code orgNumber } }`, "[agencies 0 orgNumber]"},
	}
	for name, c := range cases {
		a := p.ask(kari(), c.query, nil)
		if len(a.Errors) != 3 || a.codes() != "[AGENCY_UNAVAILABLE AGENCY_UNAVAILABLE AGENCY_UNAVAILABLE]" ||
			fmt.Sprint(a.Errors[0].Path) != c.path {
			t.Errorf("%s (%s): %+v", name, c.reason, a.Errors)
		}
	}
}
