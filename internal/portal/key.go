package portal

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

var (
	//go:embed sql/keys.sql
	keysSQL string
	//go:embed sql/lock_keys.sql
	lockKeysSQL string
	//go:embed sql/insert_key.sql
	insertKeySQL string
)

// Ring is what is known of the keys of one name without knowing them: a check value of each, the
// writing one first.
type Ring struct {
	Name   string // in the configuration
	Checks [][]byte
}

// RingOf returns what is known of keys.
func RingOf(name string, keys ...[]byte) (Ring, error) {
	r := Ring{Name: name}
	for _, key := range keys {
		check, err := hkdf.Key(sha256.New, key, nil, checkPurpose, sha256.Size)
		if err != nil {
			return r, fmt.Errorf("%s: %w", name, err)
		}
		r.Checks = append(r.Checks, check)
	}
	return r, nil
}

const checkPurpose = "oversikt key check"

// Ring returns what is known of the secret's keys.
func (s *Secret) Ring() Ring {
	r := Ring{Name: "portalKey"}
	for _, k := range s.keys {
		r.Checks = append(r.Checks, k.check)
	}
	return r
}

// ErrKey says that the portal database needs a key which the configuration lacks.
var ErrKey = errors.New("the portal database was written with a key that is not here: put that key back. " +
	"To change keys, list both and run `oversikt reseal`: docs/keys.md")

// guard keeps a connection from being used with keys that are not those of the database.
type guard struct {
	secret *Secret
	rings  []Ring
	kept   []Keyed
}

// Guard has each new connection checked: the database must need no key that is neither in the
// secret nor in the other rings, or there is no connection but ErrKey. A database that is new
// gets to know the keys that write. kept says where sealed values are, for a database from
// before it knew its keys. Guard is called once, before the database is used.
func (db *DB) Guard(secret *Secret, kept []Keyed, others ...Ring) {
	db.guard.Store(&guard{secret, append(others, secret.Ring()), kept})
}

// CheckKeys is Guard for one connection.
func CheckKeys(ctx context.Context, conn *pgx.Conn, secret *Secret, kept []Keyed, others ...Ring) error {
	g := guard{secret, append(others, secret.Ring()), kept}
	return g.check(ctx, conn)
}

// TakesKeys says by a connection, which is none of the pool's, whether the database needs no other keys than Guard was
// given. It writes nothing. The error is ErrKey where it needs another; others are about the database.
func (db *DB) TakesKeys(ctx context.Context, conn *pgx.Conn) error {
	g := db.guard.Load()
	if g == nil {
		return nil
	}
	stored, err := g.compare(ctx, conn)
	if err != nil {
		return err
	}
	return g.sample(ctx, conn, stored)
}

// storedKey is a row of portal.key.
type storedKey struct {
	Name   string
	Check  []byte
	Sealed []byte // the key of references from before they could change it; null elsewhere
}

// older is the name under which such keys are stored. One without a value is the migration's word
// that there are such references.
const (
	older      = "older references"
	boundOlder = "older references"
)

func (db *DB) afterConnect(ctx context.Context, conn *pgx.Conn) error {
	if err := Encoded(conn.PgConn()); err != nil {
		return err
	}
	g := db.guard.Load()
	if g == nil {
		return nil
	}
	err := g.check(ctx, conn)
	if e := (*pgconn.PgError)(nil); errors.As(err, &e) && (e.Code == "42P01" || e.Code == "3F000") {
		return nil // not migrated: whatever is asked for next says so
	}
	return err
}

func (g *guard) check(ctx context.Context, conn *pgx.Conn) error {
	stored, err := g.compare(ctx, conn)
	if err != nil || len(g.absent(stored)) == 0 {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockKeysSQL); err != nil {
			return fmt.Errorf("note keys: %w", err)
		}
		if stored, err = g.compare(ctx, tx); err != nil {
			return err
		}
		if err := g.sample(ctx, tx, stored); err != nil {
			return err
		}
		absent := g.absent(stored)
		for _, k := range absent {
			if _, err := tx.Exec(ctx, insertKeySQL, k.Name, k.Check, k.Sealed); err != nil {
				return fmt.Errorf("note keys: %w", err)
			}
		}
		return g.learn(append(stored, absent...))
	})
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// compare reads what keys the database needs; its error is ErrKey when one is not here.
func (g *guard) compare(ctx context.Context, db querier) ([]storedKey, error) {
	rows, err := db.Query(ctx, keysSQL)
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	stored, err := pgx.CollectRows(rows, pgx.RowToStructByPos[storedKey])
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	for _, r := range g.rings {
		for _, k := range stored {
			if k.Name == r.Name && !has(r.Checks, k.Check) {
				return nil, fmt.Errorf("%s: %w", r.Name, ErrKey)
			}
		}
	}
	return stored, g.learn(stored)
}

func has(checks [][]byte, check []byte) bool {
	return slices.ContainsFunc(checks, func(c []byte) bool { return bytes.Equal(c, check) })
}

// absent returns what is to be stored: the keys that write, and once the key of the references
// from before they could change it. That key is the last one: others were added before it.
func (g *guard) absent(stored []storedKey) (absent []storedKey) {
	lacks := func(name string, check []byte) bool {
		return !slices.ContainsFunc(stored, func(k storedKey) bool {
			return k.Name == name && (check == nil || bytes.Equal(k.Check, check))
		})
	}
	for _, r := range g.rings {
		if lacks(r.Name, r.Checks[0]) {
			absent = append(absent, storedKey{Name: r.Name, Check: r.Checks[0]})
		}
	}
	unknown := slices.IndexFunc(stored, func(k storedKey) bool { return k.Name == older && k.Sealed == nil })
	if unknown < 0 || slices.ContainsFunc(stored, func(k storedKey) bool { return k.Name == older && k.Sealed != nil }) {
		return absent
	}
	last := g.secret.keys[len(g.secret.keys)-1]
	if lacks("portalKey", last.check) && !bytes.Equal(last.check, g.secret.keys[0].check) {
		absent = append(absent, storedKey{Name: "portalKey", Check: last.check})
	}
	return append(absent, storedKey{older, last.check, g.secret.Seal(last.hash, boundOlder)})
}

// sample looks, in a database from before it knew its keys, at one sealed value of each kind: the
// keys must open it.
func (g *guard) sample(ctx context.Context, db querier, stored []storedKey) error {
	if slices.ContainsFunc(stored, func(k storedKey) bool { return k.Name == "portalKey" }) {
		return nil
	}
	for _, k := range g.kept {
		for _, s := range k.Sealed {
			sql := fmt.Sprintf("select %s, %s from %s where %[1]s is not null and %[2]s is not null limit 1",
				s.Column, s.Bound, k.Table)
			rows, err := db.Query(ctx, sql)
			if err != nil {
				return fmt.Errorf("read a sealed value: %w", err)
			}
			_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (_ struct{}, err error) {
				var sealed []byte
				var bound string
				if err = row.Scan(&sealed, &bound); err == nil {
					_, err = g.secret.Unseal(sealed, bound)
				}
				return struct{}{}, err
			})
			if errors.Is(err, ErrSealed) {
				return fmt.Errorf("portalKey: %w", ErrKey)
			}
			if err != nil {
				return fmt.Errorf("read a sealed value: %w", err)
			}
		}
	}
	return nil
}

// learn has the secret know the references from before they could change their key.
func (g *guard) learn(stored []storedKey) error {
	var all []olderReferences
	for _, k := range stored {
		if k.Name != older || k.Sealed == nil {
			continue
		}
		hash, err := g.secret.Unseal(k.Sealed, boundOlder)
		if err != nil {
			return fmt.Errorf("portalKey: %w", ErrKey)
		}
		all = append(all, olderReferences{hash})
	}
	if len(all) > 0 {
		g.secret.older.Store(&all)
	}
	return nil
}

// KeyUse says of one key of a ring, by its place in the list, whether the database needs it.
type KeyUse struct {
	Ring   string
	Place  int // from 0
	Needed bool
}

// Keys says which keys the database needs. The error is ErrKey for one that is not here; others
// are about the database.
func (db *DB) Keys(ctx context.Context) (uses []KeyUse, err error) {
	ctx, cancel := db.Bounded(ctx)
	defer cancel()
	conn, err := db.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("check keys: %w", err)
	}
	defer conn.Release()
	g := db.guard.Load()
	stored, err := g.compare(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("check keys: %w", err)
	}
	for _, r := range g.rings {
		for i, check := range r.Checks {
			needed := slices.ContainsFunc(stored, func(k storedKey) bool {
				return k.Name == r.Name && bytes.Equal(k.Check, check)
			})
			uses = append(uses, KeyUse{r.Name, i, needed})
		}
	}
	return uses, nil
}

// Keyed says which columns of a table have references and sealed values.
type Keyed struct {
	Table      string
	Key        []string // the columns of its primary key
	References []string
	Sealed     []Sealed
	Rows       int  // that are read at once; 0 is 100
	Brief      bool // a row lapses within a day: where another has its reference already, it goes
}

// Sealed is a column of sealed values.
type Sealed struct {
	Column string
	Bound  string // what a value is bound to, in SQL; null: it is not sealed
}

// UnderKey says where this package has sealed values.
func UnderKey() []Keyed {
	return []Keyed{{Table: "portal.key", Key: []string{"name", "check_value"},
		Sealed: []Sealed{{"sealed", "'" + boundOlder + "'"}}}}
}
