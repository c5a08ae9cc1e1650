package agency_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
	"github.com/oversikt/oversikt/internal/workshop/testlog"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

const everything = ^debt.Relations(0)

var today = norway.MustDate("2026-03-02")

func clock() time.Time { return today.Time().Add(12 * time.Hour) }

// database is a reference core with a few of the demo people.
func database(t *testing.T, code string) *pgtest.DB {
	t.Helper()
	return pgtest.New(t, pgtest.Template{
		Name: "agency_" + code,
		Hash: pgtest.Hash(reference.Files(), os.DirFS("../workshop/demo/people")),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			if err := reference.Install(ctx, conn, reference.Options{}); err != nil {
				return err
			}
			return people.LoadReference(ctx, conn, people.New(1, today), code, 20, nil)
		},
	})
}

// cell is one agency behind a tap and a line: oversikt -> tap -> line -> PostgreSQL.
type cell struct {
	db   *pgtest.DB
	line *line.Line
	tap  *tap
	conf agency.Config
}

func newCell(t *testing.T, code string, changes ...func(*agency.Config)) *cell {
	t.Helper()
	c := &cell{db: database(t, code)}
	u, err := url.Parse(c.db.DSN())
	if err != nil {
		t.Fatal(err)
	}
	c.line, err = line.Open(filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.line.Close(); err != nil {
			t.Error(err)
		}
	})
	c.tap = newTap(t, filepath.Join(c.line.Dir(), ".s.PGSQL.5432"))
	c.conf = agency.Config{
		Code: code, Name: strings.ToUpper(code[:1]) + code[1:] + " Inkasso", MaxConns: 4, Deadline: patience, Grace: patience,
		DSN: fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", c.tap.dir, spec.DefaultRole, c.db.Name()),
	}
	for _, change := range changes {
		change(&c.conf)
	}
	return c
}

func deadline(d time.Duration) func(*agency.Config) {
	return func(c *agency.Config) { c.Deadline = d }
}

func (c *cell) set(t *testing.T, q line.Quality) {
	t.Helper()
	if err := c.line.Set(q); err != nil {
		t.Fatal(err)
	}
}

func (c *cell) exec(t *testing.T, sql string) {
	t.Helper()
	if _, err := c.db.Conn().Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// opened is what the log says when a breaker opens.
const opened = "out of service"

func open(t *testing.T, cells ...*cell) (*agency.Registry, *testlog.Log) {
	t.Helper()
	var configs []agency.Config
	for _, c := range cells {
		configs = append(configs, c.conf)
	}
	j := &testlog.Log{}
	r, err := agency.Open(configs, clock, slog.New(slog.NewTextHandler(j, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r, j
}

// somebody is the first of the demo people, who has cases at all agencies.
func somebody() caller.Scope {
	return caller.Principal{Kind: caller.Person, NationalID: people.New(1, today).Person(0).NationalID}.Scope()
}

// all reads everything and expects an answer from everybody.
func all(t *testing.T, r *agency.Registry) []debt.Part {
	t.Helper()
	parts, errs := r.Read(t.Context(), somebody(), everything)
	for i, err := range errs {
		if err != nil || parts[i].Status != debt.AgencyOK || len(parts[i].Cases) == 0 {
			t.Fatalf("%s: %s, %d cases, %v", parts[i].Agency.Code, parts[i].Status, len(parts[i].Cases), err)
		}
	}
	return parts
}

// patience is for what is quick, unless the machine is busy.
const patience = 5 * time.Minute

// eventually polls until ok, for some minutes at most: the machine may be busy.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it did not happen in time: %s", what)
		}
	}
}

// same compares parts. Rows point back to their cases, which would be compared again and again.
func same(want, got debt.Part) string {
	back := func(p cmp.Path) bool {
		f, ok := p.Last().(cmp.StructField)
		return ok && (f.Type() == reflect.TypeFor[*debt.Case]() || f.Type() == reflect.TypeFor[[]*debt.Case]() && len(p) > 2)
	}
	return cmp.Diff(want, got, cmp.FilterPath(back, cmp.Ignore()))
}
