package agency_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
)

// hands is a clock that is set by hand.
type hands struct{ passed atomic.Int64 }

func (h *hands) now() time.Time       { return clock().Add(time.Duration(h.passed.Load())) }
func (h *hands) pass(d time.Duration) { h.passed.Add(int64(d)) }

// TestPublicFactsAreKept: whoever asks, and however often, an agency is asked for its public facts
// once in some minutes. They are told while they are asked for again, and while nobody answers;
// when they are old, that is an error.
func TestPublicFactsAreKept(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	h := &hands{}
	r, err := agency.Open([]agency.Config{c.conf}, h.now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	phone := func() string {
		parts, errs := r.Describe(t.Context(), everything)
		if errs[0] != nil {
			t.Fatal(errs[0])
		}
		return *parts[0].Agency.Phone
	}
	asks := func(do func()) int64 {
		before := c.tap.counts()
		do()
		return c.tap.counts().since(before).Executes / 3 // begin, the statement, commit
	}
	eventually(t, "it answers", func() bool { _, errs := r.Describe(t.Context(), everything); return errs[0] == nil })
	settle(t, r, c)
	c.exec(t, "update core.agency set phone = '+4722000001'")
	before := phone()
	if n := asks(func() {
		var all sync.WaitGroup
		for range 99 {
			all.Go(func() { phone() })
		}
		all.Wait()
	}); n != 0 || before == "+4722000001" {
		t.Errorf("99 questions went to the agency %d times", n)
	}

	h.pass(3 * time.Minute)
	if n := asks(func() {
		if got := phone(); got != before {
			t.Errorf("what is known was not told at once: %s", got)
		}
		eventually(t, "it is asked again", func() bool { return phone() == "+4722000001" })
	}); n != 1 {
		t.Errorf("it was asked again %d times", n)
	}

	c.set(t, line.Quality{Down: true})
	h.pass(10 * time.Minute)
	if got := phone(); got != "+4722000001" {
		t.Errorf("an agency that is down has the telephone number %s", got)
	}
	h.pass(time.Hour)
	if parts, errs := r.Describe(t.Context(), everything); errs[0] == nil || parts[0].Agency.Name != c.conf.Name {
		t.Errorf("old facts are told as if they were new: %+v", parts[0])
	}
	if parts, errs := r.Describe(t.Context(), debt.OfCases); errs[0] != nil || len(parts[0].Cases) > 0 {
		t.Errorf("what is no public fact is asked for: %v", errs[0])
	}
}

// TestFactsAreAskedForOnce: nobody knows them, the agency is slow, and many ask at once. Who goes
// away does not take the answer from the others.
func TestFactsAreAskedForOnce(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	eventually(t, "there is a connection", func() bool {
		_, err := r.ReadCases(t.Context(), "lita", somebody(), debt.OfCases, nil)
		return err == nil
	})
	c.set(t, line.Quality{Latency: 100 * time.Millisecond})
	before := c.tap.counts().Executes
	ctx, tally := agency.WithTally(t.Context())
	var all sync.WaitGroup
	gone, leave := context.WithCancel(ctx)
	all.Go(func() {
		if _, err := r.Agency(gone, "lita", everything); err == nil {
			t.Error("who went away was answered")
		}
	})
	eventually(t, "it is asked", func() bool { return c.tap.counts().Executes > before })
	leave()
	for range 50 {
		all.Go(func() {
			if facts, err := r.Agency(ctx, "lita", everything); err != nil || facts.OrgNumber == nil {
				t.Errorf("%+v, %v", facts, err)
			}
		})
	}
	all.Wait()
	checkTally(t, tally, []agency.Usage{{Agency: "lita", RoundTrips: 1, Statements: 1}})
}

// TestUnknownCallersHaveAPart: however many ask without a login, who is logged in gets a
// connection at once.
func TestUnknownCallersHaveAPart(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita", func(c *agency.Config) { c.MaxConns = 4 })
	r, log := open(t, c)
	settle(t, r, c)
	hold, err := c.db.Conn().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold.Exec(t.Context(), "lock table core.login_throttle in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() { _, _ = r.CaseLogin(ctx, "lita", "1", r.Password("lita", "x")) })
	}
	eventually(t, "one waits at the agency", func() bool { return c.waiting(t) > 0 })
	for range 20 {
		if part, err := r.ReadCases(t.Context(), "lita", somebody(), everything, nil); err != nil {
			t.Fatalf("%s, %v", part.Status, err)
		}
		if n := c.waiting(t); n != 1 {
			t.Fatalf("%d of 4 connections are held by people who are not logged in", n)
		}
	}
	cancel()
	if err := hold.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if log.Has(opened) {
		t.Error("the agency was taken out of service for those who waited")
	}
}

// TestRequestHasAFew: one request that asks for a hundred things has two connections of the agency.
func TestRequestHasAFew(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita", func(c *agency.Config) { c.MaxConns = 8 })
	r, _ := open(t, c)
	settle(t, r, c)
	hold, err := c.db.Conn().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hold.Exec(t.Context(), "lock table core.letter in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	ctx := agency.WithShare(t.Context())
	var all sync.WaitGroup
	for range 99 {
		all.Go(func() {
			if _, err := r.ReadCases(ctx, "lita", somebody(), debt.OfLetters, nil); err != nil {
				t.Error(err)
			}
		})
	}
	eventually(t, "two wait at the agency", func() bool { return c.waiting(t) == 2 })
	for range 20 {
		if _, err := r.ReadCases(agency.WithShare(t.Context()), "lita", somebody(), debt.OfBalance, nil); err != nil {
			t.Fatal(err)
		}
		if n := c.waiting(t); n != 2 {
			t.Fatalf("%d connections are held by one request", n)
		}
	}
	if err := hold.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	all.Wait()
}

// TestLateIsSaid: a lock is told as what it is, with the statement that waits for it, and costs no
// connection.
func TestLateIsSaid(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita", deadline(3*time.Second))
	r, _ := open(t, c)
	settle(t, r, c)
	before := c.tap.counts().Accepts
	for _, relation := range []string{"letter", "fee"} {
		hold, err := c.db.Conn().Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := hold.Exec(t.Context(), "lock table core."+relation+" in access exclusive mode"); err != nil {
			t.Fatal(err)
		}
		part, err := r.ReadCases(t.Context(), "lita", somebody(), everything, nil)
		said := fmt.Sprint(fault.Of(err).Cause)
		if part.Status != debt.AgencyTimeout || !strings.Contains(said, "read: no answer within 3000 ms") ||
			!strings.Contains(said, relation+": ") || strings.Contains(said, "connect") {
			t.Errorf("%s: %s, %s", relation, part.Status, said)
		}
		if err := hold.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := r.ReadCases(t.Context(), "lita", somebody(), everything, nil); err != nil {
			t.Error(err)
		}
	}
	if n := c.tap.counts().Accepts - before; n != 0 {
		t.Errorf("%d new connections", n)
	}
}

// waiting counts the connections that wait for a lock at the agency.
func (c *cell) waiting(t *testing.T) (n int) {
	t.Helper()
	if err := c.db.Conn().QueryRow(t.Context(), `select count(*) from pg_catalog.pg_stat_activity
		where datname = pg_catalog.current_database() and usename = 'oversikt_app' and wait_event_type = 'Lock'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
