package privacy_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/ledongthuc/pdf"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) {
	leaktest.Main(m)
}

const population = 100

var (
	today     = norway.MustDate("2026-03-02")
	generator = people.New(1, today)
)

// sources is what the databases are made from: other sources make other templates.
var sources = pgtest.Hash(reference.Files(), legacy.Files(), os.DirFS("../workshop/demo/people"),
	os.DirFS("../portal/migrate"))

func core(code string) pgtest.Template {
	return pgtest.Template{Name: "privacy_" + code, Hash: sources, Fill: func(ctx context.Context, conn *pgx.Conn) error {
		if code == people.Tradisjon {
			if err := legacy.Install(ctx, conn); err != nil {
				return err
			}
			return people.LoadLegacy(ctx, conn, generator, code, population, nil)
		}
		if err := reference.Install(ctx, conn, reference.Options{}); err != nil {
			return err
		}
		return people.LoadReference(ctx, conn, generator, code, population, nil)
	}}
}

var migrated = pgtest.Template{Name: "privacy_portal", Hash: sources,
	Fill: func(ctx context.Context, conn *pgx.Conn) error {
		_, err := migrate.Up(ctx, conn.Config().ConnString())
		return err
	}}

// world is a service over three agencies and a portal database.
type world struct {
	*privacy.Service
	desk     *privacy.Desk
	powers   *attorney.Register
	engine   *act.Engine
	submit   *act.Of[privacy.RequestInput]
	agencies *agency.Registry
	own      *pgtest.DB
	day      atomic.Int32 // today, as a norway.Date

	recorded   [][]string // the agencies of each archive that was recorded
	unrecorded error      // what the access log fails with
}

// build opens a world; what is named in down is not there.
func build(t testing.TB, down ...string) *world {
	t.Helper()
	isDown := strings.Join(down, " ")
	w := &world{}
	w.day.Store(int32(today))
	var configs []agency.Config
	for _, a := range people.Agencies()[:3] {
		c := agency.Config{Code: a.Code, Name: a.Name, DSN: "host=/nowhere", Deadline: 20 * time.Second, MaxConns: 4}
		if !strings.Contains(isDown, a.Code) {
			c.DSN = pgtest.New(t, core(a.Code)).RoleDSN(spec.DefaultRole)
		}
		configs = append(configs, c)
	}
	clock := func() time.Time { return norway.Date(w.day.Load()).Time().Add(12 * time.Hour) }
	agencies, err := agency.Open(configs, clock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(agencies.Close)
	dsn := "host=/nowhere user=x dbname=x"
	if !strings.Contains(isDown, "portal") {
		w.own = pgtest.New(t, migrated)
		dsn = w.own.RoleDSN(portal.Role)
	}
	pool, err := portal.Open(dsn, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	secret, err := portal.NewSecret(bytes.Repeat([]byte{3}, portal.SecretSize))
	if err != nil {
		t.Fatal(err)
	}
	w.agencies = agencies
	w.desk = privacy.NewDesk(pool, secret, clock)
	w.powers = attorney.New(attorney.Options{
		Portal: pool, Secret: secret, Agencies: agencies, Logger: slog.New(slog.DiscardHandler), Clock: clock,
		Signing: map[string][]string{"bank": {"high"}},
	})
	w.Service = privacy.New(privacy.Options{
		Agencies: agencies, Portal: pool, Secret: secret, Powers: w.powers, Clock: clock, Log: slog.New(slog.DiscardHandler),
		Acts:  func(ctx context.Context, p caller.Principal) ([]*act.Record, error) { return w.engine.List(ctx, p) },
		Allow: func([]byte) bool { return true },
		Record: func(_ context.Context, _ caller.Principal, agencies []string) error {
			w.recorded = append(w.recorded, agencies)
			return w.unrecorded
		},
	})
	w.submit = privacy.Submit(w.Service)
	nothing := func(context.Context) string { return "" }
	w.engine, err = act.New(act.Options{
		Portal: pool, Secret: secret, Agencies: agencies, Clock: clock, Log: slog.New(slog.DiscardHandler),
		Patience: time.Minute,
		Recorder: &audit.Recorder{Secret: secret, Now: clock, Request: nothing, Client: nothing},
		Acts: []*act.Act{w.submit.Declared(), attorney.Give(w.powers).Declared(), attorney.Revoke(w.powers).Declared(),
			{Name: solution.Name, Reach: act.All}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// hand hands a request in, and returns it as it is stored.
func (w *world) hand(ctx context.Context, p caller.Principal, in privacy.RequestInput) (personaldata.Request, error) {
	record, err := w.submit.Perform(ctx, w.engine, act.By{Principal: p}, in)
	if err != nil {
		return personaldata.Request{}, err
	}
	all, err := w.Requests(ctx, p)
	for _, q := range all {
		if q.Number == record.ID {
			return q, err
		}
	}
	return personaldata.Request{}, errors.Join(err, errors.New("what was handed in is not there"))
}

func callerOf(p *people.Person) caller.Principal {
	return caller.Principal{Kind: caller.Person, NationalID: p.NationalID, Name: p.Name}
}

// kari holds cases at three agencies; the other one holds a power of attorney of hers, and
// owes nothing.
func kari() *people.Person { return new(generator.Person(0)) }

// archive is the two files as text.
type archive struct {
	names   []string
	json    string
	tree    map[string]any
	pdf     []byte
	pdfText string // without spaces: lines break anywhere
}

func (w *world) archive(t *testing.T, p caller.Principal, l *debt.Language) archive {
	t.Helper()
	content, err := w.Archive(t.Context(), p, l)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var a archive
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		a.names = append(a.names, f.Name)
		switch f.Name {
		case personaldata.JSONFile:
			a.json = string(text)
			if err := json.Unmarshal(text, &a.tree); err != nil {
				t.Fatal(err)
			}
		case personaldata.PDFFile:
			a.pdf, a.pdfText = text, readPDF(t, text)
		}
	}
	return a
}

func readPDF(t *testing.T, content []byte) string {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := r.GetPlainText()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return squeeze(string(text))
}

// squeeze takes away what a line break may stand for.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\u00a0' || r == '\r' || r == '\t' {
			return -1
		}
		return r
	}, s)
}

// at follows names and positions into a tree.
func at(data any, path ...any) any {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			object, _ := data.(map[string]any)
			data = object[s]
		case int:
			list, _ := data.([]any)
			if s >= len(list) {
				return nil
			}
			data = list[s]
		}
	}
	return data
}
