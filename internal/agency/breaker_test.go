package agency_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestBreaker: after three failures in a row nobody waits for the agency, until it answers
// again.
func TestBreaker(t *testing.T) {
	t.Parallel()
	const limit = time.Second
	cases := map[string]struct {
		reason  string
		limit   time.Duration
		quality line.Quality
		status  debt.AgencyStatus
	}{
		"down": {"connections are refused", patience, line.Quality{Down: true}, debt.AgencyUnavailable},
		"slow": {"every answer comes too late", limit, line.Quality{Latency: 2 * time.Second}, debt.AgencyTimeout},
		"hanging": {"what is on its way does not come when the line is mended", limit, line.Quality{Latency: time.Hour},
			debt.AgencyTimeout},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCell(t, "lita", deadline(tc.limit))
			r, log := open(t, c)
			eventually(t, "it answers", func() bool {
				_, err := r.ReadCases(t.Context(), "lita", somebody(), debt.OfCases, nil)
				return err == nil
			})
			c.set(t, tc.quality)
			for i := range 3 {
				if log.Has(opened) {
					t.Fatalf("%s: the breaker opened after %d failures", tc.reason, i)
				}
				if part, err := r.ReadCases(t.Context(), "lita", somebody(), everything, nil); err == nil ||
					part.Status != tc.status {
					t.Errorf("%s: read %d: %s, %v", tc.reason, i, part.Status, err)
				}
			}
			eventually(t, "the breaker opens", func() bool { return log.Has(opened) })

			const reads = 2000
			before, start := c.tap.counts(), time.Now()
			for range reads {
				part, err := r.ReadCases(t.Context(), "lita", somebody(), everything, nil)
				if f := fault.Of(err); f.Code != fault.AgencyUnavailable || f.Agency != "lita" || f.Cause != nil ||
					part.Status != tc.status {
					t.Fatalf("while it is open: %s, %v", part.Status, err)
				}
				if r.CaseStatus(t.Context(), "lita", "1") != "" {
					t.Fatal("a case has a status while the breaker is open")
				}
			}
			took := time.Since(start)
			if took > reads*limit/20 {
				t.Errorf("%d reads took %s", reads, took)
			}
			// The pool and the probe try now and then, the reads never.
			now := reads/20 + int64(200*took.Seconds())
			if touched := c.tap.counts().since(before); touched.Accepts > now || touched.Executes > now {
				t.Errorf("%d reads touched the agency in %s: %+v", reads, took, touched)
			}

			c.set(t, line.Quality{})
			eventually(t, "it answers again", func() bool {
				part, err := r.ReadCases(t.Context(), "lita", somebody(), everything, nil)
				return err == nil && part.Status == debt.AgencyOK && len(part.Cases) > 0
			})
		})
	}
}

// TestBreachOpensBreaker: what everybody's read runs into takes the agency out of service, so that
// it is not dialled again for each of them. It is told as what it is until it is mended.
func TestBreachOpensBreaker(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ reason, spoil, mend string }{
		"column": {"the views lack one", "alter view oversikt.letter rename column title to heading",
			"alter view oversikt.letter rename column heading to title"},
		"view": {"there is none", "alter view oversikt.payment rename to paid", "alter view oversikt.paid rename to payment"},
		"right": {"the role may not read", "revoke select on oversikt.fee from oversikt_app",
			"grant select on oversikt.fee to oversikt_app"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCell(t, "lita")
			r, log := open(t, c)
			settle(t, r, c)
			c.exec(t, tc.spoil)
			read := func() error {
				_, err := r.ReadCases(t.Context(), "lita", somebody(), everything, nil)
				return err
			}
			eventually(t, "the breaker opens", func() bool {
				if f := fault.Of(read()); f.Code != fault.SchemaMismatch || f.Agency != "lita" {
					t.Fatalf("%s: %v", tc.reason, f)
				}
				return log.Has(opened)
			})
			const reads = 2000
			before, start := c.tap.counts(), time.Now()
			for range reads {
				if f := fault.Of(read()); f.Code != fault.SchemaMismatch || f.Agency != "lita" || f.Cause != nil {
					t.Fatalf("%s, while it is open: %v", tc.reason, f)
				}
			}
			took := time.Since(start)
			if dialled := c.tap.counts().since(before).Accepts; dialled > reads/20+int64(20*took.Seconds()) {
				t.Errorf("%s: %d reads in %s dialled %d times", tc.reason, reads, took, dialled)
			}
			c.exec(t, tc.mend)
			eventually(t, "it answers again", func() bool { return read() == nil })
		})
	}
}

// TestNoFailureOfTheAgency does what must not take it out of service.
func TestNoFailureOfTheAgency(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason  string
		limit   time.Duration
		quality line.Quality
		read    func(*testing.T, *agency.Registry)
	}{
		"caller went away": {"the client closed the page", patience, line.Quality{Latency: 100 * time.Millisecond},
			func(t *testing.T, r *agency.Registry) {
				for range 5 {
					ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
					part, err := r.ReadCases(ctx, "lita", somebody(), everything, nil)
					if fault.Of(err).Code != fault.AgencyUnavailable || part.Status != debt.AgencyTimeout {
						t.Errorf("%s, %v", part.Status, err)
					}
					cancel()
				}
			}},
		"caller was gone": {"before the read began", patience, line.Quality{}, func(t *testing.T, r *agency.Registry) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			for range 5 {
				if _, err := r.ReadCases(ctx, "lita", somebody(), everything, nil); err == nil {
					t.Error("it was read")
				}
			}
		}},
		"bad row": {"one person's row is no reason to leave out everybody's", patience, line.Quality{},
			func(t *testing.T, r *agency.Registry) {
				for range 5 {
					if _, err := r.ReadCases(t.Context(), "lita", unreadable(), everything,
						nil); fault.Of(err).Code != fault.SchemaMismatch {
						t.Errorf("%v", err)
					}
				}
			}},
		"busy": {"more callers than connections", 2 * time.Second, line.Quality{Latency: 300 * time.Millisecond},
			func(t *testing.T, r *agency.Registry) {
				var wg sync.WaitGroup
				for range 12 {
					wg.Go(func() {
						_, _ = r.ReadCases(t.Context(), "lita", somebody(), debt.OfCases, nil)
					})
					wg.Go(func() { r.CaseStatus(t.Context(), "lita", "1") })
				}
				wg.Wait()
			}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Two connections can be in use when time is up: less than three failures.
			c := newCell(t, "lita", deadline(tc.limit), func(c *agency.Config) { c.MaxConns = 2 })
			c.exec(t,
				"update core.case set status = 'NEW', closed_on = null where debtor_id in (select debtor_id from core.debtor where national_id = '"+unreadable().NationalID().Reveal()+"')")
			r, log := open(t, c)
			settle(t, r, c)
			c.set(t, tc.quality)
			tc.read(t, r)
			if log.Has(opened) {
				t.Errorf("%s, yet it was taken out of service", tc.reason)
			}
			c.set(t, line.Quality{})
			eventually(t, "it answers", func() bool {
				_, err := r.ReadCases(t.Context(), "lita", somebody(), everything, nil)
				return err == nil
			})
			if log.Has(opened) && tc.limit == patience { // or a busy machine has made it too late
				t.Errorf("%s, yet it was taken out of service afterwards", tc.reason)
			}
		})
	}
}

// unreadable is another of the demo people, with a row that does not keep the contract.
func unreadable() caller.Scope {
	g := people.New(1, today)
	for i := 1; ; i++ {
		p := g.Person(i)
		for _, d := range p.Debtors {
			if d.Agency.Code == "lita" && d.Identified {
				return caller.Principal{Kind: caller.Person, NationalID: p.NationalID}.Scope()
			}
		}
	}
}

// TestClose ends in time, whatever the agency does, and lets reads end.
func TestClose(t *testing.T) {
	t.Parallel()
	for name, quality := range map[string]line.Quality{"up": {}, "down": {Down: true},
		"slow": {Latency: 200 * time.Millisecond}, "hanging": {Latency: time.Hour}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCell(t, "lita", deadline(300*time.Millisecond))
			r, _ := open(t, c)
			eventually(t, "it answers", func() bool {
				_, err := r.ReadCases(t.Context(), "lita", somebody(), debt.OfCases, nil)
				return err == nil
			})
			c.set(t, quality)
			for range 4 {
				_, _ = r.ReadCases(t.Context(), "lita", somebody(), everything, nil)
			}
			start := time.Now()
			r.Close()
			if took := time.Since(start); took > patience {
				t.Errorf("closing took %s", took)
			}
			if _, err := r.ReadCases(t.Context(), "lita", somebody(), everything, nil); err == nil {
				t.Error("it was read after closing")
			}
		})
	}
}
