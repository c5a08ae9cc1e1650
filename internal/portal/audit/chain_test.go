package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/retention"
)

// chained is an access log with a chain.
type chained struct {
	*testing.T
	db       *database
	log      *audit.Log
	chain    *audit.Chain
	recorder *audit.Recorder
	now      time.Time
	owner    *pgx.Conn
}

func newChained(t *testing.T) *chained {
	t.Helper()
	db := newDatabase(t)
	c := &chained{T: t, db: db, log: open(t, db.RoleDSN(portal.Role), t.TempDir()), now: time.Now(), owner: db.Conn()}
	c.chain = c.replica(1)
	word := func(context.Context) string { return "x" }
	c.recorder = &audit.Recorder{Log: c.log, Secret: c.chain.Secret, Now: func() time.Time { return c.now }, Request: word,
		Client: word}
	return c
}

// replica is the chain as another process keeps it, with a key.
func (c *chained) replica(key byte) *audit.Chain {
	c.Helper()
	secret, err := portal.NewSecret(bytes.Repeat([]byte{key}, portal.SecretSize))
	check(c, err)
	return &audit.Chain{Portal: pool(c, c.db.RoleDSN(portal.Role)), Secret: secret, Now: func() time.Time { return c.now },
		Log: slog.New(slog.DiscardHandler)}
}

// write records so many looks and acts, at moments apart, from the spool and straight.
func (c *chained) write(n int) {
	c.Helper()
	who := caller.Principal{Kind: caller.LetterCase, Case: caller.CaseKey{Agency: "fjord", ID: "5"}}
	for i := range n {
		c.now = c.now.Add(time.Millisecond)
		action := []string{audit.Query, "submitObjection"}[i%2]
		check(c, c.recorder.Record(c.Context(), who, audit.Look{Action: action, What: []string{"viewer.cases"},
			Agencies: []string{"fjord"}, Cases: []audit.Case{{Agency: "fjord", ID: fmt.Sprint(i)}}, Outcome: audit.OK}))
	}
	check(c, c.log.Flush(c.Context()))
}

// verify says what is wrong.
func (c *chained) verify(head string) audit.Integrity {
	c.Helper()
	found, err := c.chain.Verify(c.Context(), head)
	check(c, err)
	return found
}

// asOwner changes what nobody may, as somebody who can get around triggers.
func (c *chained) asOwner(sql string) {
	c.Helper()
	_, err := c.owner.Exec(c.Context(), "set session_replication_role = replica; "+sql+"; reset session_replication_role")
	check(c, err)
}

// TestChain: whatever is done to the log behind the service's back is found, and where.
func TestChain(t *testing.T) {
	t.Parallel()
	const third = "(select id from portal.access_log order by at, id offset 2 limit 1)"
	columns := []string{"request = 'other'", "actor = sha256('x')", "subject = sha256('x'), actor = sha256('x')",
		"action = 'other'", "what = '{node}'", "agencies = '{lita}'", "cases = '{}'", "cases_cut = true",
		"client = 'other'", "outcome = 'FAILED'", "mark = null", "mark = sha256('x')"}
	tried := map[string]struct{ sql, says string }{
		"an entry is removed": {"delete from portal.access_log where id = " + third, "link 3, the entry of"},
		"an entry and its link": {"delete from portal.access_log_link where number = 3; delete from portal.access_log where id = " +
			third, "link 3 and those up to 3 are missing"},
		"the first ones": {`delete from portal.access_log l using portal.access_log_link k where k.id = l.id and number < 4;
			delete from portal.access_log_link where number < 4`, "link 1 and those up to 3 are missing"},
		"all links": {"delete from portal.access_log_link", "is in no link"},
		"an entry at another instant": {"update portal.access_log set at = at - interval '1 microsecond' where id = " + third,
			"removed"},
		"one is inserted": {`insert into portal.access_log select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid()))).*
			from portal.access_log l where id = ` + third, "is in no link"},
		"two change places": {`update portal.access_log_link set number = -number where number in (3, 4);
			update portal.access_log_link set number = 7 + number where number < 0`, "does not follow"},
		"their contents": {`update portal.access_log_link a set at = b.at, id = b.id, digest = b.digest from portal.access_log_link b
			where a.number in (3, 4) and b.number = 7 - a.number`, "does not follow"},
		"a link of one's own":  {"update portal.access_log_link set mac = sha256('x') where number = 3", "link 3"},
		"a doubt is taken off": {"update portal.access_log_link set doubted = not doubted where number = 3", "link 3"},
		"a beginning of one's own": {`insert into portal.access_log_anchor select number, mac, sha256('x') from portal.access_log_link
			where number = 3; delete from portal.access_log_link where number <= 3`, "the service has not said so"},
	}
	for _, change := range columns {
		sql := "update portal.access_log set " + change + " where id = " + third
		tried["altered: "+change] = struct{ sql, says string }{sql, "was altered after"}
	}
	for name, tc := range tried {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChained(t)
			c.write(6)
			check(t, c.chain.Link(t.Context()))
			if found := c.verify(""); len(found.Faults) > 0 || found.Links != 6 || found.Waiting != 0 {
				t.Fatalf("before: %+v", found)
			}
			c.asOwner(tc.sql)
			found := c.verify("")
			if len(found.Faults) == 0 || !strings.Contains(fmt.Sprint(found.Faults), tc.says) {
				t.Errorf("%v does not say %q", found.Faults, tc.says)
			}
			c.write(3)
			check(t, c.chain.Link(t.Context()))
			if again := c.verify(""); len(again.Faults) == 0 {
				t.Error("what comes later hides it")
			}
		})
	}
}

// TestForgedEntry: one that is written as the service writes, but not by it, is told apart, also by
// somebody who is the service's role; and so is one that was altered before it was linked.
func TestForgedEntry(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"without a mark": `insert into portal.access_log select (jsonb_populate_record(l,
			jsonb_build_object('id', gen_random_uuid(), 'at', now() + interval '2 days', 'mark', null))).* from portal.access_log l limit 1`,
		"with another's mark": `insert into portal.access_log select (jsonb_populate_record(l,
			jsonb_build_object('id', gen_random_uuid()))).* from portal.access_log l limit 1`,
		"altered": `set session_replication_role = replica; update portal.access_log set reason = null, client = 'other';
			reset session_replication_role`,
		"removed":           `set session_replication_role = replica; delete from portal.access_log; reset session_replication_role`,
		"the queue emptied": `delete from portal.access_log_new`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChained(t)
			c.write(2)
			_, err := c.owner.Exec(t.Context(), sql)
			check(t, err)
			check(t, c.chain.Link(t.Context()))
			if found := c.verify(""); len(found.Faults) == 0 {
				t.Errorf("%+v", found)
			}
		})
	}
}

// TestUnmarked: an entry that is dated back to when entries had no marks is none from then, and a log
// that begins with the chain has none at all.
func TestUnmarked(t *testing.T) {
	t.Parallel()
	const forged = `insert into portal.access_log select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(),
		'at', l.at - interval '1 second', 'mark', null))).* from portal.access_log l limit 1`
	for name, tc := range map[string]struct {
		first int           // entries before the chain begins
		later time.Duration // until somebody inserts one
		found bool
	}{
		"before the release with marks": {2, time.Minute, false},
		"dated back to it":              {2, 25 * time.Hour, true},
		"of a new database":             {0, time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChained(t)
			c.write(tc.first)
			check(t, c.chain.Link(t.Context()))
			c.write(2)
			c.now = c.now.Add(tc.later)
			_, err := c.owner.Exec(t.Context(), forged)
			check(t, err)
			check(t, c.chain.Link(t.Context()))
			if found := c.verify(""); (len(found.Faults) > 0) != tc.found {
				t.Errorf("%+v", found)
			}
		})
	}
}

// TestKeptFromLinking: whoever keeps the service from linking is found, by how long entries wait.
func TestKeptFromLinking(t *testing.T) {
	t.Parallel()
	c := newChained(t)
	tx, err := c.chain.Portal.Jobs().Begin(t.Context())
	check(t, err)
	_, err = tx.Exec(t.Context(), "select pg_advisory_xact_lock(hashtext('portal.access_log_link'))")
	check(t, err)
	c.write(2)
	check(t, c.chain.Link(t.Context()))
	if found := c.verify(""); len(found.Faults) > 0 || found.Waiting != 2 {
		t.Errorf("at once: %+v", found)
	}
	c.now = c.now.Add(2 * time.Hour)
	if found := c.verify(""); len(found.Faults) != 1 || !strings.Contains(found.Faults[0].String(), "still waits") {
		t.Errorf("two hours later: %+v", found)
	}
	check(t, tx.Rollback(t.Context()))
	check(t, c.chain.Link(t.Context()))
	if found := c.verify(""); len(found.Faults) > 0 || found.Links != 2 {
		t.Errorf("freed: %+v", found)
	}
}

// TestReplicaLeftBehind: a replica that has not learnt the new key when the old one is forgotten loses
// the connections that it has, and gets no others: what it wrote would be nobody's.
func TestReplicaLeftBehind(t *testing.T) {
	t.Parallel()
	c := newChained(t)
	left := c.replica(1)
	left.Portal.Guard(left.Secret, nil)
	check(t, left.Link(t.Context()))
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { left.Keep(ctx) })
	defer running.Wait()
	defer stop()
	ask := func() error {
		_, err := left.Portal.Exec(t.Context(), "select from portal.access_log limit 1")
		return err
	}
	check(t, ask())
	_, err := c.owner.Exec(t.Context(), `update portal.key set check_value = sha256('new');
		update portal.access_log_key set sealed = sha256('under the new key')`)
	check(t, err)
	refused := 0 // one after the other: a connection that is in use is no answer
	for end := time.Now().Add(20 * time.Second); refused < 40; time.Sleep(50 * time.Millisecond) {
		if refused++; !errors.Is(ask(), portal.ErrKey) {
			refused = 0
		}
		if time.Now().After(end) {
			t.Fatal("it goes on")
		}
	}
}

// TestHead: that the newest were cut off shows to whoever has noted the head.
func TestHead(t *testing.T) {
	t.Parallel()
	c := newChained(t)
	c.write(4)
	check(t, c.chain.Link(t.Context()))
	head := c.verify("").Head
	c.write(2)
	check(t, c.chain.Link(t.Context()))
	if found := c.verify(head); len(found.Faults) > 0 {
		t.Errorf("a head of before: %v", found.Faults)
	}
	c.asOwner(`delete from portal.access_log l using portal.access_log_link k where k.id = l.id and number > 3;
		delete from portal.access_log_link where number > 3`)
	c.write(3)
	check(t, c.chain.Link(t.Context()))
	if found := c.verify(""); len(found.Faults) > 0 {
		t.Errorf("nobody knows the head: %v", found.Faults)
	}
	if found := c.verify(head); len(found.Faults) == 0 {
		t.Error("the end was cut off")
	}
}

// TestReplicasLink: however many link at once, each entry has one link, and entries that come late
// have theirs.
func TestReplicasLink(t *testing.T) {
	t.Parallel()
	c := newChained(t)
	replicas := []*audit.Chain{c.chain, c.replica(1), c.replica(1)}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for _, r := range replicas {
		running.Go(func() {
			for ctx.Err() == nil {
				if err := r.Link(ctx); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	for range 5 {
		c.write(40)
		c.now = c.now.Add(-time.Hour) // from a spool that waited
	}
	eventually(t, "all are linked", func() bool { return c.verify("").Links == 200 })
	stop()
	running.Wait()
	if found := c.verify(""); len(found.Faults) > 0 || found.Links != 200 || found.Waiting != 0 {
		t.Errorf("%+v", found)
	}
	if _, err := c.replica(2).Verify(t.Context(), ""); err == nil {
		t.Error("another portalKey opens the key of the chain")
	}
}

// TestChainAndRetention: what the schedule deletes raises no alarm, and what others delete does.
func TestChainAndRetention(t *testing.T) {
	t.Parallel()
	c := newChained(t)
	today := c.now
	for _, some := range []struct {
		at time.Time
		n  int
	}{{today.AddDate(0, -4, 0), 3}, {today, 3}, {today.AddDate(0, -4, 0).Add(time.Hour), 2}, {today, 1}} { // two come late
		c.now = some.at
		c.write(some.n)
		check(t, c.chain.Link(t.Context()))
	}
	_, err := c.owner.Exec(t.Context(), "update portal.retention_rule set days = 45 where name in ('access_log', 'access_log_link')")
	check(t, err)
	job := retention.Job{Portal: c.chain.Portal, Clock: c.recorder.Now, Log: c.chain.Log}
	for round := range 2 { // in the second the links go, too
		_, _, err := job.Now(t.Context())
		check(t, err)
		found := c.verify("")
		if len(found.Faults) > 0 {
			t.Errorf("round %d: %v", round, found.Faults)
		}
		if want := []int64{9, 6}[round]; found.Links != want {
			t.Errorf("round %d: %d links, want %d", round, found.Links, want)
		}
		check(t, c.chain.Anchor(t.Context()))
		c.now = c.now.Add(time.Second)
	}
	c.asOwner("delete from portal.access_log where at > now() - interval '1 day'")
	if found := c.verify(""); len(found.Faults) != 4 {
		t.Errorf("four entries were removed: %v", found.Faults)
	}
}
