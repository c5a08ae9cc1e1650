package agency_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/agency/contracttest"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// second installs another agency in a database that has one, with the same debtors and the case
// numbers of the first after an L.
const second = `do $$
declare t record;
begin
    set local session_replication_role = replica;
    for t in select tablename as table_name from pg_catalog.pg_tables where schemaname = 'core' loop
        execute format('insert into litt_til_core.%I overriding system value select * from core.%I', t.table_name, t.table_name);
    end loop;
    update litt_til_core.case set case_number = 'L' || case_number;
    update litt_til_core.agency set name = 'Litt Til Inkasso AS';
end $$`

// TestTwoAgenciesInOneDatabase: each is read, acted at and checked in a schema of its own, and
// neither sees anything of the other.
func TestTwoAgenciesInOneDatabase(t *testing.T) {
	t.Parallel()
	const schema, role = "litt_til", "agency_litt_til"
	first := newCell(t, "fjord")
	owner := first.db.Conn()
	if err := reference.Install(t.Context(), owner, reference.Options{Schema: schema, Role: role}); err != nil {
		t.Fatal(err)
	}
	first.exec(t, second)
	other := *first
	other.conf.Code, other.conf.Schema = "lita", schema
	other.conf.DSN = strings.Replace(first.conf.DSN, "user="+spec.DefaultRole, "user="+role, 1)
	r, _ := open(t, first, &other)

	parts := all(t, r)
	if len(parts[0].Cases) != len(parts[1].Cases) {
		t.Errorf("%d cases in one schema, %d in the other", len(parts[0].Cases), len(parts[1].Cases))
	}
	for i, x := range parts[1].Cases {
		if number := parts[0].Cases[i].CaseNumber; x.CaseNumber != "L"+number || parts[1].Agency.Code != "lita" {
			t.Errorf("case %s is the other's %s", x.CaseNumber, number)
		}
	}
	x := parts[1].Cases[0]
	for code, want := range map[string]debt.CaseStatus{"fjord": "", "lita": x.Status} {
		if got := r.CaseStatus(t.Context(), code, x.CaseNumber); got != want {
			t.Errorf("at %s the case is %q, not %q", code, got, want)
		}
		right, err := caller.Principal{Kind: caller.Staff, Role: caller.CaseWorker, Agency: code}.Lookup()
		if err != nil {
			t.Fatal(err)
		}
		id, err := r.FindDebtor(t.Context(), right, x.CaseNumber)
		if err != nil || id.IsZero() != (want == "") {
			t.Errorf("at %s its debtor is found: %v, %v", code, !id.IsZero(), err)
		}
	}
	login, err := r.CaseLogin(t.Context(), "lita", x.CaseNumber, debt.Password{})
	if err != nil || login.CaseID != x.ID.ID {
		t.Errorf("login: %+v, %v", login, err)
	}

	answer, err := r.CorrectContact(t.Context(), "lita", somebody(), uuid.New(), contracttest.ContactChange{City: new("LITLEBY")})
	if err != nil || answer.Status != debt.ActDone {
		t.Fatalf("%+v, %v", answer, err)
	}
	parts = all(t, r)
	if there, here := parts[1].Debtors[0].City, parts[0].Debtors[0].City; *there != "LITLEBY" || *here == "LITLEBY" {
		t.Errorf("the act changed %q and %q", *there, *here)
	}

	// The one role cannot read the other's schema, and a wrong schema in the configuration is a
	// database that does not keep the contract.
	asRole, err := pgx.Connect(t.Context(), first.db.RoleDSN(role))
	if err != nil {
		t.Fatal(err)
	}
	defer asRole.Close(t.Context())
	if _, err := asRole.Exec(t.Context(), "select from oversikt.case"); err == nil {
		t.Error("the second role reads the first schema")
	}
	for of, c := range map[string]struct {
		conn *pgx.Conn
		o    check.Options
	}{
		"first":             {owner, check.Options{Timeout: patience}},
		"second":            {owner, check.Options{Timeout: patience, Schema: schema, Role: role}},
		"second by its own": {asRole, check.Options{Timeout: patience, Schema: schema, Role: role}},
	} {
		found, err := check.Run(t.Context(), c.conn, c.o)
		if err != nil || len(found.Breaches)+len(found.Lacking)+len(found.Missing) > 0 {
			t.Errorf("check of the %s: %+v, %v", of, found, err)
		}
	}
	if _, err := owner.Exec(t.Context(), `drop view litt_til.letter`); err != nil {
		t.Fatal(err)
	}
	found, err := check.Run(t.Context(), owner, check.Options{Timeout: patience, Schema: schema, Role: role})
	if err != nil || len(found.Breaches) != 1 || !strings.Contains(found.Breaches[0].Remedy, `"litt_til".letter`) {
		t.Errorf("what is wrong is said of its own schema: %+v, %v", found, err)
	}
	found, err = check.Run(t.Context(), owner, check.Options{Timeout: patience})
	if err != nil || len(found.Breaches) > 0 {
		t.Errorf("the first is whole: %+v, %v", found, err)
	}
}

// TestSchemaOfAnyName: a name that needs quotes is one name, and nothing else.
func TestSchemaOfAnyName(t *testing.T) {
	t.Parallel()
	c := newCell(t, "fjord", func(c *agency.Config) { c.Schema = `Vår "beste"; drop schema core` })
	name := pgx.Identifier{c.conf.Schema}.Sanitize()
	c.exec(t, "alter schema oversikt rename to "+name)
	r, _ := open(t, c)
	if parts := all(t, r); len(parts[0].Cases) == 0 {
		t.Error("nothing is read")
	}
}
