package attorney_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// count counts rows of the portal database.
func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	if err := w.own.Conn().QueryRow(w.t.Context(), "select count(*) from "+sql, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// TestToldOnce: an agency is told once by any number of replicas.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.give(w.register(people.Fjord)).ID
	replicas := []*replica{w.register(people.Fjord, people.Lita), w.register(people.Fjord, people.Lita)}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if err := replicas[i%2].Deliver(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.count("portal.act where name = 'INTRODUCE_POWER_OF_ATTORNEY'"); n != 1 {
		t.Errorf("%d acts tell one agency", n)
	}
	for _, code := range []string{people.Fjord, people.Lita} {
		if n := w.there(code, "true"); n != 1 {
			t.Errorf("%s has %d", code, n)
		}
	}
	want := map[string]attorney.Knowledge{people.Fjord: attorney.Told, people.Lita: attorney.Told}
	if diff := cmp.Diff(want, w.known(replicas[0], id)); diff != "" {
		t.Error(diff)
	}
}

// dies is what a process that ends throws.
type dies struct{}

// TestCrashWhileTelling: a process that ends between telling an agency and noting it leaves
// a lease; when that ends, the agency is told again, and has the power once.
func TestCrashWhileTelling(t *testing.T) {
	t.Parallel()
	for name, revoked := range map[string]bool{"in force": false, "revoked meanwhile": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			func() {
				defer func() {
					if p := recover(); p != (dies{}) {
						t.Errorf("it ended with %v", p)
					}
				}()
				w.give(w.stepping(func(step string) {
					if step == "do "+people.Fjord+" done" {
						panic(dies{})
					}
				}, people.Fjord))
			}()
			r := w.register(people.Fjord)
			given, err := r.Given(t.Context(), kari())
			if err != nil || len(given) != 1 {
				t.Fatal(given, err)
			}
			id := given[0].ID
			if record, err := r.engine.Resume(t.Context(), id); err == nil || record.Status != act.Pending {
				t.Errorf("it is taken from who has leased it: %v, %v", record.Status, err)
			}
			want, revocation := attorney.Told, uuid.Nil
			if revoked {
				want = attorney.RevocationTold
				power, record, err := r.Revoke(t.Context(), kari(), uuid.New(), id)
				if err != nil || record.Status != act.Pending || power.Told[0].Knowledge != attorney.RevocationPending {
					t.Fatalf("%+v, %+v, %v", power.Told, record, err)
				}
				revocation = record.ID
			}
			w.exec("update portal.act set driven_until = now() where id = $1", id)
			w.resume(r, id)
			if revoked {
				w.resume(r, revocation)
			}
			if got := w.known(r, id)[people.Fjord]; got != want {
				t.Errorf("the agency: %s, want %s", got, want)
			}
			if n := w.there(people.Fjord, "true"); n != 1 {
				t.Errorf("the agency has %d", n)
			}
			if n := w.there(people.Fjord, "revoked_at is null"); (n == 0) != revoked {
				t.Errorf("the agency has %d in force", n)
			}
		})
	}
}

// TestLaterAgency: who gave a power for everything gave it for agencies that come later.
func TestLaterAgency(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all, single := w.give(w.register(people.Fjord)), input()
	r := w.register(people.Fjord, people.Lita)
	single.Agencies = []debt.Key{{Kind: debt.KindAgency, Agency: people.Fjord}}
	limited, err := r.Give(t.Context(), kari(), single)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.known(r, all.ID)[people.Lita]; got != attorney.Told {
		t.Errorf("the later agency: %q", got)
	}
	if _, told := w.known(r, limited.ID)[people.Lita]; told || w.there(people.Lita, "true") != 1 {
		t.Error("it is told of a power that does not cover it")
	}
	acting, err := r.Act(t.Context(), per(), all.ID)
	if err != nil || !acting.Scope().Covers(people.Lita) {
		t.Errorf("the power does not cover it: %v", err)
	}
	if _, _, err := r.Revoke(t.Context(), kari(), uuid.New(), all.ID); err != nil {
		t.Fatal(err)
	}
	if n := w.there(people.Lita, "revoked_at is null"); n != 0 {
		t.Errorf("the later agency has %d in force", n)
	}
}

// TestIntroducedByTheService: what the service does by itself is in no list of what the person
// has asked for, and in the access log as the service's own.
func TestIntroducedByTheService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.give(w.register(people.Fjord))
	r := w.register(people.Fjord, people.Lita)
	if err := r.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := r.engine.List(t.Context(), kari())
	if err != nil || len(all) != 1 || all[0].Name != attorney.GiveName {
		t.Errorf("%d acts are listed: %v", len(all), err)
	}
	rows, err := w.own.Conn().Query(t.Context(), `select format('%s %s %s', action, actor_kind, agencies)
		from portal.access_log where subject = (select grantor from portal.power_of_attorney) order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	log, err := pgx.CollectRows(rows, pgx.RowTo[string])
	want := []string{"givePowerOfAttorney PERSON {fjord}", "introducePowerOfAttorney SYSTEM {lita}"}
	if diff := cmp.Diff(want, log); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// TestUnknownPerson: an agency that does not know the person is asked again after a day, as
// long as the power is in force, and told nothing of its end.
func TestUnknownPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, core := w.register(people.Lita), w.cores[people.Lita].Conn()
	var number string
	hide := func() {
		t.Helper()
		err := core.QueryRow(t.Context(), `update core.debtor set national_id = null where national_id = $1
			returning name`, kari().NationalID.Reveal()).Scan(&number)
		if err != nil {
			t.Fatal(err)
		}
	}
	hide()
	stranger, revoked := w.give(r), w.give(r)
	if stranger.Told[0].Knowledge != attorney.NotNeeded || w.there(people.Lita, "true") != 0 {
		t.Fatalf("%+v", stranger.Told)
	}
	record := w.resume(r, stranger.ID)
	if record.Status != act.Done {
		t.Errorf("in force here, and yet the act is %s", record.Status)
	}
	w.pass(23 * time.Hour)
	if err := r.Deliver(t.Context()); err != nil || w.count("portal.act") != 2 {
		t.Errorf("asked again before a day has passed: %v", err)
	}
	w.pass(time.Hour)
	if err := r.Deliver(t.Context()); err != nil || w.known(r, stranger.ID)[people.Lita] != attorney.NotNeeded {
		t.Errorf("still a stranger: %v", err)
	}
	if _, _, err := r.Revoke(t.Context(), kari(), uuid.New(), revoked.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := core.Exec(t.Context(), "update core.debtor set national_id = $1 where name = $2 and national_id is null",
		kari().NationalID.Reveal(), number); err != nil {
		t.Fatal(err)
	}
	w.pass(24 * time.Hour)
	if err := r.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.known(r, stranger.ID)[people.Lita]; got != attorney.Told {
		t.Errorf("known by now: %s", got)
	}
	if got := w.known(r, revoked.ID)[people.Lita]; got != attorney.NotNeeded || w.there(people.Lita, "true") != 1 {
		t.Errorf("of the one that was revoked: %s", got)
	}
}

// TestRevokedBeforeTold: an agency that has never heard of a power is not told of its end.
func TestRevokedBeforeTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.give(w.register(nowhere + people.Fjord)).ID
	r := w.register(people.Fjord)
	revoked, record, err := r.Revoke(t.Context(), kari(), uuid.New(), id)
	if err != nil || len(revoked.Told) != 1 || revoked.Told[0].Knowledge != attorney.NotNeeded ||
		record.Status != act.Done {
		t.Errorf("%+v, %+v, %v", revoked.Told, record, err)
	}
	if record := w.resume(r, id); record.Status != act.Done || record.Agencies[0].Reason != act.NotNeeded {
		t.Errorf("%+v", record)
	}
	if n := w.there(people.Fjord, "true"); n != 0 {
		t.Errorf("the agency has %d", n)
	}
}

// TestOverBeforeTold: an agency that could not be told in time is not told any more.
func TestOverBeforeTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.give(w.register(nowhere + people.Fjord)).ID
	r := w.register(people.Fjord)
	w.pass(365 * 24 * time.Hour)
	if record := w.resume(r, id); record.Status != act.Done || w.there(people.Fjord, "true") != 0 {
		t.Errorf("%+v", record)
	}
	if got := w.known(r, id)[people.Fjord]; got != attorney.NotNeeded {
		t.Errorf("the agency: %s", got)
	}
}

// TestRecall: an agency that was told of a power while it was being revoked elsewhere, or that
// would not take the revocation, is told of it.
func TestRecall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord)
	id := w.give(r).ID
	if _, _, err := r.Revoke(t.Context(), kari(), uuid.New(), id); err != nil {
		t.Fatal(err)
	}
	w.exec("delete from portal.act_agency where act = (select revoked_by from portal.power_of_attorney)")
	if _, err := w.cores[people.Fjord].Conn().Exec(t.Context(), `update core.power_of_attorney set revoked_at = null
		where valid_until = '2026-12-31'`); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := r.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.count("portal.act where name = 'RECALL_POWER_OF_ATTORNEY' and status = 'DONE'"); n != 1 {
		t.Errorf("recalled %d times", n)
	}
	if n := w.there(people.Fjord, "revoked_at is null"); n != 0 ||
		w.known(r, id)[people.Fjord] != attorney.RevocationTold {
		t.Errorf("the agency has %d in force: %v", n, w.known(r, id))
	}
}

// TestRun tells at each tick and ends with its context.
func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord, people.Lita)
	ctx, cancel := context.WithCancel(t.Context())
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() {
		r.Run(ctx, r.engine, ticks)
		close(done)
	}()
	ticks <- time.Time{} // the pass at the start is over
	id := w.give(w.register(people.Fjord)).ID
	ticks <- time.Time{}
	ticks <- time.Time{} // and so is the one of the tick before
	if got := w.known(r, id)[people.Lita]; got != attorney.Told {
		t.Errorf("after a tick: %s", got)
	}
	cancel()
	<-done
}

// TestLogNamesNobody: what goes wrong is logged without whom it is about.
func TestLogNamesNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord)
	var ids []uuid.UUID
	for _, body := range []string{
		"begin raise exception '% gives %', caller, input; end",
		"begin status := 'REFUSED'; reason := 'INVALID_INPUT'; end",
	} {
		_, err := w.cores[people.Fjord].Conn().Exec(t.Context(), `create or replace function oversikt_rules.give_power_of_attorney(
			caller jsonb, input jsonb, out status text, out reason text, out result jsonb) language plpgsql as $$`+body+"$$")
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, w.give(r).ID)
		if text := w.log.String(); text == "" || strings.Contains(text, kari().NationalID.Reveal()) ||
			strings.Contains(text, per().NationalID.Reveal()) || strings.Contains(text, "Nordvik") {
			t.Errorf("the log says: %s", text)
		}
	}
	if broken, refused := w.known(r, ids[0])[people.Fjord], w.known(r, ids[1])[people.Fjord]; broken != attorney.Untold ||
		refused != attorney.Refused {
		t.Errorf("an agency that fails: %s, one that refuses: %s", broken, refused)
	}
}

// TestRevokedWhileTelling: an agency that takes its time to note a power holds up neither
// the revocation nor what it knows in the end.
func TestRevokedWhileTelling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord)
	watch := w.cores[people.Fjord].Conn()
	// It can be read, as new connections do, and not be written to.
	slow, err := w.cores[people.Fjord].Conn().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := slow.Exec(t.Context(), "lock table core.power_of_attorney in share mode"); err != nil {
		t.Fatal(err)
	}
	in := input()
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := r.Give(t.Context(), kari(), in); err != nil {
			t.Error(err)
		}
	})
	for found := false; !found; {
		err := watch.QueryRow(t.Context(), `select exists (select from pg_stat_activity where datname = current_database()
			and wait_event_type = 'Lock' and query like '%give_power_of_attorney%')`).Scan(&found)
		if err != nil {
			t.Fatal(err)
		}
	}
	given, err := r.Given(t.Context(), kari())
	if err != nil || len(given) != 1 {
		t.Fatal(given, err)
	}
	id := given[0].ID
	if _, err := r.Act(t.Context(), per(), id); err != nil {
		t.Errorf("it is not in force before the agency knows: %v", err)
	}
	revoked, record, err := r.Revoke(t.Context(), kari(), uuid.New(), id)
	if err != nil || record.Status != act.Pending || revoked.Told[0].Knowledge != attorney.RevocationPending {
		t.Errorf("%+v, %+v, %v", revoked.Told, record, err)
	}
	if _, err := r.Act(t.Context(), per(), id); !errors.Is(err, caller.ErrNoAuthority) {
		t.Errorf("it is in force until the agency knows: %v", err)
	}
	if err := slow.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	w.resume(r, record.ID)
	if got := w.known(r, id)[people.Fjord]; got != attorney.RevocationTold || w.there(people.Fjord, "true") != 1 ||
		w.there(people.Fjord, "revoked_at is null") != 0 {
		t.Errorf("the agency: %s, %d in force", got, w.there(people.Fjord, "revoked_at is null"))
	}
}
