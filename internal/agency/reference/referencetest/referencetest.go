// Package referencetest gives tests a reference core, empty or with a few rows that keep
// every rule of the contract.
package referencetest

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

//go:embed testdata/filled.sql
var rows embed.FS

// Empty is the reference core without rows.
func Empty(t *testing.T) *pgtest.DB {
	t.Helper()
	return pgtest.New(t, pgtest.Template{
		Name: "contract_reference", Hash: pgtest.Hash(reference.Files()),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			return reference.Install(ctx, conn, reference.Options{})
		},
	})
}

// Filled is the reference core with rows.
func Filled(t *testing.T) *pgtest.DB {
	t.Helper()
	return pgtest.New(t, pgtest.Template{
		Name: "contract_filled", Hash: pgtest.Hash(reference.Files(), rows),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			if err := reference.Install(ctx, conn, reference.Options{}); err != nil {
				return err
			}
			sql, err := fs.ReadFile(rows, "testdata/filled.sql")
			if err != nil {
				return err
			}
			_, err = conn.Exec(ctx, string(sql))
			return err
		},
	})
}

// Exec runs SQL, and fails the test where it fails.
func Exec(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// ConnectAs connects as a role, until the test ends.
func ConnectAs(t *testing.T, db *pgtest.DB, role string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.RoleDSN(role))
	if err != nil {
		t.Fatalf("connect as %s: %v", role, err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// Swap creates a view of the reference core again with a part of it replaced.
func Swap(relation string, oldnew ...string) string {
	text, err := fs.ReadFile(reference.Files(), "2_contract.sql")
	if err != nil {
		panic(err)
	}
	_, after, ok := strings.Cut(string(text), "create view oversikt."+relation+" as\n")
	body, _, _ := strings.Cut(after, ";")
	for i := 0; i < len(oldnew); i += 2 {
		ok = ok && strings.Contains(body, oldnew[i])
		body = strings.Replace(body, oldnew[i], oldnew[i+1], 1)
	}
	if !ok {
		panic(fmt.Sprintf("view %s does not have %q", relation, oldnew))
	}
	return fmt.Sprintf("drop view oversikt.%[1]s; create view oversikt.%[1]s as %[2]s; grant select on oversikt.%[1]s to oversikt_app;", relation, body)
}

// Personal says that a text has what the rows of Filled hold of persons.
func Personal(text string) bool { return personal.MatchString(text) }

var personal = regexp.MustCompile(`\d{11}|Person|Strøm`)
