package examples_test

import (
	"bytes"
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/acttest/examples"
	"github.com/oversikt/oversikt/internal/act/attachment"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/act/household"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/document/documenttest"
	"github.com/oversikt/oversikt/internal/document/vault/vaulttest"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/resolvers"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// TestActs runs the same tests for each act that is registered. An act without an example fails.
func TestActs(t *testing.T) {
	t.Parallel()
	for _, a := range resolvers.NewActs(resolvers.ActDeps{}).All() {
		t.Run(a.Name.Mutation(), func(t *testing.T) {
			t.Parallel()
			w := acttest.New(t)
			at := site(t, w)
			for _, registered := range at.Engine.Acts {
				if registered.Name == a.Name {
					examples.For(t, at.Acts, registered).Run(t, at, w)
				}
			}
		})
	}
}

// site wires the acts as the service does.
func site(t *testing.T, w *acttest.World) *acttest.Site {
	t.Helper()
	secret, log := acttest.Secret(), slog.New(slog.NewTextHandler(w.Log, nil))
	ids, err := model.NewIDs(bytes.Repeat([]byte{7}, model.IDKeySize))
	if err != nil {
		t.Fatal(err)
	}
	powers := attorney.New(attorney.Options{Portal: w.Pool, Secret: secret, Agencies: w.Registry, Logger: log,
		Clock: w.Clock, Signing: map[string][]string{acttest.Issuer: {acttest.ACR}}})
	at := &acttest.Site{Agencies: w.Registry, SealOffer: ids.SealOffer}
	solving := resolvers.NewSolving()
	solving.Act = time.Minute // a busy machine
	list := func(ctx context.Context, p caller.Principal) ([]*act.Record, error) { return at.Engine.List(ctx, p) }
	kept, _ := vaulttest.New(t, w.Pool, secret)
	acts := resolvers.NewActs(resolvers.ActDeps{
		Agencies: w.Registry, OpenOffer: ids.OpenOffer, Powers: powers, Solving: solving, List: list,
		Desk: letterlogin.NewDesk(letterlogin.Options{Agencies: w.Registry, Log: log, Secret: secret,
			Throttle: throttle.New(w.Pool, secret, anHourLater())}),
		Privacy: privacy.New(privacy.Options{Agencies: w.Registry, Portal: w.Pool, Secret: secret, Powers: powers,
			Clock: w.Clock, Log: log, Acts: list}),
		Budgets: &household.Store{DB: w.Pool, Secret: secret},
		Files:   attachment.Taker{Vault: kept, Scan: documenttest.Scan(t), Log: log},
	})
	at.Acts, at.Engine = acts, w.Engine(nil, append(acts.All(), attorney.Hidden(powers)...)...)
	return at
}

// anHourLater is a clock by which nothing is asked for too often: dozens ask from one address.
func anHourLater() func() time.Time {
	var looks atomic.Int64
	return func() time.Time { return acttest.Begun.Add(time.Duration(looks.Add(1)) * time.Hour) }
}
