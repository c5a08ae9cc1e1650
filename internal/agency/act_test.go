package agency_test

import (
	"context"
	stderrors "errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/contracttest"
	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
)

// free makes the cases of somebody at the agency ones that can be agreed on, and returns
// a proposal that pays two of them.
func free(t *testing.T, c *cell, r *agency.Registry) debt.Proposal {
	t.Helper()
	c.exec(t,
		"update core.agreement set status = 'COMPLETED'; update core.objection set status = 'REJECTED'; update core.hold set until = since")
	part, err := r.ReadCases(t.Context(), c.conf.Code, somebody(), everything, nil)
	if err != nil {
		t.Fatal(err)
	}
	var p debt.Proposal
	for _, x := range part.Cases {
		if x.Status == debt.Open {
			p.Cases = append(p.Cases, x.ID.ID)
		}
	}
	if len(p.Cases) < 2 {
		t.Fatalf("%d open cases", len(p.Cases))
	}
	p.Cases = p.Cases[:2]
	return p
}

func accept(debt.Part) error { return nil }

// answer is what an act returned.
func answer(t *testing.T, want contracttest.ProposalAnswer) func(contracttest.ProposalAnswer, error) {
	t.Helper()
	return func(got contracttest.ProposalAnswer, err error) {
		t.Helper()
		if err != nil || got != want {
			t.Fatalf("the answer is %+v, %v; want %+v", got, err, want)
		}
	}
}

var (
	proposed  = contracttest.ProposalAnswer{Status: debt.ProposalProposed}
	confirmed = contracttest.ProposalAnswer{Status: debt.ProposalConfirmed}
	withdrawn = contracttest.ProposalAnswer{Status: debt.ProposalWithdrawn}
)

// TestActs takes a proposal through its life; it is verified once, on what it is about.
func TestActs(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	p, key := free(t, c, r), uuid.New()
	verified := 0
	verify := func(part debt.Part) error {
		verified++
		plain, err := r.ReadCases(t.Context(), "lita", somebody(), debt.OfNextDue, nil)
		if err != nil {
			return err
		}
		if diff := same(plain, part); diff != "" {
			t.Errorf("what is verified is not what is read otherwise\n%s", diff)
		}
		return nil
	}
	for range 2 {
		answer(t, proposed)(r.ProposeSolution(t.Context(), "lita", somebody(), key, p, debt.OfNextDue, verify))
	}
	if verified != 1 {
		t.Errorf("it was verified %d times", verified)
	}
	answer(t, contracttest.ProposalAnswer{Status: debt.ProposalRefused, Reason: debt.RefusedAgreementExists})(
		r.ProposeSolution(t.Context(), "lita", somebody(), uuid.New(), p, debt.OfNextDue, verify))
	answer(t, confirmed)(r.Confirm(t.Context(), "lita", somebody(), key))
	answer(t, withdrawn)(r.Withdraw(t.Context(), "lita", somebody(), key))
	answer(t, withdrawn)(r.ProposeSolution(t.Context(), "lita", somebody(), key, p, debt.OfNextDue, verify))
	if verified != 1 {
		t.Errorf("it was verified %d times", verified)
	}
	if _, err := r.Confirm(t.Context(), "nowhere", somebody(), key); !stderrors.Is(err, agency.ErrNotFound) {
		t.Errorf("an agency that does not exist: %v", err)
	}
	if _, err := r.Confirm(t.Context(), "lita", caller.Scope{}, uuid.New()); !stderrors.Is(err, agency.ErrNotFound) {
		t.Errorf("an agency out of scope: %v", err)
	}
}

// TestActCosts: an act is told in the tally like a read. It takes one round trip to begin and be done, and
// one to commit; a proposal one more, for the read that is verified. The first of a connection prepares its
// statements before.
func TestActCosts(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita", func(c *agency.Config) { c.MaxConns = 4 })
	r, _ := open(t, c)
	p, key := free(t, c, r), uuid.New()
	settle(t, r, c)
	cost := func(ask func(context.Context)) (agency.Usage, counts) {
		before := c.tap.counts()
		ctx, tally := agency.WithTally(t.Context())
		ask(ctx)
		used := tally.Usage()[0]
		used.Took = 0
		return used, c.tap.counts().since(before)
	}
	propose := func(ctx context.Context) {
		answer(t, proposed)(r.ProposeSolution(ctx, "lita", somebody(), key, p, debt.OfBalance, accept))
	}
	withdraw := func(ctx context.Context) { answer(t, withdrawn)(r.Withdraw(ctx, "lita", somebody(), key)) }
	least := map[string]int64{"propose": 9, "withdraw": 9} // a connection may be new
	for range 4 {
		key = uuid.New()
		for _, tc := range []struct {
			name       string
			ask        func(context.Context)
			statements int
		}{{"propose", propose, 1 + core.Statements(debt.OfBalance)}, {"withdraw", withdraw, 1}} {
			used, seen := cost(tc.ask)
			if used.Statements != tc.statements || used.RoundTrips != seen.Turns {
				t.Errorf("%s: the tally is %+v, the wire's %+v", tc.name, used, seen)
			}
			least[tc.name] = min(least[tc.name], used.RoundTrips)
		}
	}
	if diff := cmp.Diff(map[string]int64{"propose": 3, "withdraw": 2}, least); diff != "" {
		t.Error(diff)
	}
}

// TestVerifyRefuses: its error comes back as it is, and nothing is left.
func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, log := open(t, c)
	p, key := free(t, c, r), uuid.New()
	changed := stderrors.New("the balance has changed")
	for range 5 { // it is no failure of the agency's
		if _, err := r.ProposeSolution(t.Context(), "lita", somebody(), key, p, debt.OfBalance,
			func(debt.Part) error { return changed }); !stderrors.Is(err, changed) {
			t.Fatalf("the error is %v", err)
		}
	}
	if log.Has(opened) {
		t.Error("the agency was taken out of service")
	}
	other := debt.Proposal{Cases: p.Cases[:1]}
	answer(t, proposed)(r.ProposeSolution(t.Context(), "lita", somebody(), key, other, debt.OfBalance, accept))
}

// TestVerifySeesPayment: a payment that was being registered when the proposal came is
// among the records that are verified.
func TestVerifySeesPayment(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	p := free(t, c, r)
	before, err := r.ReadCases(t.Context(), "lita", somebody(), debt.OfBalance, p.Cases[:1])
	if err != nil {
		t.Fatal(err)
	}
	clerk, watch := c.db.Conn(), c.db.Conn()
	tx, err := clerk.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = tx.Exec(t.Context(),
		"insert into core.payment (case_id, amount_ore, received_on, channel) values ($1::text::bigint, 100, '2026-03-01', 'BANK')", p.Cases[0])
	if err != nil {
		t.Fatal(err)
	}
	var sees int
	var acting sync.WaitGroup
	acting.Go(func() {
		got, err := r.ProposeSolution(t.Context(), "lita", somebody(), uuid.New(), p, debt.OfBalance,
			func(part debt.Part) error {
				i := slices.IndexFunc(part.Cases, func(x *debt.Case) bool { return x.ID.ID == p.Cases[0] })
				sees = len(part.Cases[i].AllPayments)
				return nil
			})
		if err != nil || got != proposed {
			t.Errorf("%+v, %v", got, err)
		}
	})
	eventually(t, "the proposal waits for the payment", func() bool { return waiting(t, watch) > 0 })
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	acting.Wait()
	if had := len(before.Cases[0].AllPayments); sees != had+1 {
		t.Errorf("%d payments are verified; there were %d before the last", sees, had)
	}
}

// waiting counts the connections of Oversikt that wait for a lock.
func waiting(t *testing.T, conn *pgx.Conn) (n int) {
	t.Helper()
	err := conn.QueryRow(t.Context(), `select count(*) from pg_catalog.pg_stat_activity
		where datname = pg_catalog.current_database() and usename = 'oversikt_app' and wait_event_type = 'Lock'`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestActOnLockedCase: a clerk who keeps a case locked costs the act, not the reads.
func TestActOnLockedCase(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita", deadline(6*time.Second))
	r, log := open(t, c)
	p := free(t, c, r)
	clerk := c.db.Conn()
	tx, err := clerk.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "select from core.case for update"); err != nil {
		t.Fatal(err)
	}
	key := uuid.New()
	for range 4 {
		_, err := r.ProposeSolution(t.Context(), "lita", somebody(), key, p, debt.OfBalance, accept)
		if f := fault.Of(err); err == nil || f.Code != fault.AgencyUnavailable || f.Agency != "lita" {
			t.Fatalf("the error is %v", err)
		}
	}
	if _, err := r.ReadCases(t.Context(), "lita", somebody(), debt.OfCases, nil); err != nil || log.Has(opened) {
		t.Errorf("reads fail too: %v", err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	answer(t, proposed)(r.ProposeSolution(t.Context(), "lita", somebody(), key, p, debt.OfBalance, accept))
}

// TestActOnDeadConnection: what was not sent is sent on a new connection; what was begun
// is left to the caller, and the key resolves it.
func TestActOnDeadConnection(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, log := open(t, c)
	p := free(t, c, r)
	settle(t, r, c)
	for range 3 {
		c.kill(t)
		key := uuid.New()
		answer(t, proposed)(r.ProposeSolution(t.Context(), "lita", somebody(), key, p, debt.OfBalance, accept))
		answer(t, withdrawn)(r.Withdraw(t.Context(), "lita", somebody(), key))
	}
	key, verified := uuid.New(), 0
	cut := func(debt.Part) error {
		verified++
		c.set(t, line.Quality{Down: true})
		return nil
	}
	_, err := r.ProposeSolution(t.Context(), "lita", somebody(), key, p, debt.OfBalance, cut)
	c.set(t, line.Quality{})
	if f := fault.Of(err); err == nil || f.Code != fault.AgencyUnavailable || f.Cause == nil || verified != 1 {
		t.Fatalf("commit on a line that is cut: %v, verified %d times", err, verified)
	}
	answer(t, proposed)(r.ProposeSolution(t.Context(), "lita", somebody(), key, p, debt.OfBalance, accept))
	answer(t, confirmed)(r.Confirm(t.Context(), "lita", somebody(), key))
	if log.Has(opened) {
		t.Error("the agency was taken out of service")
	}
}

// TestActBrokenContract: a function that answers otherwise, or may not be called, is the
// agency's to mend.
func TestActBrokenContract(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	c.exec(t, `drop function oversikt.confirm_solution(uuid, jsonb, jsonb);
		create function oversikt.confirm_solution(idempotency_key uuid, caller jsonb, input jsonb) returns text
		language sql volatile security definer set search_path = pg_catalog, pg_temp as $$ select 'CONFIRMED' $$;
		revoke execute on function oversikt.withdraw_solution from oversikt_app`)
	r, log := open(t, c)
	for range 4 {
		if _, err := r.Confirm(t.Context(), "lita", somebody(), uuid.New()); fault.Of(err).Code != fault.SchemaMismatch {
			t.Fatalf("the error is %v", err)
		}
		if _, err := r.Withdraw(t.Context(), "lita", somebody(), uuid.New()); fault.Of(err).Code != fault.NotOffered {
			t.Fatalf("the error is %v", err)
		}
	}
	if all(t, r); log.Has(opened) {
		t.Error("the agency was taken out of service")
	}
}

// TestActsAtOnce: through the pool, many calls with one key have one effect.
func TestActsAtOnce(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	p, key := free(t, c, r), uuid.New()
	var mu sync.Mutex
	verified := 0
	var calls sync.WaitGroup
	for range 50 {
		calls.Go(func() {
			got, err := r.ProposeSolution(t.Context(), "lita", somebody(), key, p, debt.OfBalance, func(debt.Part) error {
				mu.Lock()
				defer mu.Unlock()
				verified++
				return nil
			})
			if err != nil || got != proposed {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	calls.Wait()
	if verified != 1 {
		t.Errorf("it was verified %d times", verified)
	}
}
