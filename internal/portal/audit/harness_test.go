package audit_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		child()
		return
	}
	leaktest.Main(m)
}

// patience is what something that happens by itself may take on a busy machine.
const patience = 2 * time.Minute

// database is a portal database of a test's own, reached as the service reaches it.
type database struct {
	*pgtest.DB
	t testing.TB
}

func newDatabase(t testing.TB) *database {
	t.Helper()
	db := &database{pgtest.New(t, pgtest.Template{}), t}
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	return db
}

// pool is the service's pool.
func pool(t testing.TB, dsn string) *portal.DB {
	t.Helper()
	p, err := portal.Open(dsn, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// throughLine returns a connection string that goes through a line.
func (db *database) throughLine() (*line.Line, string) {
	db.t.Helper()
	config, err := pgx.ParseConfig(db.DSN())
	if err != nil {
		db.t.Fatal(err)
	}
	l, err := line.Open(filepath.Join(config.Host, fmt.Sprintf(".s.PGSQL.%d", config.Port)))
	if err != nil {
		db.t.Fatal(err)
	}
	db.t.Cleanup(func() {
		if err := l.Close(); err != nil {
			db.t.Error(err)
		}
	})
	return l, fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", l.Dir(), portal.Role, db.Name())
}

// open opens a log that keeps nothing for long by itself: a test says when it delivers.
func open(t testing.TB, dsn, dir string, changes ...func(*audit.Options)) *audit.Log {
	t.Helper()
	o := audit.Options{Secret: testSecret, Dir: dir, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		DeliverEvery: time.Hour}
	for _, change := range changes {
		change(&o)
	}
	if o.Portal == nil {
		o.Portal = pool(t, dsn)
	}
	l, err := audit.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := l.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return l
}

// testSecret marks what the tests' logs write.
var testSecret = secretOf(1)

func secretOf(keys ...byte) *portal.Secret {
	var all [][]byte
	for _, b := range keys {
		all = append(all, bytes.Repeat([]byte{b}, portal.SecretSize))
	}
	s, err := portal.NewSecret(all...)
	if err != nil {
		panic(err)
	}
	return s
}

func refs(r audit.Reference) [][]byte { return [][]byte{r[:]} }

func person(n byte) audit.Reference { return audit.Reference(bytes.Repeat([]byte{n}, 32)) }

// own is a debtor's look at own data.
func own(n byte) audit.Look {
	return audit.Look{
		At: time.Now(), Request: "0f3a-77", Actor: audit.Actor{Kind: audit.Person, Reference: person(n)}, Subject: person(n),
		Ground: audit.Ground{Basis: audit.Own}, Action: audit.Query, What: []string{"viewer.overview", "viewer.cases"},
		Agencies: []string{"fjord", "lita"}, Cases: []audit.Case{{Agency: "fjord", ID: "100005"}, {Agency: "lita", ID: "7"}},
		Client: "Firefox", Outcome: audit.OK,
	}
}

// byStaff is a look by a member of staff.
func byStaff(staff, subject byte, agency string) audit.Look {
	l := own(subject)
	l.Actor = audit.Actor{Kind: audit.CaseWorker, Reference: person(staff), Agency: agency}
	l.Ground = audit.Ground{Basis: audit.Staff, Reason: "innsigelse mottatt på telefon"}
	l.Agencies, l.Cases = []string{agency}, []audit.Case{{Agency: agency, ID: "100005"}}
	return l
}

// tried is a login with a wrong password.
func tried(n byte) audit.Look {
	l := own(n)
	l.Actor, l.Ground = audit.Actor{Kind: audit.Unknown}, audit.Ground{Basis: audit.ByCaseLogin}
	l.Action, l.What, l.Outcome = "loginWithLetter", nil, audit.Denied
	return l
}

func act(n byte) audit.Look {
	l := own(n)
	l.Action = "submitObjection"
	return l
}

func entry(t testing.TB, l audit.Look) audit.Entry {
	t.Helper()
	e, err := audit.New(l)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// numbered is a look that can be told from others by its request, which is how tests count.
func numbered(t testing.TB, request string, l audit.Look) audit.Entry {
	l.Request = request
	return entry(t, l)
}

// requests returns how often each request is in the table.
func (db *database) requests() map[string]int {
	db.t.Helper()
	rows, err := db.Conn().Query(db.t.Context(), "select request, count(*)::int from portal.access_log group by request")
	if err != nil {
		db.t.Fatal(err)
	}
	found := map[string]int{}
	var request string
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&request, &n}, func() error { found[request] = n; return nil }); err != nil {
		db.t.Fatal(err)
	}
	return found
}

// eventually waits for what happens by itself.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not in %v", what, patience)
		}
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// files returns the names in a folder.
func files(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	check(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func hexOf(r audit.Reference) string { return hex.EncodeToString(r[:]) }
