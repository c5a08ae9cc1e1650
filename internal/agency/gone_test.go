package agency_test

import (
	"context"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
)

// TestGoneCallersCostNoConnections: a caller who goes away in the middle of a read, or turns
// out to be nobody, leaves the connection to the next one, who would else wait for a new one:
// many round trips, which on a long line take more than the deadline.
func TestGoneCallersCostNoConnections(t *testing.T) {
	t.Parallel()
	reads := map[string]func(context.Context, *agency.Registry){
		"a person's records": func(ctx context.Context, r *agency.Registry) {
			_, _ = r.ReadCases(ctx, "lita", somebody(), everything, nil)
		},
		"the state of cases": func(ctx context.Context, r *agency.Registry) { r.CaseStatus(ctx, "lita", "1") },
		"a look-up": func(ctx context.Context, r *agency.Registry) {
			staff := caller.Principal{Kind: caller.Staff, Role: caller.CaseWorker, Agency: "lita",
				Issuer: "https://staff.example", Subject: "1"}
			right, err := staff.Lookup()
			if err != nil {
				t.Error(err)
			}
			_, _ = r.FindDebtor(ctx, right, "1")
		},
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCell(t, "lita", func(c *agency.Config) { c.MaxConns = 2 }) // as many as the pool keeps
			r, _ := open(t, c)
			settle(t, r, c)
			before := c.tap.counts()
			c.set(t, line.Quality{Latency: 100 * time.Millisecond})
			for range 3 {
				ctx, leave := context.WithCancel(t.Context())
				asked := c.tap.counts().Syncs
				done := make(chan struct{})
				go func() {
					defer close(done)
					read(ctx, r)
				}()
				eventually(t, "it is asked", func() bool { return c.tap.counts().Syncs > asked })
				leave()
				<-done
			}
			c.set(t, line.Quality{})
			part, err := r.ReadCases(t.Context(), "lita", somebody(), debt.OfCases, nil)
			if n := c.tap.counts().since(before).Accepts; n != 0 || err != nil || part.Status != debt.AgencyOK {
				t.Errorf("the next caller: %d new connections, %s, %v", n, part.Status, err)
			}
		})
	}
}
