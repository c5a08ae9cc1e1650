package pgtest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// fillsEnv names the file to which each Fill of the counted template adds a
// line; it also tells TestHelper that it is a helper.
const fillsEnv = "PGTEST_TEST_FILLS"

func TestMain(m *testing.M) { leaktest.Main(m) }

// run makes the hashes of this run differ from those of the last, whose
// templates the server may still have.
var run = fmt.Sprint(time.Now().UnixNano())

var people = pgtest.Template{
	Name: "people",
	Hash: run,
	Fill: func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `
			CREATE SCHEMA app;
			CREATE TABLE app.person (name text PRIMARY KEY);
			INSERT INTO app.person VALUES ('Kari');`)
		return err
	},
}

func names(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), "SELECT name FROM app.person ORDER BY name")
	check(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(t, err)
	return got
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestNewIsolates(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			pool := pgtest.New(t, people).Pool()
			own := fmt.Sprint("Person ", i)
			_, err := pool.Exec(t.Context(), "INSERT INTO app.person VALUES ($1)", own)
			check(t, err)
			if diff := cmp.Diff([]string{"Kari", own}, names(t, pool)); diff != "" {
				t.Errorf("a test should see the template and its own rows\n%s", diff)
			}
		})
	}
}

func TestNewEmpty(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	var tables int
	check(t, db.Conn().QueryRow(t.Context(),
		"SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public'").Scan(&tables))
	if tables != 0 {
		t.Errorf("%d tables", tables)
	}
}

func TestSearchPathIsEmpty(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, people)
	reader := "r_" + db.Name() // roles are the server's, and others may test too
	_, err := db.Conn().Exec(t.Context(),
		fmt.Sprintf("CREATE ROLE %[1]s LOGIN; GRANT USAGE ON SCHEMA app TO %[1]s; GRANT SELECT ON app.person TO %[1]s",
			reader))
	check(t, err)
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), db.DSN())
		check(t, err)
		defer conn.Close(context.Background())
		_, err = conn.Exec(context.Background(), fmt.Sprintf("DROP OWNED BY %[1]s; DROP ROLE %[1]s", reader))
		check(t, err)
	})
	own, err := pgx.Connect(t.Context(), db.RoleDSN(reader))
	check(t, err)
	defer own.Close(t.Context())

	for name, conn := range map[string]interface {
		QueryRow(context.Context, string, ...any) pgx.Row
	}{"pool": db.Pool(), "connection": db.Conn(), "role": own} {
		var n int
		err := conn.QueryRow(t.Context(), "SELECT count(*) FROM person").Scan(&n)
		if err == nil || !strings.Contains(err.Error(), "42P01") {
			t.Errorf("%s: a table without its schema should not be found: %v", name, err)
		}
		check(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM app.person").Scan(&n))
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	pool := db.Pool(func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["application_name"] = "pool" })
	conn := db.Conn(func(c *pgx.ConnConfig) { c.RuntimeParams["application_name"] = "conn" })
	var fromPool, fromConn string
	check(t, pool.QueryRow(t.Context(), "SHOW application_name").Scan(&fromPool))
	check(t, conn.QueryRow(t.Context(), "SHOW application_name").Scan(&fromConn))
	if diff := cmp.Diff([]string{"pool", "conn"}, []string{fromPool, fromConn}); diff != "" {
		t.Error(diff)
	}
}

func TestDropped(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("owner", func(t *testing.T) {
		db := pgtest.New(t, people)
		name = db.Name()
		check(t, db.Pool().Ping(t.Context()))
		left, err := pgx.Connect(t.Context(), db.DSN())
		check(t, err)
		_ = left // never closed: the drop must not mind
	})
	var has bool
	check(t, pgtest.New(t, pgtest.Template{}).Conn().QueryRow(t.Context(),
		"SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1)", name).Scan(&has))
	if has || name == "" {
		t.Errorf("database %q is left", name)
	}
}

// fatal is a test that only notes how it failed.
type fatal struct {
	testing.TB
	said string
}

func (f *fatal) Fatalf(format string, args ...any) {
	f.said = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestNewFails(t *testing.T) {
	t.Parallel()
	nothing := func(context.Context, *pgx.Conn) error { return nil }
	cases := map[string]struct {
		reason string
		tmpl   pgtest.Template
		want   string
	}{
		"fill": {"the test must not run on a half-made database",
			pgtest.Template{Name: "bad", Hash: run, Fill: func(context.Context,
				*pgx.Conn) error {
				return errors.New("no such fee")
			}}, "template bad: no such fee"},
		"no hash": {"a stale template would be used", pgtest.Template{Name: "bad", Fill: nothing}, "needs a name"},
		"no fill": {"forgotten", pgtest.Template{Name: "bad", Hash: "1"}, "needs a name"},
		"name": {"it becomes the database's", pgtest.Template{Name: "Ærlig talt", Hash: "1", Fill: nothing},
			"needs a name"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := &fatal{TB: t}
			var wg sync.WaitGroup
			wg.Go(func() { pgtest.New(f, tc.tmpl) })
			wg.Wait()
			if !strings.Contains(f.said, tc.want) {
				t.Errorf("%s: it said %q, want %q in it", tc.reason, f.said, tc.want)
			}
		})
	}
}

// Packages are tested by processes of their own, at once; one fills.
func TestFilledOnce(t *testing.T) {
	t.Parallel()
	fills := filepath.Join(t.TempDir(), "fills")
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0], "-test.run=^TestHelper$", "-test.count=1")
			cmd.Env = append(os.Environ(), fillsEnv+"="+fills)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("helper: %v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	text, err := os.ReadFile(fills)
	check(t, err)
	if diff := cmp.Diff("filled\n", string(text)); diff != "" {
		t.Error(diff)
	}
}

// A process that is killed while it fills leaves half a template.
func TestFillerKilled(t *testing.T) {
	t.Parallel()
	fills := filepath.Join(t.TempDir(), "fills")
	helper := func(kill string) error {
		cmd := exec.Command(os.Args[0], "-test.run=^TestHelper$", "-test.count=1")
		cmd.Env = append(os.Environ(), fillsEnv+"="+fills, "PGTEST_TEST_KILL="+kill)
		return cmd.Run()
	}
	if err := helper("yes"); err == nil {
		t.Error("the helper should have been killed")
	}
	check(t, helper(""))
	text, err := os.ReadFile(fills)
	check(t, err)
	if diff := cmp.Diff("filled\nfilled\n", string(text)); diff != "" {
		t.Error(diff)
	}
}

// TestHelper is the test of another process; alone it has nothing to do.
func TestHelper(t *testing.T) {
	fills := os.Getenv(fillsEnv)
	if fills == "" {
		return
	}
	pool := pgtest.New(t, pgtest.Template{
		Name: "counted",
		Hash: fills,
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			f, err := os.OpenFile(fills, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
			check(t, err)
			defer f.Close()
			fmt.Fprintln(f, "filled")
			if err := people.Fill(ctx, conn); err != nil {
				return err
			}
			if os.Getenv("PGTEST_TEST_KILL") != "" {
				self, err := os.FindProcess(os.Getpid())
				check(t, err)
				check(t, self.Kill())
			}
			return nil
		},
	}).Pool()
	if diff := cmp.Diff([]string{"Kari"}, names(t, pool)); diff != "" {
		t.Error(diff)
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	file := func(name, text string) fstest.MapFS { return fstest.MapFS{name: {Data: []byte(text)}} }
	base := pgtest.Hash(file("a.sql", "SELECT 1"))
	if base != pgtest.Hash(file("a.sql", "SELECT 1")) {
		t.Error("the same files should have the same hash")
	}
	both := fstest.MapFS{"a.sql": {Data: []byte("1")}, "b.sql": {Data: []byte("2")}}
	cases := map[string]struct{ reason, a, b string }{
		"content": {"a statement changed", base, pgtest.Hash(file("a.sql", "SELECT 2"))},
		"name":    {"files run in the order of their names", base, pgtest.Hash(file("b.sql", "SELECT 1"))},
		"split": {"which folder a file is in counts", pgtest.Hash(both),
			pgtest.Hash(file("a.sql", "1"), file("b.sql", "2"))},
		"nothing": {"files appeared", base, pgtest.Hash()},
	}
	for name, tc := range cases {
		if tc.a == tc.b {
			t.Errorf("%s: the hash did not change, although %s", name, tc.reason)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		pgtest.New(b, people)
	}
}
