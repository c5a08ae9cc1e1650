package service

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestResealHidesNothing: what was done to the access log before its keys were changed is found
// after it, at the same place; and where nothing was done, nothing is found.
func TestResealHidesNothing(t *testing.T) {
	t.Parallel()
	const third = "(select id from portal.access_log order by at, id offset 2 limit 1)"
	ofAnother := func(column string) string {
		return "update portal.access_log a set " + column + " = b." + column + " from portal.access_log b where a.id = " +
			third + " and b." + column + " <> a." + column
	}
	for name, tc := range map[string]struct{ sql, says string }{
		"nothing":        {"select 1", ""},
		"another client": {"update portal.access_log set client = 'other' where id = " + third, "altered"},
		"another's look": {ofAnother("actor"), "altered"},
		"about another":  {ofAnother("subject"), "altered"},
		"another's mark": {ofAnother("mark"), "altered"},
		"no mark":        {"update portal.access_log set mark = null where id = " + third, "altered"},
		"no key made it": {"update portal.access_log set subject = sha256('x') where id = " + third, "altered"},
		"removed":        {"delete from portal.access_log where id = " + third, "removed"},
		"inserted": {`insert into portal.access_log select (jsonb_populate_record(l,
			jsonb_build_object('id', gen_random_uuid()))).* from portal.access_log l where id = ` + third, "is in no link"},
		"a link": {"update portal.access_log_link set mac = sha256('x') where number = 3", "link 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.New(t, pgtest.Template{})
			if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
				t.Fatal(err)
			}
			conf := listed(Config{Portal: db.RoleDSN(portal.Role)}, oldKeys)
			writeLooks(t, conf)
			if found := verified(t, conf); len(found.Faults) > 0 || found.Links != 6 {
				t.Fatalf("before: %+v", found)
			}
			if _, err := db.Conn().Exec(t.Context(), "set session_replication_role = replica; "+tc.sql+
				"; reset session_replication_role"); err != nil {
				t.Fatal(err)
			}
			was := verified(t, conf)
			both, after := listed(conf, newKeys, oldKeys), listed(conf, newKeys)
			n, err := Reseal(t.Context(), both, db.DSN(), nil)
			if name == "no key made it" { // it cannot be renewed: the old key stays until somebody has looked
				after = both
			}
			if (err != nil) != (name == "no key made it") || err == nil && n == 0 {
				t.Fatal(n, err)
			}
			is := verified(t, after)
			if fmt.Sprint(is.Faults) != fmt.Sprint(was.Faults) || !strings.Contains(fmt.Sprint(is.Faults), tc.says) ||
				(tc.says == "") != (len(is.Faults) == 0) {
				t.Errorf("before %v, after %v; want %q", was.Faults, is.Faults, tc.says)
			}
		})
	}
}

// writeLooks puts six looks by two people into the access log, and links them.
func writeLooks(t *testing.T, conf Config) {
	t.Helper()
	db, secret, err := OpenPortal(conf)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	l, err := audit.Open(audit.Options{Portal: db, Secret: secret, Dir: t.TempDir(), Now: time.Now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now()
	word := func(context.Context) string { return "x" }
	r := audit.Recorder{Log: l, Secret: secret, Now: func() time.Time { return at }, Request: word, Client: word}
	for i := range 6 {
		at = at.Add(time.Millisecond)
		who := caller.Principal{Kind: caller.LetterCase, Case: caller.CaseKey{Agency: "fjord", ID: fmt.Sprint(i % 2)}}
		if err := r.Record(t.Context(), who, audit.Look{Action: audit.Query, What: []string{"viewer.cases"},
			Agencies: []string{"fjord"}, Outcome: audit.OK}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	chain := audit.Chain{Portal: db, Secret: secret, Now: time.Now, Log: quiet}
	if err := chain.Link(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func verified(t *testing.T, conf Config) audit.Integrity {
	t.Helper()
	db, secret, err := OpenPortal(conf)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	chain := audit.Chain{Portal: db, Secret: secret, Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	found, err := chain.Verify(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return found
}
