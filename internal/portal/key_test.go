package portal_test

import (
	"bytes"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// keyed is a migrated portal database of a test's own.
func keyed(t *testing.T) *pgtest.DB {
	t.Helper()
	db := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	return db
}

// ring makes a secret of keys that are one byte over and over.
func ring(t testing.TB, keys ...byte) *portal.Secret {
	t.Helper()
	var all [][]byte
	for _, b := range keys {
		all = append(all, bytes.Repeat([]byte{b}, portal.SecretSize))
	}
	s, err := portal.NewSecret(all...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start opens the database as a service does that has these keys.
func start(t *testing.T, db *pgtest.DB, ids byte, kept []portal.Keyed, keys ...byte) ([]portal.KeyUse, error) {
	t.Helper()
	of, err := portal.RingOf("idKey", bytes.Repeat([]byte{ids}, 64))
	if err != nil {
		t.Fatal(err)
	}
	own, err := portal.Open(db.RoleDSN(portal.Role), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	own.Guard(ring(t, keys...), kept, of)
	return own.Keys(t.Context())
}

// TestKeys: whoever comes first says what the keys are. Another key is refused, whichever it is;
// a list that has the one is not.
func TestKeys(t *testing.T) {
	t.Parallel()
	db := keyed(t)
	steps := []struct {
		reason string
		ids    byte
		keys   []byte
		ok     bool
	}{
		{"a new database takes any", 9, []byte{1}, true},
		{"the same", 9, []byte{1}, true},
		{"another portalKey", 9, []byte{2}, false},
		{"another idKey", 8, []byte{1}, false},
		{"another one that reads", 9, []byte{1, 2}, true},
		{"what only reads is not needed", 9, []byte{1}, true},
		{"another one that writes", 9, []byte{2, 1}, true},
		{"now the first alone lacks one", 9, []byte{1}, false},
		{"and the second alone", 9, []byte{2}, false},
		{"a third in front", 9, []byte{3, 1, 2}, true},
	}
	for _, s := range steps {
		uses, err := start(t, db, s.ids, nil, s.keys...)
		if s.ok != (err == nil) || err != nil && !errors.Is(err, portal.ErrKey) ||
			s.ok && !uses[len(uses)-len(s.keys)].Needed {
			t.Errorf("%s: %v, %v", s.reason, uses, err)
		}
	}
	var n int
	if err := db.Conn().QueryRow(t.Context(), "select count(*) from portal.key").Scan(&n); err != nil || n != 4 {
		t.Errorf("%d keys are stored: %v", n, err)
	}
}

// TestKeysAtOnce: of replicas that start together on a new database, with keys of their own, those
// of one key are let in.
func TestKeysAtOnce(t *testing.T) {
	t.Parallel()
	db := keyed(t)
	var errs [8]error
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = start(t, db, 9, nil, byte(1+i%2)) })
	}
	wg.Wait()
	let := map[int]int{}
	for i, err := range errs {
		if err == nil {
			let[i%2]++
		} else if !errors.Is(err, portal.ErrKey) {
			t.Error(err)
		}
	}
	if len(let) != 1 || let[0]+let[1] != len(errs)/2 {
		t.Errorf("let in: %v", let)
	}
}

// TestKeysOfOlderDatabase: a database from before it knew its keys takes the one that opens what is
// sealed, and its references are found.
func TestKeysOfOlderDatabase(t *testing.T) {
	t.Parallel()
	db := keyed(t)
	conn := db.Conn()
	was := ring(t, 1)
	for _, sql := range []string{
		"insert into portal.key (name, check_value) values ('older references', decode(repeat('00', 32), 'hex'))",
		"create table portal.thing (id integer primary key, sealed bytea)", "grant select on portal.thing to oversikt_portal",
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	sealed := was.Seal([]byte("x"), "thing 1")
	if _, err := conn.Exec(t.Context(), "insert into portal.thing values (1, $1)", sealed); err != nil {
		t.Fatal(err)
	}
	kept := []portal.Keyed{{Table: "portal.thing", Sealed: []portal.Sealed{{Column: "sealed", Bound: "'thing ' || id"}}}}
	for i, keys := range [][]byte{{2}, {2, 3}, {2, 1}, {1, 2}} {
		_, err := start(t, db, 9, kept, keys...)
		if ok := i >= 2; ok != (err == nil) || err != nil && !errors.Is(err, portal.ErrKey) {
			t.Errorf("%v: %v", keys, err)
		}
	}
	if _, err := start(t, db, 9, kept, 2); !errors.Is(err, portal.ErrKey) {
		t.Errorf("the key of the older references is not needed: %v", err)
	}
}

// TestNotMigrated: a database without a table of keys is somebody else's concern.
func TestNotMigrated(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	own, err := portal.Open(db.DSN(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	own.Guard(ring(t, 1), nil)
	if err := own.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}
