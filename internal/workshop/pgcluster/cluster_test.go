package pgcluster

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	began := time.Now()
	c := open(t, Options{Dir: dir, Settings: map[string]string{"max_connections": "33"}})
	t.Logf("first start %v", time.Since(began))

	cases := map[string]struct{ reason, sql, want string }{
		"no TCP":      {"another server on the machine may have the port", "SHOW listen_addresses", ""},
		"durable":     {"the demo keeps its data", "SHOW fsync", "on"},
		"setting":     {"the caller's settings count", "SHOW max_connections", "33"},
		"default":     {"other settings keep our default", "SHOW jit", "off"},
		"encoding":    {"names hold æ, ø and å", "SHOW server_encoding", "UTF8"},
		"case":        {"search by name ignores case", "SELECT upper('æøå')", "ÆØÅ"},
		"order":       {"sorting does not depend on the machine", "SELECT ('Z' < 'a' AND 'z' < 'å')::text", "true"},
		"time zone":   {"times are UTC", "SHOW timezone", "UTC"},
		"text search": {"no language is presumed", "SHOW default_text_search_config", "pg_catalog.simple"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, ask(c, tc.sql)); diff != "" {
				t.Errorf("%s: %s\n%s", tc.reason, tc.sql, diff)
			}
		})
	}

	info, err := os.Stat(c.socket)
	check(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("folder of the socket is open to others: %v", info.Mode())
	}
}

func TestOpenAgain(t *testing.T) {
	t.Parallel()
	o := fast(tempDir(t))
	first := open(t, o)
	dsn := first.DSN("")
	check(t, exec1(first, "CREATE TABLE public.kept AS SELECT 'still here' AS word"))
	check(t, first.Close())
	if err := first.Close(); err != nil {
		t.Errorf("the second Close should do nothing: %v", err)
	}
	began := time.Now()
	second := open(t, o)
	t.Logf("next start %v", time.Since(began))
	if diff := cmp.Diff("still here", ask(second, "SELECT word FROM public.kept")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(dsn, second.DSN("")); diff != "" {
		t.Errorf("the connection string should stay the same\n%s", diff)
	}
}

func TestOpenInUse(t *testing.T) {
	t.Parallel()
	dir := tempDir(t)
	link := filepath.Join(tempDir(t), "link")
	check(t, os.Symlink(dir, link))
	c := open(t, fast(dir))
	for name, path := range map[string]string{"same path": dir, "other path to it": link} {
		_, err := Open(t.Context(), fast(path))
		if !errors.Is(err, ErrInUse) {
			t.Errorf("%s: got %v, want ErrInUse", name, err)
		}
	}
	if got := ask(c, "SELECT 'yes'"); got != "yes" {
		t.Errorf("the first should not notice: %s", got)
	}
}

func TestOpenLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(tempDir(t), strings.Repeat("long, \"quoted\" and 'spaced' ", 4), strings.Repeat("x", 120))
	check(t, makeOpen(dir))
	c := open(t, fast(dir))
	if len(c.socket) > maxSocketDir {
		t.Errorf("socket folder has %d bytes", len(c.socket))
	}
	if got := ask(c, "SHOW data_directory"); got != filepath.Join(dir, "data") {
		t.Errorf("data in %s", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	oldData := tempDir(t)
	check(t, os.Mkdir(filepath.Join(oldData, "data"), 0o755))
	check(t, os.WriteFile(filepath.Join(oldData, "data", "PG_VERSION"), []byte("9.6\n"), 0o644))
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()

	cases := map[string]struct {
		reason string
		ctx    context.Context
		o      Options
		want   string
	}{
		"no folder": {
			"the current folder would be a surprise",
			t.Context(), Options{}, "no folder given",
		},
		"no programs": {
			"the caller may install them",
			t.Context(), Options{Dir: tempDir(t), BinDir: t.TempDir()}, ErrNoBinaries.Error(),
		},
		"data of another version": {
			"the server's own message is in a log nobody reads",
			t.Context(), fast(oldData), "was made by PostgreSQL 9.6",
		},
		"bad setting": {
			"the reason is in the server's log, the user sees the error",
			t.Context(), Options{Dir: tempDir(t), Settings: map[string]string{"work_mem": "much", "fsync": "off"}},
			`"work_mem": "much"`,
		},
		"cancelled": {
			"nothing is left running",
			cancelled, fast(tempDir(t)), context.Canceled.Error(),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := Open(tc.ctx, tc.o)
			if err == nil {
				c.Close()
				t.Fatalf("opened, although %s", tc.reason)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: got %v, want %q in it", tc.reason, err, tc.want)
			}
		})
	}
}

// As root the server runs as an ordinary user, for whom most of a private
// project is closed.
func TestOpenUnreachable(t *testing.T) {
	t.Parallel()
	private := filepath.Join(tempDir(t), "private")
	check(t, os.Mkdir(private, 0o700))
	o := fast(filepath.Join(private, "db"))
	o.fallback = filepath.Join(tempDir(t), "elsewhere")
	c := open(t, o)
	check(t, exec1(c, "CREATE TABLE public.kept AS SELECT 'here' AS word"))
	check(t, c.Close())

	link := filepath.Join(o.Dir, "data")
	if target, err := os.Readlink(link); os.Geteuid() == 0 {
		check(t, err)
		if !strings.HasPrefix(target, o.fallback) {
			t.Errorf("data went to %s, not below %s", target, o.fallback)
		}
	} else if err == nil {
		t.Errorf("an ordinary user's data went to %s", target)
	}

	c = open(t, o)
	if got := ask(c, "SELECT word FROM public.kept"); got != "here" {
		t.Errorf("the second start should find the data: %s", got)
	}
	check(t, c.Close())

	if target, err := os.Readlink(link); err == nil {
		check(t, os.RemoveAll(filepath.Dir(target)))
		c = open(t, o)
		if got := ask(c, "SELECT (to_regclass('public.kept') IS NULL)::text"); got != "true" {
			t.Errorf("deleted data should be made anew: %s", got)
		}
		check(t, c.Close())
	}

	check(t, os.RemoveAll(o.Dir))
	c = open(t, o)
	if got := ask(c, "SELECT (to_regclass('public.kept') IS NULL)::text"); got != "true" {
		t.Errorf("deleting the folder should delete the data: %s", got)
	}

	if err := remove(o); !errors.Is(err, ErrInUse) {
		t.Errorf("remove while it runs: %v", err)
	}
	check(t, c.Close())
	for range 2 { // the second time there is nothing
		check(t, remove(o))
	}
	for _, dir := range []string{o.Dir, o.fallback} {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", dir, err)
		}
	}
}

func TestOpenAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	cred := nobody(t)
	dir := tempDir(t)
	if cred != nil {
		check(t, os.Chown(dir, int(cred.Uid), int(cred.Gid)))
	}
	// Root runs the server as the owner of the folder, who can go on alone.
	c := open(t, fast(dir))
	if got := ask(c, "SELECT 'yes'"); got != "yes" {
		t.Error(got)
	}
	check(t, c.Close())
	startHelper(t, "cycle", dir, cred).finish(t)
}

func TestDatabases(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := open(t, fast(tempDir(t)))
	const name = `odd "name" æ`
	check(t, c.CreateDatabase(ctx, name, ""))
	check(t, c.CreateDatabase(ctx, "copy", name))
	if err := c.CreateDatabase(ctx, "copy", ""); err == nil {
		t.Error("a name that is taken should be an error")
	}
	for db, want := range map[string]bool{name: true, "copy": true, "other": false} {
		got, err := c.HasDatabase(ctx, db)
		check(t, err)
		if got != want {
			t.Errorf("HasDatabase(%q) = %v", db, got)
		}
	}
	check(t, exec1(c, "CREATE ROLE clerk LOGIN"))
	if got := askDSN(t, c.RoleDSN("clerk", name),
		"SELECT current_user || ' in ' || current_database()"); got != "clerk in "+name {
		t.Error(got)
	}
	check(t, c.DropDatabase(ctx, name))
	check(t, c.DropDatabase(ctx, name))
	if has, err := c.HasDatabase(ctx, name); err != nil || has {
		t.Errorf("after the drop: %v, %v", has, err)
	}
}
