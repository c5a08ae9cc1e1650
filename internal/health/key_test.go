package health_test

import (
	"bytes"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/health"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
)

// TestWrongKey: a look tells a key that the database needs and that is not here, and leaves a new database as it was.
func TestWrongKey(t *testing.T) {
	t.Parallel()
	db := migrated(t)
	under := func(first byte, others ...byte) *portal.DB {
		t.Helper()
		var keys [][]byte
		for _, b := range append([]byte{first}, others...) {
			keys = append(keys, bytes.Repeat([]byte{b}, portal.SecretSize))
		}
		secret, err := portal.NewSecret(keys...)
		if err != nil {
			t.Fatal(err)
		}
		own, err := portal.Open(db.RoleDSN(portal.Role), 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(own.Close)
		own.Guard(secret, nil)
		return own
	}
	agencies, err := agency.Open(nil, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(agencies.Close)
	look := func(reason string, own *portal.DB, state health.State, codes ...health.Code) {
		t.Helper()
		w := health.New(health.Options{Portal: own, Needs: migrate.Newest(), Agencies: agencies,
			Log: slog.New(slog.DiscardHandler), Clock: time.Now})
		if got := w.Look(t.Context()).Portal; got.State != state || !slices.Equal(got.Codes, codes) {
			t.Errorf("%s: %+v, %q", reason, got, got.What())
		}
	}
	look("new", under(1), health.OK)
	look("new, and not taken by the look before", under(2), health.OK)
	if err := under(3).Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	look("its own", under(3), health.OK)
	look("another", under(4), health.Down, health.WrongKey)
	look("both", under(4, 3), health.OK)
}
