package migrate_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// inEncoding returns the connection string of an empty database.
func inEncoding(t *testing.T, encoding string) string {
	t.Helper()
	db := pgtest.New(t, pgtest.Template{})
	name, admin := db.Name()+"_"+strings.ToLower(encoding), db.Conn()
	if _, err := admin.Exec(t.Context(), "create database "+name+
		" template template0 encoding '"+encoding+"' lc_collate 'C' lc_ctype 'C'"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = admin.Exec(context.Background(), "drop database "+name+" with (force)") })
	return strings.ReplaceAll(db.DSN(), db.Name(), name)
}

// TestNoEncoding: neither migrations nor the service go on with a database that knows no encoding.
func TestNoEncoding(t *testing.T) {
	t.Parallel()
	dsn := inEncoding(t, "SQL_ASCII")
	if _, err := migrate.Up(t.Context(), dsn); !errors.Is(err, portal.ErrEncoding) {
		t.Errorf("migrate: %v", err)
	}
	opened, err := portal.Open(dsn, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	if _, err := opened.Keys(t.Context()); !errors.Is(err, portal.ErrEncoding) {
		t.Errorf("the service, at its start: %v", err)
	}
	if err := opened.Ping(t.Context()); !errors.Is(err, portal.ErrEncoding) {
		t.Errorf("a connection: %v", err)
	}
}

// TestLatin1: texts of the portal come and go as they are, whatever its database is in.
func TestLatin1(t *testing.T) {
	t.Parallel()
	dsn := inEncoding(t, "LATIN1")
	rule := portal.Rule{Name: "acts_of_a_test", Relation: "portal.act", Age: "ended_at", Condition: "true", Days: 7,
		Reason: "Sånt må slettes: § 9, «blåbær»"}
	if _, err := migrate.Up(t.Context(), dsn, rule); err != nil {
		t.Fatal(err)
	}
	opened, err := portal.Open(dsn, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	var reason, encoding string
	err = opened.QueryRow(t.Context(), `select reason, current_setting('client_encoding') from portal.retention_rule
		where name = $1`, rule.Name).Scan(&reason, &encoding)
	if err != nil || reason != rule.Reason || encoding != "UTF8" {
		t.Errorf("%q in %s: %v", reason, encoding, err)
	}
}
