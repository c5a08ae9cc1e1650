package vault_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/document/vault/vaulttest"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/portal/reseal"
	"github.com/oversikt/oversikt/internal/portal/retention"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

type world struct {
	*vault.Vault
	t      *testing.T
	db     *pgtest.DB
	folder string
}

func secretOf(t *testing.T, keys ...byte) *portal.Secret {
	t.Helper()
	var all [][]byte
	for _, k := range keys {
		all = append(all, bytes.Repeat([]byte{k}, portal.SecretSize))
	}
	s, err := portal.NewSecret(all...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t, pgtest.Template{})}
	if _, err := migrate.Up(t.Context(), w.db.DSN()); err != nil {
		t.Fatal(err)
	}
	pool, err := portal.Open(w.db.RoleDSN(portal.Role), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	w.Vault, w.folder = vaulttest.New(t, pool, secretOf(t, 7))
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Conn().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) files() (names []string) {
	w.t.Helper()
	err := filepath.WalkDir(w.folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return names
}

const said = "%PDF-1.7 paid by Kari"

// TestNamed: what documents belong to can be known before the agency answers, and they are nobody's until then.
func TestNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	act, _ := w.keep("PENDING", "77")
	for _, want := range []int{0, 2} {
		if found, err := w.Of(t.Context(), "fjord", vault.Receipt, []string{"77"}); err != nil || len(found) != want {
			t.Errorf("%d are found, want %d: %v", len(found), want, err)
		}
		w.settle(act, "")
	}
}

// keep has an act of a status keep two documents, and returns it.
func (w *world) keep(status string, named ...string) (act uuid.UUID, all []vault.Stored) {
	w.t.Helper()
	act = uuid.New()
	w.exec(`insert into portal.act (id, subject, key, name, reach, cases, status, created_at, until, ended_at)
		values ($1, $2, gen_random_uuid(), 'SUBMIT_RECEIPT', 'ONE', '{}', $3, now(), now(),
		        case when $3 <> 'PENDING' then now() end)`, act, bytes.Repeat([]byte{1}, 32), status)
	file := vault.File{Info: document.Info{MediaType: document.PDF}, Content: []byte(said)}
	all, err := w.Put(w.t.Context(), []vault.File{file, file})
	if err == nil {
		err = pgx.BeginFunc(w.t.Context(), w.db.Conn(), func(tx pgx.Tx) error {
			return w.Insert(w.t.Context(), tx, vault.Place{Kind: vault.Receipt, Act: act, Agency: "fjord", Case: "1001",
				Subject: strings.Join(named, "")}, all, time.Now())
		})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return act, all
}

func (w *world) settle(act uuid.UUID, subject string) {
	w.t.Helper()
	w.then(func(tx pgx.Tx) error { return w.Settle(w.t.Context(), tx, act, subject) })
}

func (w *world) then(do func(tx pgx.Tx) error) {
	w.t.Helper()
	if err := pgx.BeginFunc(w.t.Context(), w.db.Conn(), do); err != nil {
		w.t.Fatal(err)
	}
}

// TestKept: a document comes back as it was. In the bucket nobody reads it, and what was altered there, or put in the
// place of another, is not handed out.
func TestKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	act, all := w.keep("DONE")
	w.settle(act, "51")
	found, err := w.Of(t.Context(), "fjord", vault.Receipt, []string{"50", "51"})
	if err != nil || len(found) != 2 || found[0].ID != all[0].ID || *found[0].Subject != "51" ||
		found[0].Bytes != len(said) {
		t.Fatalf("%+v, %v", found, err)
	}
	if other, err := w.Of(t.Context(), "lita", vault.Receipt, []string{"51"}); err != nil || len(other) > 0 {
		t.Errorf("another agency has %v, %v", other, err)
	}
	if other, err := w.Of(t.Context(), "fjord", vault.Objection, []string{"51"}); err != nil || len(other) > 0 {
		t.Errorf("an objection of the same key has %v, %v", other, err)
	}
	file, kept, err := w.Open(t.Context(), all[1].ID)
	if err != nil || string(file.Content) != said || file.MediaType != document.PDF || kept.CaseID != "1001" {
		t.Errorf("%+v, %v", kept, err)
	}
	names := w.files()
	if len(names) != 2 {
		t.Fatalf("the folder has %v", names)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil || bytes.Contains(content, []byte("Kari")) {
			t.Errorf("%s can be read: %v", name, err)
		}
	}
	if info, err := os.Stat(filepath.Dir(names[0])); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others look into the folder: %v, %v", info.Mode(), err)
	}
	first, second := nameIn(names, all[0].ID), nameIn(names, all[1].ID)
	content, err := os.ReadFile(second)
	if err == nil {
		err = os.WriteFile(first, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Open(t.Context(), all[0].ID); fault.Of(err).Code != fault.Internal {
		t.Errorf("another's in its place: %v", err)
	}
	if err := os.Remove(second); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Open(t.Context(), all[1].ID); fault.Of(err).Code != fault.NotFound {
		t.Errorf("a file that is gone: %v", err)
	}
	if _, _, err := w.Open(t.Context(), uuid.New()); fault.Of(err).Code != fault.NotFound {
		t.Errorf("none: %v", err)
	}
}

func nameIn(names []string, id uuid.UUID) string {
	for _, n := range names {
		if strings.HasSuffix(n, id.String()) {
			return n
		}
	}
	return ""
}

// TestSweep: whatever comes to nothing leaves no file behind, and nothing else goes.
func TestSweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	done, kept := w.keep("DONE")
	w.settle(done, "51")
	_, pending := w.keep("PENDING")
	w.keep("WITHDRAWN") // it never reached the agency
	refused, _ := w.keep("REFUSED")
	w.then(func(tx pgx.Tx) error { return w.Refuse(t.Context(), tx, refused) })
	if _, err := w.Put(t.Context(), []vault.File{{Content: []byte(said)}}); err != nil { // its act was never stored
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.folder, "documents", "LES MEG"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	job := retention.Job{Portal: w.DB, Clock: time.Now, Log: slog.New(slog.DiscardHandler),
		Also: []retention.Sweep{{Name: "file_without_row", Run: w.Sweep}}}
	for _, tc := range []struct {
		ahead   time.Duration
		removed int64
		left    int
	}{{0, 0, 10}, {2 * time.Hour, 5, 5}, {2 * time.Hour, 0, 5}} {
		job.Clock = func() time.Time { return time.Now().Add(tc.ahead) }
		all, ran, err := job.Now(t.Context())
		if err != nil || !ran || all[len(all)-1] != (retention.Deleted{Rule: "file_without_row", N: tc.removed}) {
			t.Errorf("%v later: %v, %t, %v", tc.ahead, all, ran, err)
		}
		if left := w.files(); len(left) != tc.left {
			t.Errorf("%v later %d files are left: %v", tc.ahead, len(left), left)
		}
	}
	for _, one := range append(kept, pending...) {
		if _, _, err := w.Open(t.Context(), one.ID); err != nil {
			t.Errorf("a document that is kept: %v", err)
		}
	}
	w.exec("delete from portal.act where id = $1", done)
	if n, err := w.Sweep(t.Context(), time.Now().Add(2*time.Hour)); err != nil || n != 2 {
		t.Errorf("%d go with their act, %v", n, err)
	}
}

// TestReseal: another key of the portal opens what the first one has written, once rows are resealed, and the bucket
// stays as it is.
func TestReseal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	act, all := w.keep("DONE")
	w.settle(act, "51")
	job := reseal.Job{Conn: w.db.Conn(), Secret: secretOf(t, 8, 7), Tables: vault.UnderKey()}
	if n, err := job.Run(t.Context()); err != nil || n != 2 {
		t.Fatalf("%d rows, %v", n, err)
	}
	if _, _, err := w.Open(t.Context(), all[0].ID); err == nil {
		t.Error("the old key opens it")
	}
	w.Secret = secretOf(t, 8)
	if file, _, err := w.Open(t.Context(), all[0].ID); err != nil || string(file.Content) != said {
		t.Errorf("the new key: %v", err)
	}
}

// TestPutFails: what cannot be kept leaves nothing behind, and the caller is told to try again.
func TestPutFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.Bucket.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Put(t.Context(), []vault.File{{Content: []byte(said)}}); fault.Of(err).Code != fault.PortalUnavailable {
		t.Error(err)
	}
	if left := w.files(); len(left) > 0 {
		t.Errorf("%v", left)
	}
}

// TestAddress: a bucket is named by a URL, and no error repeats what stands in it.
func TestAddress(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"file://" + t.TempDir(): true, "": false, "/var/lib": false, "file://host/secret": false, "file:///x?secret=1": false,
		"s3://secret": false, "file:///proc/secret": false, "\x7f://secret": false,
	} {
		bucket, err := vault.OpenBucket(t.Context(), address)
		if err == nil {
			_ = bucket.Close()
		}
		if (err == nil) != good || strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
