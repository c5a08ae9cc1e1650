package resolvers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestStrangersOrderIsOnRecord: whoever orders a password without being known as the debtor, the
// debtor sees it, once, also where the agency could not be asked at first.
func TestStrangersOrderIsOnRecord(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("attorney", s.attorney(func(a *caller.Authority) { a.MayAct = true }))
	p.know("letter", s.letter)
	order := func(by, number string, key uuid.UUID) {
		t.Helper()
		p.getAs(by, `mutation($a: String!, $n: String!, $k: UUID!) {
			orderNewCredentials(input: {idempotencyKey: $k, agency: $a, caseNumber: $n}) { sentBy userErrors { code } } }`,
			map[string]any{"a": s.code, "n": number, "k": key})
	}
	strangers := func() (orders []any) {
		for _, e := range p.seen(s) {
			if at(e, "kind") == "UNKNOWN" {
				orders = append(orders, e)
			}
		}
		return orders
	}
	want := map[string]any{"kind": "UNKNOWN", "staffAgency": nil, "own": false, "ground": "CASE_LOGIN", "powerOfAttorney": nil,
		"reason": nil, "action": "orderNewCredentials", "what": []any{}, "agencies": []any{s.code}, "caseIds": []any{s.caseID},
		"outcome": "OK"}
	for n, by := range []string{"somebody", "letter", "attorney", people.DemoPeople(today)[1].NationalID.Reveal()} {
		key := uuid.New()
		order(by, s.caseNumber, key)
		order(by, s.caseNumber, key) // the answer was lost
		order(by, "0", uuid.New())
		got := strangers()
		if by == people.DemoPeople(today)[1].NationalID.Reveal() {
			n-- // as the debtor whom they are, at whose case the agency does nothing
		}
		if len(got) != n+1 {
			t.Fatalf("%d orders after that of %d", len(got), n)
		}
		if diff := cmp.Diff(want, got[0]); diff != "" {
			t.Errorf("order %d (-want +got):\n%s", n, diff)
		}
	}

	before := len(strangers())
	p.line(s.code, false)
	order("later", s.caseNumber, uuid.New())
	if n := p.scalar("select count(*) from portal.act where status = 'PENDING' and name = 'ORDER_NEW_CREDENTIALS'"); n != 1 {
		t.Fatalf("%d orders wait for the agency", n)
	}
	if n := len(strangers()); n != before {
		t.Errorf("%d entries while nobody knows whose case it is", n-before)
	}
	p.line(s.code, true)
	p.resume()
	p.resume()
	if n := len(strangers()); n != before+1 {
		t.Errorf("%d entries of an order that was delivered later", n-before)
	}
}

// resume drives what has not ended.
func (p *portal) resume() {
	p.t.Helper()
	rows, err := p.ours.Conn().Query(p.t.Context(), "select id from portal.act where ended_at is null")
	if err != nil {
		p.t.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		p.t.Fatal(err)
	}
	for _, id := range ids {
		if _, err := p.resolver.Engine.Resume(p.t.Context(), id); err != nil {
			p.t.Fatal(err)
		}
	}
}
