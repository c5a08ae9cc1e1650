package service

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/acttest/examples"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/resolvers"
)

var (
	oldKeys = map[string]string{"portal": strings.Repeat("07", portal.SecretSize), "id": strings.Repeat("0f", 64)}
	newKeys = map[string]string{"portal": strings.Repeat("a1", portal.SecretSize), "id": strings.Repeat("b2", 64)}
)

func listed(conf Config, keys ...map[string]string) Config {
	conf.PortalKey, conf.IDKey = nil, nil
	for _, k := range keys {
		conf.PortalKey, conf.IDKey = append(conf.PortalKey, k["portal"]), append(conf.IDKey, k["id"])
	}
	return conf
}

// keeper is somebody who has asked for something under the old keys.
type keeper struct {
	*exchange
	as     http.Header
	key    uuid.UUID
	good   act.Input
	is     answered
	until  time.Time
	before int    // how many acts of the name there are
	has    string // all that the portal has of theirs, as it is read
}

// TestChangeOfKeys: what was written with the old keys is read, and written once, with both and,
// once it is resealed, with the new ones alone.
func TestChangeOfKeys(t *testing.T) {
	t.Parallel()
	w := newWeb(t)
	conf := w.conf()
	var keepers []*keeper
	for _, a := range w.site.Acts.(*resolvers.Acts).All() {
		if a.Who == 0 {
			continue
		}
		x := &exchange{web: w, act: a, example: examples.For(t, w.site.Acts, a)}
		who, asked := x.somebody(t)
		k := &keeper{exchange: x, as: x.bearer(t, who, asked.Good), key: uuid.New(), good: asked.Good}
		acttest.Eventually(t, "it is done", func() bool {
			k.is = x.ask(t, k.as, k.key, k.good)
			return k.is.act.Status == string(act.Done)
		})
		keepers = append(keepers, k)
	}
	was := w.others(t, oldKeys)
	for _, k := range keepers {
		k.until = time.Now()
		k.has, k.before = k.everything(t), k.stored(t)
	}
	w.stop() // it would not know the new keys
	stages := []struct {
		reason string
		keys   []map[string]string
	}{
		{"the new keys only read", []map[string]string{oldKeys, newKeys}},
		{"the new keys write", []map[string]string{newKeys, oldKeys}},
		{"the rest is resealed", []map[string]string{newKeys, oldKeys}},
		{"the new keys are alone", []map[string]string{newKeys}},
	}
	for i, s := range stages {
		if i == 2 {
			w.reseal(t, listed(conf, s.keys...))
		}
		w.stage(t, s.reason, listed(conf, s.keys...), keepers, was)
	}
	s, served := w.serve(listed(conf, oldKeys))
	defer s.Close()
	defer served.Close()
	if err := s.CheckKeys(t.Context(), slog.Default()); !errors.Is(err, portal.ErrKey) {
		t.Errorf("the old keys are still taken: %v", err)
	}
}

// stage serves with a configuration, and compares what everybody reads with what they had.
func (w *web) stage(t *testing.T, reason string, conf Config, keepers []*keeper, was *others) {
	t.Helper()
	s, served := w.serve(conf)
	defer s.Close()
	defer served.Close()
	if _, err := s.portal.Keys(t.Context()); err != nil {
		t.Fatalf("%s: %v", reason, err)
	}
	w.url = served.URL + "/graphql"
	ids, err := conf.ids()
	if err != nil {
		t.Fatal(err)
	}
	first := w.seal
	for _, k := range keepers {
		if has := k.everything(t); has != k.has {
			t.Errorf("%s: %s:\n%s", reason, k.act.Name, cmp.Diff(k.has, has))
		}
		if strings.HasPrefix(reason, "the new keys are alone") {
			first = ids.Seal
		}
		k.seal = first
		again := k.ask(t, k.as, k.key, k.good)
		if len(again.codes)+len(again.wrong) > 0 || again.act.Status != k.is.act.Status || k.stored(t) != k.before {
			t.Errorf("%s: %s again: %s", reason, k.act.Name, again.body)
		}
	}
	was.hold(t, reason, s, w.url)
	chain := audit.Chain{Portal: s.portal, Secret: s.secret, Now: time.Now, Log: slog.Default()}
	if err := chain.Link(t.Context()); err != nil {
		t.Error(err)
	}
	if found, err := chain.Verify(t.Context(), ""); err != nil || len(found.Faults) > 0 || found.Links == 0 {
		t.Errorf("%s: the access log is not whole: %+v, %v", reason, found, err)
	}
}

var anyID = regexp.MustCompile(`"(id|cursor)":"[^"]*"`)

// everything returns what a person reads of what the portal has; ids and cursors are sealed anew.
func (k *keeper) everything(t *testing.T) string {
	t.Helper()
	if k.act.Who&act.AtDesk != 0 {
		return "" // who decides has no list: the same key finds it
	}
	query := `{ viewer {
		acts(first: 100) { nodes { id name status submittedAt endedAt by } }
		powersOfAttorney { id status givenAt revokedAt attorney { __typename } agencies { agency { code } } }
		privacyRequests { number kind text submittedAt answerBy status reply }
		accessLog(own: true, first: 100) { nodes { at action outcome } }
	} }`
	header := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/graphql-response+json"}}
	for name, values := range k.as {
		header[name] = values
	}
	got := endtoend.Visit(t, http.MethodPost, k.url, header, body(t, query, nil))
	var answer struct {
		Data struct {
			Viewer struct {
				Acts, PowersOfAttorney, PrivacyRequests json.RawMessage
				AccessLog                               struct {
					Nodes []struct {
						At              time.Time
						Action, Outcome string
					}
				}
			}
		}
		Errors json.RawMessage
	}
	if err := json.Unmarshal([]byte(got.Body), &answer); err != nil || answer.Errors != nil {
		t.Fatalf("%v: %s", err, got.Body)
	}
	v := answer.Data.Viewer
	text := string(v.Acts) + string(v.PowersOfAttorney) + string(v.PrivacyRequests)
	for _, e := range v.AccessLog.Nodes {
		if e.Action != audit.Query && !e.At.After(k.until) { // not the repetitions of later stages
			text += "\n" + e.At.String() + " " + e.Action + " " + e.Outcome
		}
	}
	return anyID.ReplaceAllString(text, `"$1":""`)
}

// others are what no act writes: a session, what staff has looked up, and what was counted.
type others struct {
	cookie string
	staff  caller.Principal
	of     norway.NationalID
	bucket throttle.Bucket
}

func (w *web) others(t *testing.T, keys map[string]string) *others {
	t.Helper()
	db, secret, err := OpenPortal(listed(w.conf(), keys))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	o := &others{
		cookie: base64.RawURLEncoding.EncodeToString(make([]byte, 32)), of: w.Somebody(anybody).NationalID,
		staff:  caller.Principal{Kind: caller.Staff, Issuer: "https://staff.example", Subject: "s1", Agency: "fjord"},
		bucket: throttle.Bucket{Kind: "test", Name: "x", Policy: throttle.Policy{Free: 1, Forget: time.Hour}},
	}
	key := sha256.Sum256([]byte(o.cookie))
	holder := secret.Seal([]byte(`{"nationalId":"`+o.of.Reveal()+`","name":"Kari"}`),
		"session holder "+hex.EncodeToString(key[:]))
	if _, err = db.Exec(t.Context(), `insert into portal.session
		(key, kind, person, holder, acr, issuer, created_at, seen_at, expires_at) values ($1, 'PERSON', $2, $3, 'high', $4, now(), now(), now() + interval '1 hour')`,
		key[:], secret.Reference(o.of), holder, w.issuer.IssuerURL); err != nil {
		t.Fatal(err)
	}
	r := audit.Recorder{Log: w.log(t, db, secret), Secret: secret, Now: time.Now}
	if err := r.Remember(t.Context(), o.staff, caller.Debtor{NationalID: o.of}, "because"); err != nil {
		t.Fatal(err)
	}
	if wait, err := throttle.New(db, secret, time.Now).Take(t.Context(), o.bucket); wait > 0 || err != nil {
		t.Fatal(wait, err)
	}
	return o
}

func anybody(*acttest.Somebody) bool { return true }

func (w *web) log(t *testing.T, db *portal.DB, secret *portal.Secret) *audit.Log {
	t.Helper()
	l, err := audit.Open(audit.Options{Portal: db, Secret: secret, Dir: t.TempDir(), Now: time.Now,
		Log: slog.New(slog.NewTextHandler(w.Log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close(context.Background()) })
	return l
}

// hold fails where one of them is gone.
func (o *others) hold(t *testing.T, reason string, s *Service, url string) {
	t.Helper()
	r := audit.Recorder{Log: s.log, Secret: s.secret, Now: time.Now}
	found, err := r.LookedUp(t.Context(), o.staff)
	if err != nil || len(found) != 1 || found[0].Debtor.NationalID != o.of {
		t.Errorf("%s: looked up: %v, %v", reason, found, err)
	}
	if wait, err := throttle.New(s.portal, s.secret, time.Now).Take(t.Context(), o.bucket); wait <= 0 || err != nil {
		t.Errorf("%s: what was counted is forgotten: %v, %v", reason, wait, err)
	}
	header := http.Header{"Content-Type": {"application/json"}, "Cookie": {"__Host-oversikt=" + o.cookie},
		session.ClientHeader: {"test"}}
	got := endtoend.Visit(t, http.MethodPost, url, header, body(t, `{ viewer { name } }`, nil))
	var n int
	err = s.portal.QueryRow(t.Context(), "select count(*) from portal.session where person = any($1)",
		s.secret.References(o.of)).Scan(&n)
	if err != nil || n != 1 || got.Status != http.StatusOK || !strings.Contains(got.Body, "Kari") {
		t.Errorf("%s: %d sessions, %v: %s", reason, n, err, got.Body)
	}
}

// reseal is interrupted at first; nothing is lost, and the next run ends it.
func (w *web) reseal(t *testing.T, conf Config) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Reseal(ctx, conf, w.Portal.DSN(), func(string, int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if n, err := Reseal(t.Context(), conf, w.Portal.DSN(), nil); err != nil || n == 0 {
		t.Errorf("%d rows: %v", n, err)
	}
	if n, err := Reseal(t.Context(), conf, w.Portal.DSN(), nil); err != nil || n != 0 {
		t.Errorf("a second time %d rows: %v", n, err)
	}
}

// TestUnderKeyIsComplete: whatever stands in the portal database as bytes is resealed, or is named
// here with the reason why not.
func TestUnderKeyIsComplete(t *testing.T) {
	t.Parallel()
	w := acttest.New(t)
	not := []string{
		"portal.access_log_anchor.mac", "portal.access_log_anchor.seal", // under the key of the chain, which is sealed
		"portal.access_log_link.digest", "portal.access_log_link.mac", "portal.access_log_check.seal", // likewise
		"portal.act_agency.expects", // of records at the agency, with no key
		"portal.key.check_value",    // of a key
		"portal.session.key",        // of the id in the cookie
	}
	rows, err := w.Portal.Conn().Query(t.Context(), `select format('%s.%s', c.oid::regclass, a.attname)
		from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
		where c.relnamespace = 'portal'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
		  and c.relname not like 'river%' and a.atttypid = 'bytea'::regtype and a.attnum > 0 and not a.attisdropped`)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(columns) < 20 {
		t.Fatal(columns, err)
	}
	for _, k := range UnderKey() {
		for _, c := range k.References {
			not = append(not, k.Table+"."+c)
		}
		for _, s := range k.Sealed {
			not = append(not, k.Table+"."+s.Column)
		}
	}
	for _, c := range columns {
		if !slices.Contains(not, c) {
			t.Errorf("%s keeps the key that it was written with", c)
		}
	}
}
