package agency_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
)

// settle waits until the pools have made the connections that they keep.
func settle(t *testing.T, r *agency.Registry, cells ...*cell) {
	t.Helper()
	eventually(t, "all answer", func() bool {
		_, errs := r.Read(t.Context(), somebody(), everything)
		return errors(errs) == nil
	})
	for _, c := range cells {
		watch := c.db.Conn()
		last, since := c.tap.counts(), time.Now()
		eventually(t, "the pool comes to rest", func() bool {
			var rests bool
			err := watch.QueryRow(t.Context(),
				`select count(*) >= 2 and count(*) filter (where state is distinct from 'idle') = 0
				from pg_catalog.pg_stat_activity where datname = pg_catalog.current_database() and usename = 'oversikt_app'`).Scan(&rests)
			if err != nil {
				t.Fatal(err)
			}
			if now := c.tap.counts(); now != last || !rests {
				last, since = now, time.Now()
			}
			return time.Since(since) > 300*time.Millisecond
		})
	}
}

// TestReadCosts holds every read to one round trip and as many statements as it has
// relations, by its own count and by what passes the wire.
func TestReadCosts(t *testing.T) {
	t.Parallel()
	a, b := newCell(t, "fjord"), newCell(t, "lita")
	r, _ := open(t, a, b)
	settle(t, r, a, b)
	cases := map[string]struct {
		reason     string
		want       debt.Relations
		statements int
	}{
		"agency":   {"the least", debt.OfAgency, 1},
		"cases":    {"one relation", debt.OfCases, 1},
		"balance":  {"what a total needs", debt.OfBalance, 7},
		"next due": {"with agreements, holds and scheduled costs", debt.OfNextDue, 11},
		"all":      {"the most", everything, 26},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			before := []counts{a.tap.counts(), b.tap.counts()}
			ctx, tally := agency.WithTally(t.Context())
			_, errs := r.Read(ctx, somebody(), tc.want)
			if err := errors(errs); err != nil {
				t.Fatal(err)
			}
			checkTally(t, tally, []agency.Usage{
				{Agency: "fjord", RoundTrips: 1, Statements: tc.statements},
				{Agency: "lita", RoundTrips: 1, Statements: tc.statements},
			})
			for i, c := range []*cell{a, b} {
				want := counts{Syncs: 1, Turns: 1, Executes: int64(tc.statements) + 2} // begin and commit
				if diff := cmp.Diff(want, c.tap.counts().since(before[i])); diff != "" {
					t.Errorf("%s on the wire of %s (%s)\n%s", name, c.conf.Code, tc.reason, diff)
				}
			}
		})
	}
}

func errors(errs []error) error {
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return nil
}

func checkTally(t *testing.T, tally *agency.Tally, want []agency.Usage) {
	t.Helper()
	got := tally.Usage()
	slices.SortFunc(got, func(a, b agency.Usage) int { return strings.Compare(a.Agency, b.Agency) })
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(agency.Usage{}, "Took")); diff != "" {
		t.Errorf("the tally\n%s", diff)
	}
	for _, u := range got {
		if u.Took <= 0 {
			t.Errorf("%s took %s", u.Agency, u.Took)
		}
	}
}

// TestReadAfterIdling: pgx would ping a connection that has been idle for a second.
func TestReadAfterIdling(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	settle(t, r, c)
	time.Sleep(1200 * time.Millisecond)
	before := c.tap.counts()
	ctx, tally := agency.WithTally(t.Context())
	if _, errs := r.Read(ctx, somebody(), debt.OfCases); errs[0] != nil {
		t.Fatal(errs[0])
	}
	checkTally(t, tally, []agency.Usage{{Agency: "lita", RoundTrips: 1, Statements: 1}})
	if diff := cmp.Diff(counts{Syncs: 1, Turns: 1, Executes: 3}, c.tap.counts().since(before)); diff != "" {
		t.Error(diff)
	}
}

// TestNothingCostsNothing: nobody is asked for nothing, and nobody who does not exist.
func TestNothingCostsNothing(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	settle(t, r, c)
	before := c.tap.counts()
	ctx, tally := agency.WithTally(t.Context())
	parts, errs := r.Read(ctx, somebody(), 0)
	if len(parts) != 1 || errs[0] != nil || parts[0].Status != debt.AgencyOK || parts[0].Agency.Name != c.conf.Name {
		t.Errorf("nothing: %+v, %v", parts, errs)
	}
	if _, err := r.ReadCases(ctx, "nowhere", somebody(), everything, nil); err == nil ||
		err.Error() != "NOT_FOUND: there is no such object" {
		t.Errorf("an agency that does not exist: %v", err)
	}
	if status := r.CaseStatus(ctx, "nowhere", "1"); status != "" {
		t.Errorf("a case of an agency that does not exist: %s", status)
	}
	checkTally(t, tally, nil)
	if diff := cmp.Diff(counts{}, c.tap.counts().since(before)); diff != "" {
		t.Error(diff)
	}
}

// TestTallySums: one request may read an agency more than once, and all of them at once.
func TestTallySums(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	settle(t, r, c)
	ctx, tally := agency.WithTally(t.Context())
	const reads = 3
	var wg sync.WaitGroup
	for range reads {
		wg.Go(func() {
			if part, err := r.ReadCases(ctx, "lita", somebody(), debt.OfBalance, nil); err != nil || len(part.Cases) == 0 {
				t.Errorf("%d cases, %v", len(part.Cases), err)
			}
		})
	}
	wg.Wait()
	checkTally(t, tally, []agency.Usage{{Agency: "lita", RoundTrips: reads,
		Statements: reads * core.Statements(debt.OfBalance)}})
	if _, err := r.ReadCases(context.WithoutCancel(t.Context()), "lita", somebody(), debt.OfCases, nil); err != nil {
		t.Errorf("a read that nobody counts: %v", err)
	}
}

func TestCaseStatus(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	for _, x := range all(t, r)[0].Cases {
		if got := r.CaseStatus(t.Context(), "lita", x.CaseNumber); got != x.Status {
			t.Errorf("case %s: %s, want %s", x.CaseNumber, got, x.Status)
		}
	}
	if got := r.CaseStatus(t.Context(), "lita", "no such case"); got != "" {
		t.Errorf("no such case: %s", got)
	}
}
