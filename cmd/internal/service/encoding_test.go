package service

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestPortalWithoutEncoding: a service is not started on a portal database whose texts have no
// meaning; one that is down is waited for.
func TestPortalWithoutEncoding(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	name, admin := db.Name()+"_ascii", db.Conn()
	if _, err := admin.Exec(t.Context(), "create database "+name+
		" template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = admin.Exec(context.Background(), "drop database "+name+" with (force)") })
	for dsn, want := range map[string]error{strings.ReplaceAll(db.DSN(), db.Name(), name): portal.ErrEncoding,
		strings.ReplaceAll(db.DSN(), db.Name(), "nowhere"): nil} {
		opened, err := portal.Open(dsn, 0)
		if err != nil {
			t.Fatal(err)
		}
		s := Service{portal: opened}
		if err := s.CheckKeys(t.Context(), slog.New(slog.DiscardHandler)); !errors.Is(err, want) {
			t.Errorf("%v, not %v", err, want)
		}
		opened.Close()
	}
}
