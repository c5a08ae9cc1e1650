package endtoend

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/journal"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// Born is the day that the records of the agencies here end on.
var Born = norway.MustDate("2026-03-02")

// Kari is the person whom the issuer knows. She has six open cases at fjord.
func Kari() people.Person { return people.DemoPeople(Born)[0] }

// Agency returns the connection string, as the service's role, of a demo agency's database with
// a few people in it.
func Agency(t testing.TB, code string) string {
	t.Helper()
	root := Root(t)
	files := pgtest.Hash(reference.Files(), legacy.Files(), journal.Files(),
		os.DirFS(filepath.Join(root, "internal/workshop/demo/people")))
	return pgtest.New(t, pgtest.Template{Name: "endtoend_" + code, Hash: files, Fill: func(ctx context.Context,
		conn *pgx.Conn) error {
		install, load := func(ctx context.Context, conn *pgx.Conn) error {
			return reference.Install(ctx, conn, reference.Options{})
		}, people.LoadReference
		switch code {
		case people.Tradisjon:
			install, load = legacy.Install, people.LoadLegacy
		case people.Journal:
			install, load = journal.Install, people.LoadJournal
		}
		if err := install(ctx, conn); err != nil {
			return err
		}
		return load(ctx, conn, people.New(1, Born), code, 50, nil)
	}}).RoleDSN(spec.DefaultRole)
}

// Portal returns the connection string, as the service's role, of a portal database.
func Portal(t testing.TB) string {
	t.Helper()
	db := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	return db.RoleDSN(portal.Role)
}

// Issuer runs an issuer that knows Kari.
func Issuer(t testing.TB, clients ...issuer.Client) issuer.Options {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	kari := Kari()
	o := issuer.Options{
		IssuerURL: "http://" + web.Listener.Addr().String() + "/dev/bankid",
		KeyFile:   filepath.Join(t.TempDir(), "issuer.pem"),
		People:    []issuer.Person{{NationalID: kari.NationalID.Reveal(), Name: kari.Name}}, Clients: clients,
	}
	bank, err := issuer.New(o)
	if err != nil {
		t.Fatal(err)
	}
	web.Config.Handler = bank.Handler()
	web.Start()
	t.Cleanup(web.Close)
	return o
}

// StaffIssuer runs an issuer of some agencies' staff.
func StaffIssuer(t testing.TB, agencies ...string) issuer.StaffOptions {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	o := issuer.StaffOptions{
		IssuerURL: "http://" + web.Listener.Addr().String() + "/dev/staff",
		KeyFile:   filepath.Join(t.TempDir(), "staff.pem"), Agencies: agencies,
	}
	handler, err := issuer.Staff(o)
	if err != nil {
		t.Fatal(err)
	}
	web.Config.Handler = handler
	web.Start()
	t.Cleanup(web.Close)
	return o
}

// Tomorrow is a day that is never over.
func Tomorrow() string { return norway.DateOf(time.Now()).AddDays(1).String() }
