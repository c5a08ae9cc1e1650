package tcp_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/tcp"
)

// TestCheckPlain: a connection to another machine is encrypted, or somebody has said that it is not.
func TestCheckPlain(t *testing.T) {
	for _, name := range []string{"PGSSLMODE", "PGHOST", "PGSERVICE", "PGSSLROOTCERT"} {
		t.Setenv(name, "")
	}
	cases := map[string]struct {
		reason, dsn, mode string
		refused           bool
	}{
		"absent":             {"it falls back", "postgres://u@db.internal/x", "", true},
		"absent, words":      {"the other form", "host=db.internal user=u dbname=x", "", true},
		"prefer":             {"it falls back", "postgres://u@db.internal/x?sslmode=prefer", "", true},
		"allow":              {"it begins in plain text", "host=10.0.0.7 user=u sslmode=allow", "", true},
		"disable":            {"it is said", "postgres://u@db.internal/x?sslmode=disable", "", false},
		"require":            {"encrypted", "postgres://u@db.internal/x?sslmode=require", "", false},
		"verify-ca":          {"encrypted", "postgres://u@db.internal/x?sslmode=verify-ca", "", false},
		"verify-full":        {"encrypted", "host=db.internal user=u sslmode=verify-full", "", false},
		"environment":        {"pgx reads it", "postgres://u@db.internal/x", "verify-full", false},
		"environment, said":  {"it is said too", "postgres://u@db.internal/x", "disable", false},
		"environment, vague": {"it falls back", "postgres://u@db.internal/x", "prefer", true},
		"string over it":     {"the string wins", "postgres://u@db.internal/x?sslmode=allow", "require", true},
		"localhost":          {"the machine itself", "postgres://u@LocalHost/x", "", false},
		"version 4":          {"the machine itself", "postgres://u@127.8.0.1/x", "", false},
		"version 6":          {"the machine itself", "postgres://u@[::1]:5433/x?sslmode=prefer", "", false},
		"mapped":             {"the machine itself", "host=::ffff:127.0.0.1 user=u", "", false},
		"socket":             {"no line", "host=/run/postgresql user=u", "", false},
		"looks local":        {"anybody's name", "host=localhost.example user=u", "", true},
		"second host":        {"each host counts", "host=localhost,db.internal user=u", "", true},
		"third host": {"and the last", "postgres://u@127.0.0.1,[::1],192.0.2.7:6432/x?sslmode=prefer",
			"", true},
		"hosts, encrypted": {"all of them", "host=a.internal,b.internal user=u sslmode=require", "", false},
		"hosts, here":      {"none leaves", "host=localhost,/run/postgresql,127.0.0.1 user=u", "", false},
		"direct":           {"it never falls back", "host=db.internal user=u sslnegotiation=direct", "", false},
	}
	for name, c := range cases {
		t.Setenv("PGSSLMODE", c.mode)
		config, err := pgconn.ParseConfig(c.dsn)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := tcp.CheckPlain(config); errors.Is(err, tcp.ErrPlain) != c.refused {
			t.Errorf("%s (%s): %v, refused should be %t", name, c.reason, err, c.refused)
		}
	}
}
