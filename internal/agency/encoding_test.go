package agency_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/agency/contracttest"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

// inEncoding makes the cell's agency anew in a database of another encoding, with one debtor.
func inEncoding(t *testing.T, c *cell, encoding string) *pgx.Conn {
	t.Helper()
	name := c.db.Name() + "_" + strings.ToLower(encoding)
	admin := c.db.Conn()
	_, err := admin.Exec(t.Context(), fmt.Sprintf("create database %s template template0 encoding '%s' lc_collate 'C' lc_ctype 'C'", name, encoding))
	if err != nil {
		t.Fatal(err)
	}
	owner, err := pgx.Connect(t.Context(), strings.ReplaceAll(c.db.DSN(), c.db.Name(), name)+"&client_encoding=UTF8")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = owner.Close(context.Background())
		_, _ = admin.Exec(context.Background(), "drop database "+name+" with (force)")
	})
	if err := reference.Install(t.Context(), owner, reference.Options{}); err != nil {
		t.Fatal(err)
	}
	_, err = owner.Exec(t.Context(), `insert into core.agency (name, org_number) values ('Blåbær Inkasso AS', '310000000');
		insert into core.policy default values;
		insert into core.rate values ('LATE_PAYMENT', '2015-01-01', 925, 'test');
		insert into core.debtor (kind, national_id, name, street_address, language) values ('PERSON', '`+
		somebody().NationalID().Reveal()+`', 'Æse Bjørnå', 'Ås 1', 'nb')`)
	if err != nil {
		t.Fatal(err)
	}
	c.conf.DSN = strings.ReplaceAll(c.conf.DSN, c.db.Name(), name)
	return owner
}

// TestLatin1: whatever the encoding of a core, and of a connection by its configuration or its
// role, texts come and go as they are.
func TestLatin1(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ reason, dsn, sql string }{
		"database":   {"PostgreSQL turns it into UTF-8", "", ""},
		"connection": {"the configuration cannot change it", " client_encoding=LATIN1", ""},
		"role":       {"nor can the role", "", "alter role oversikt_app in database %s set client_encoding = 'LATIN1'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCell(t, "fjord")
			owner := inEncoding(t, c, "LATIN1")
			if tc.sql != "" {
				if _, err := owner.Exec(t.Context(), fmt.Sprintf(tc.sql, owner.Config().Database)); err != nil {
					t.Fatal(err)
				}
			}
			c.conf.DSN += tc.dsn
			r, _ := open(t, c)
			var parts []debt.Part
			eventually(t, "it answers", func() bool {
				var errs []error
				parts, errs = r.Read(t.Context(), somebody(), everything)
				return errs[0] == nil
			})
			if d := parts[0].Debtors; len(d) != 1 || d[0].Name != "Æse Bjørnå" || *d[0].StreetAddress != "Ås 1" {
				t.Fatalf("%s: %+v", tc.reason, d)
			}
			change := contracttest.ContactChange{StreetAddress: new("Sørvågen 7"), City: new("TRØGSTAD")}
			answer, err := r.CorrectContact(t.Context(), "fjord", somebody(), uuid.New(), change)
			if err != nil || answer.Status != debt.ActDone {
				t.Fatalf("%s: %+v, %v", tc.reason, answer, err)
			}
			var stored []byte
			err = owner.QueryRow(t.Context(), "select convert_to(street_address, 'UTF8') from core.debtor").Scan(&stored)
			if err != nil || string(stored) != "Sørvågen 7" {
				t.Errorf("%s: stored as %q: %v", tc.reason, stored, err)
			}
			// What the database has no sign for cannot be kept there, and is not half kept.
			answer, err = r.CorrectContact(t.Context(), "fjord", somebody(), uuid.New(), contracttest.ContactChange{City: new("Łódź 😀")})
			if err != nil || answer.Status != debt.ActRefused || answer.Reason != debt.ActInvalidInput {
				t.Errorf("%s: %+v, %v", tc.reason, answer, err)
			}
			found, err := check.Run(t.Context(), owner, check.Options{Role: spec.DefaultRole, Timeout: patience})
			others := slices.DeleteFunc(found.Breaches, func(b check.Breach) bool { return b.Rule == check.RuleRateLaw })
			if err != nil || len(others) > 0 { // its table of rates has one row
				t.Errorf("%s: %v %v", tc.reason, others, err)
			}
		})
	}
}

// TestNoEncoding: a database that does not know what its bytes mean is refused, and costs the
// others nothing.
func TestNoEncoding(t *testing.T) {
	t.Parallel()
	bad, good := newCell(t, "lita"), newCell(t, "fjord")
	owner := inEncoding(t, bad, "SQL_ASCII")
	r, _ := open(t, bad, good)
	var errs []error
	var parts []debt.Part
	eventually(t, "the other one answers", func() bool {
		parts, errs = r.Read(t.Context(), somebody(), everything)
		return errs[1] == nil
	})
	f := fault.Of(errs[0])
	if f.Code != fault.SchemaMismatch || !strings.Contains(fmt.Sprint(errs[0]), "SQL_ASCII") ||
		parts[0].Status != debt.AgencyUnavailable {
		t.Errorf("%v: %+v", errs[0], parts[0])
	}
	found, err := check.Run(t.Context(), owner, check.Options{Role: spec.DefaultRole, Timeout: patience})
	if err != nil || len(found.Breaches) == 0 || found.Breaches[0].Rule != check.RuleEncoding ||
		!strings.Contains(found.Breaches[0].What, "SQL_ASCII") {
		t.Errorf("%v, %v", found.Breaches, err)
	}
}
