package resolvers_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	portaldb "github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const acceptMutation = `mutation($input: AcceptPaymentSolutionInput!) { acceptPaymentSolution(input: $input) {
	acceptance { __typename id status reason acceptedAt endedAt kinds totalPaid { amount } cost { amount } lastDay agencies { agency { code name orgNumber } status reason changedAt } }
	userErrors { code field message }
} }`

// offers returns the suggestions for a budget, by their first kind.
func (p *portal) offers(budget string) map[string]any {
	p.t.Helper()
	all := map[string]any{}
	data := p.get(kari(), solutionsQuery, map[string]any{"input": map[string]any{"monthlyBudget": budget,
		"payDays": []int{20}}})
	for _, s := range at(data, "viewer", "paymentSolutions", "suggestions").([]any) {
		all[at(s, "kinds", 0).(string)] = s
	}
	return all
}

func (p *portal) accept(key uuid.UUID, offerID any) any {
	p.t.Helper()
	return at(p.get(kari(), acceptMutation, map[string]any{"input": map[string]any{"idempotencyKey": key,
		"offerId": offerID}}), "acceptPaymentSolution")
}

// sameDay makes the agencies' databases live on the tests' day.
func (p *portal) sameDay() { p.agenciesLive(today) }

// agenciesLive makes the agencies' databases live on a day.
func (p *portal) agenciesLive(day norway.Date) {
	p.t.Helper()
	for code, db := range p.databases {
		function := "core.today()"
		if code == people.Tradisjon {
			function = "inkasso.i_dag()"
		}
		_, err := db.Conn().Exec(p.t.Context(),
			fmt.Sprintf("create or replace function %s returns date language sql stable as $$ select date '%s' $$", function,
				day))
		if err != nil {
			p.t.Fatal(err)
		}
	}
}

// statements counts what is sent to a database.
type statements struct{ atomic.Int64 }

func (n *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	n.Add(1)
	return ctx
}

func (*statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TestManyAcceptances: any number of ids costs one read of the portal database, and one of
// each agency for what is selected of it.
func TestManyAcceptances(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	id := at(p.accept(uuid.New(), at(p.offers("6000.00")["LOWEST_COST"], "offerId")), "acceptance", "id")
	var sent statements
	secret, err := portaldb.NewSecret(bytes.Repeat([]byte{5}, portaldb.SecretSize))
	if err != nil {
		t.Fatal(err)
	}
	p.resolver.Engine, err = act.New(act.Options{
		Portal: portaldb.NewDB(p.ours.Pool(func(c *pgxpool.Config) {
			c.ConnConfig.User, c.ConnConfig.Tracer = portaldb.Role, &sent
		}), time.Minute),
		Secret: secret, Agencies: p.resolver.Agencies, Clock: noon, Log: slog.New(slog.DiscardHandler),
		Acts: p.resolver.Acts.All(),
	})
	if err != nil {
		t.Fatal(err)
	}
	none := p.resolver.IDs.Seal(debt.Key{Kind: debt.KindAcceptance, ID: uuid.NewString()})
	ids := append(repeat(id, 40), none, p.resolver.IDs.Seal(debt.Key{Kind: debt.KindAcceptance, ID: "none"}))
	a := p.ask(kari(),
		`query($ids: [ID!]!, $id: ID!) { nodes(ids: $ids) { id ... on PaymentSolutionAcceptance { status agencies { agency { orgNumber } } } } one: node(id: $id) { id } }`,
		map[string]any{"ids": ids, "id": id})
	if a.codes() != "[NOT_FOUND NOT_FOUND]" {
		t.Fatalf("%s", a.Raw)
	}
	for i, node := range at(a.object(t), "nodes").([]any) {
		if i < 40 && (at(node, "id") != id || at(node, "status") != "CONFIRMED" ||
			at(node, "agencies", 0, "agency", "orgNumber") == nil) || i >= 40 && node != nil {
			t.Errorf("%d: %v", i, node)
		}
	}
	if at(a.object(t), "one", "id") != id {
		t.Errorf("%s", a.Raw)
	}
	if n := sent.Load(); n != 1 {
		t.Errorf("%d statements to the portal database", n)
	}
	for _, u := range a.Extensions.Usage {
		if u.RoundTrips != 1 {
			t.Errorf("%s is asked %d times", u.Agency, u.RoundTrips)
		}
	}
}

// TestAcceptPaymentSolution accepts a solution as a frontend would: the agencies confirm
// in the same answer, the cases show their agreements, and sending it again changes nothing.
func TestAcceptPaymentSolution(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	offers := p.offers("6000.00")
	best := offers["LOWEST_COST"]
	key := uuid.New()
	got := p.accept(key, at(best, "offerId"))
	if errs := at(got, "userErrors").([]any); len(errs) != 0 {
		t.Fatalf("%v", errs)
	}
	a := at(got, "acceptance")
	if at(a, "status") != "CONFIRMED" || at(a, "endedAt") == nil ||
		amount(t, at(a, "totalPaid")) != amount(t, at(best, "totalPaid")) || at(a, "lastDay") != at(best, "lastDay") {
		t.Fatalf("%v", a)
	}
	asked := map[any]bool{}
	for _, x := range at(a, "agencies").([]any) {
		asked[at(x, "agency", "code")] = true
		if at(x, "status") != "CONFIRMED" || at(x, "agency", "orgNumber") == nil {
			t.Errorf("%v", x)
		}
	}
	cases := map[any]any{}
	data := p.get(kari(),
		`{ viewer { paymentSolutionAcceptances { id status } cases(first: 100) { nodes { caseNumber agency { code }
		agreement { status cases { caseNumber } instalments { dueOn amount { amount } fee { amount } } } holds { kind until } } } } }`, nil)
	for _, c := range at(data, "viewer", "cases", "nodes").([]any) {
		cases[at(c, "caseNumber")] = c
	}
	for _, g := range at(best, "agreements").([]any) {
		for _, c := range at(g, "cases").([]any) {
			now := cases[at(c, "caseNumber")]
			if at(now, "agreement", "status") != "ACTIVE" || !asked[at(now, "agency", "code")] {
				t.Errorf("%v has no agreement: %v", at(c, "caseNumber"), now)
			}
			var want []any
			for _, i := range at(g, "instalments").([]any) {
				want = append(want, map[string]any{"dueOn": at(i, "dueOn"), "amount": at(i, "amount"), "fee": at(i, "fee")})
			}
			if diff := cmp.Diff(want, at(now, "agreement", "instalments")); diff != "" {
				t.Errorf("%v has other instalments (-offered +agreed):\n%s", at(c, "caseNumber"), diff)
			}
		}
	}
	for _, d := range at(best, "deferrals").([]any) {
		deferred := false
		for _, h := range at(cases[at(d, "case", "caseNumber")], "holds").([]any) {
			deferred = deferred || at(h, "kind") == "DEFERRED" && at(h, "until") == at(d, "until")
		}
		if !deferred {
			t.Errorf("%v is not deferred until %v: %v", at(d, "case", "caseNumber"), at(d, "until"),
				at(cases[at(d, "case", "caseNumber")], "holds"))
		}
	}
	if list := at(data, "viewer", "paymentSolutionAcceptances").([]any); len(list) != 1 ||
		at(list, 0, "id") != at(a, "id") {
		t.Errorf("the list has %v", list)
	}
	if again := p.accept(key, at(best, "offerId")); cmp.Diff(got, again) != "" {
		t.Errorf("the same key has another answer:\n%s", cmp.Diff(got, again))
	}
	if code := at(p.accept(key, at(offers["PAY_FIRST"], "offerId")), "userErrors", 0, "code"); code != "KEY_REUSED" {
		t.Errorf("the key with another offer: %v", code)
	}
	if code := at(p.accept(uuid.New(), at(best, "offerId")), "userErrors", 0, "code"); code != "CASES_CHANGED" {
		t.Errorf("an offer from before the agreements: %v", code)
	}
	polled := p.get(kari(),
		`query($id: ID!) { node(id: $id) { ... on PaymentSolutionAcceptance { status agencies { agency { name } status } } } }`, map[string]any{"id": at(a, "id")})
	if at(polled, "node", "status") != "CONFIRMED" {
		t.Errorf("polled: %v", polled)
	}
	other := p.ask(people.DemoPeople(today)[1].NationalID,
		`query($id: ID!) { node(id: $id) { id } viewer { paymentSolutionAcceptances { id } } }`,
		map[string]any{"id": at(a, "id")})
	if len(other.Errors) != 1 || other.Errors[0].Extensions.Code != "NOT_FOUND" ||
		len(at(other.object(t), "viewer", "paymentSolutionAcceptances").([]any)) != 0 {
		t.Errorf("another person sees it: %s", other.Data)
	}
}

// TestAcceptedAfterADeferral: what an accepted solution pays is not suggested once more.
func TestAcceptedAfterADeferral(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	first := p.offers("28000.00")["LOWEST_COST"]
	if at(first, "deferrals", 0) == nil {
		t.Fatal("the first solution has no deferral")
	}
	if got := p.accept(uuid.New(), at(first, "offerId")); at(got, "acceptance", "status") != "CONFIRMED" {
		t.Fatalf("the first: %v", got)
	}
	if again := p.offers("28000.00"); len(again) > 0 {
		t.Errorf("what is planned is suggested again, in %d ways", len(again))
	}
}

// TestAcceptedTwiceAtOnce: a double click has one effect.
func TestAcceptedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	offerID, key := at(p.offers("6000.00")["LOWEST_COST"], "offerId"), uuid.New()
	var wg sync.WaitGroup
	ids := make([]any, 4)
	for i := range ids {
		wg.Go(func() {
			a := p.ask(kari(), acceptMutation, map[string]any{"input": map[string]any{"idempotencyKey": key,
				"offerId": offerID}})
			ids[i] = at(a.object(t), "acceptPaymentSolution", "acceptance", "id")
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id == nil || id != ids[0] {
			t.Errorf("%v", ids)
		}
	}
}

func TestNotAccepted(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	offers := p.offers("6000.00")
	best := at(offers["LOWEST_COST"], "offerId").(string)
	cases := map[string]struct {
		reason, offer string
		before        string // what happens at the agency fjord
		code, field   string
	}{
		"invented": {"nobody can make one", "1AAAA", "", "INVALID", "input.offerId"},
		"changed":  {"nor another of it", flip(best), "", "INVALID", "input.offerId"},
		"an id": {"an object is no offer", at(p.get(kari(), `{ viewer { debtors { id } } }`, nil), "viewer", "debtors", 0,
			"id").(string), "", "INVALID", "input.offerId"},
		"payment": {"less is owed than was offered for", best,
			"insert into core.payment (case_id, amount_ore, received_on, channel) select case_id, 100, '2026-03-02', 'BANK' from core.case where case_number = '100004'", "CASES_CHANGED", "input.offerId"},
	}
	for _, name := range []string{"invented", "changed", "an id", "payment"} {
		tc := cases[name]
		if tc.before != "" {
			if _, err := p.databases[people.Fjord].Conn().Exec(t.Context(), tc.before); err != nil {
				t.Fatal(err)
			}
		}
		got := p.accept(uuid.New(), tc.offer)
		if at(got, "acceptance") != nil || at(got, "userErrors", 0, "code") != tc.code ||
			path(at(got, "userErrors", 0, "field")) != tc.field {
			t.Errorf("%s (%s): %v", name, tc.reason, got)
		}
	}
	if n := count(t, p, "select count(*) from core.solution"); n != 0 {
		t.Errorf("the agency has %d proposals", n)
	}
	a := p.ask(kari(),
		fmt.Sprintf(`mutation { acceptPaymentSolution(input: {idempotencyKey: "no", offerId: %q}) { userErrors { code } } }`,
			best), nil)
	if a.Status != 400 && len(a.Errors) == 0 {
		t.Errorf("a key that is no UUID: %+v", a)
	}
}

func count(t *testing.T, p *portal, query string) (n int) {
	t.Helper()
	if err := p.databases[people.Fjord].Conn().QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestOfferOfSomebodyElse: an offer that was made to another person is no offer, and names no agency
// where the caller has nothing.
func TestOfferOfSomebodyElse(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	offers := p.offers("2000")
	var offer any
	for _, s := range offers {
		offer = at(s, "offerId")
	}
	tried := 0
	for _, other := range people.DemoPeople(today)[1:6] {
		cases := at(p.get(other.NationalID, `{ viewer { cases { totalCount } } }`, nil), "viewer", "cases", "totalCount")
		if at(p.get(other.NationalID, `{ viewer { cases(filter: {agencies: `+naming("$fjord", p.agencyIDs())+
			`}) { totalCount } } }`, nil), "viewer", "cases", "totalCount") != 0.0 {
			continue
		}
		tried++
		a := p.ask(other.NationalID, acceptMutation, map[string]any{"input": map[string]any{
			"idempotencyKey": uuid.New(), "offerId": offer}})
		wrong := at(a.object(t), "acceptPaymentSolution", "userErrors", 0)
		if at(wrong, "code") != "INVALID" || strings.Contains(a.Raw, "Inkasso") {
			t.Errorf("who has %v cases is told: %s", cases, a.Raw)
		}
	}
	if tried == 0 {
		t.Error("everybody has cases at the agency")
	}
}
