package contracttest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
)

// solutionKeys: a key belongs to one person and one proposal, also before it comes, and
// two proposals do not share a case.
func solutionKeys(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	before := snapshot(t, owner)
	key, late, unknown := uuid.New(), uuid.New(), uuid.New()

	s.expect(t, conn, Confirm, unknown, rejected, debt.RefusedNotFound)
	s.expect(t, conn, Withdraw, late, withdrawn, "")
	for range 2 {
		s.expect(t, conn, proposing(s.proposal()), late, rejected, debt.RefusedWithdrawn)
	}
	s.expect(t, conn, Confirm, late, withdrawn, "")
	s.expect(t, conn, Withdraw, late, withdrawn, "")
	stranger.expect(t, conn, proposing(stranger.proposal()), late, rejected, debt.RefusedKeyReused)
	unchanged(t, before, snapshot(t, owner))

	s.expect(t, conn, proposing(s.proposal()), key, proposed, "")
	now := snapshot(t, owner)
	for _, f := range []call{proposing(stranger.proposal()), Confirm, Withdraw} {
		stranger.expect(t, conn, f, key, rejected, debt.RefusedKeyReused)
	}
	second := uuid.New()
	s.expect(t, conn, proposing(debt.Proposal{Cases: s.proposal().Cases[2:]}), second, rejected,
		debt.RefusedAgreementExists)
	unchanged(t, now, snapshot(t, owner))
	s.expect(t, conn, Confirm, key, confirmed, "")
	third := uuid.New()
	s.expect(t, conn, proposing(debt.Proposal{Cases: s.proposal().Cases[2:3]}), third, rejected,
		debt.RefusedAgreementExists)
	s.expect(t, conn, Withdraw, key, withdrawn, "")
	unchanged(t, before, snapshot(t, owner))
}

// solutionAtOnce: many calls with one key have one effect.
func solutionAtOnce(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	c.schedule(t, owner, s)
	p, key, atFirst := s.proposal(), uuid.New(), snapshot(t, owner)
	pool := c.DB.Pool(func(config *pgxpool.Config) { config.ConnConfig.User, config.MaxConns = spec.DefaultRole, 8 })
	const calls = 50
	var firsts int
	var mu sync.Mutex
	atOnce := func(want debt.ProposalStatus, f func() (ProposalAnswer, error)) {
		t.Helper()
		var all sync.WaitGroup
		for range calls {
			all.Go(func() {
				if answer, err := f(); err != nil || answer.Status != want {
					t.Errorf("one of many: %+v, %v", answer, err)
				}
			})
		}
		all.Wait()
	}
	atOnce(proposed, func() (ProposalAnswer, error) {
		answer, repeated, err := Propose(t.Context(), pool, s.scope, key, p)
		mu.Lock()
		defer mu.Unlock()
		if !repeated {
			firsts++
		}
		return answer, err
	})
	if firsts != 1 {
		t.Errorf("%d calls were the first", firsts)
	}
	before := map[string]*debt.Case{}
	for _, x := range s.cases {
		before[x.ID.ID] = x
	}
	atOnce(confirmed, func() (ProposalAnswer, error) { return Confirm(t.Context(), pool, s.scope, key) })
	now := c.again(t, conn, s)
	maps.DeleteFunc(now, func(id string, _ *debt.Case) bool { return before[id] == nil })
	if made := c.made(t, now, before, p); made.Status != debt.AgreementActive {
		t.Errorf("the agreement is %+v", made)
	}
	atOnce(withdrawn, func() (ProposalAnswer, error) { return Withdraw(t.Context(), pool, s.scope, key) })
	unchanged(t, atFirst, snapshot(t, owner))
}

// solutionWaits: what is being registered in a case comes before the proposal or after it.
func solutionWaits(t *testing.T, c *Core) {
	conn, owner, other := c.connect(t), c.DB.Conn(), c.DB.Conn()
	cases := map[string]struct {
		reason string
		happen string
		want   ProposalAnswer
	}{
		"payment": {"it is seen by the read that follows", c.Happen.Pay, ProposalAnswer{Status: proposed}},
		"objection": {"a proposal that came first would be refused, had it come second", c.Happen.Object,
			ProposalAnswer{Status: rejected, Reason: debt.RefusedDisputed}},
	}
	for name, tc := range cases {
		t.Run(name+" first", func(t *testing.T) {
			s := c.subject(t, conn)
			first, err := other.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			must(t, first, tc.happen, s.cases[1].ID.ID)
			var answer ProposalAnswer
			var part *debt.Part
			done := make(chan error, 1)
			go func() {
				done <- pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) (err error) {
					if answer, _, err = Propose(t.Context(), tx, s.scope, uuid.New(), s.proposal()); err != nil {
						return err
					}
					part, err = core.ReadWithin(t.Context(), tx, c.facts(),
						core.Query{Scope: s.scope, Want: debt.OfBalance, Today: c.Today})
					return err
				})
			}()
			c.waits(t, owner, conn)
			if err := first.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if answer != tc.want {
				t.Errorf("%s: %+v", tc.reason, answer)
			}
			more := payments(part, s.cases[1].ID.ID) - len(s.cases[1].AllPayments)
			if (more == 1) != (tc.happen == c.Happen.Pay) {
				t.Errorf("%s: the read after the lock has %d more payments", tc.reason, more)
			}
		})
		t.Run(name+" second", func(t *testing.T) {
			s := c.subject(t, conn)
			tx, err := conn.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			s.expect(t, tx, proposing(s.proposal()), uuid.New(), proposed, "")
			done := make(chan error, 1)
			go func() {
				_, err := other.Exec(t.Context(), tc.happen, s.cases[1].ID.ID)
				done <- err
			}()
			c.waits(t, owner, other)
			if err := tx.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		})
	}
}

func payments(part *debt.Part, id string) int {
	i := slices.IndexFunc(part.Cases, func(x *debt.Case) bool { return x.ID.ID == id })
	return len(part.Cases[i].AllPayments)
}

// waits returns when the server says that a connection waits for a lock.
func (c *Core) waits(t *testing.T, owner, conn *pgx.Conn) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	for waiting := false; !waiting; {
		err := owner.QueryRow(ctx, "select cardinality(pg_blocking_pids($1)) > 0", conn.PgConn().PID()).Scan(&waiting)
		if err != nil {
			t.Fatalf("it does not wait: %v", err)
		}
	}
}

// solutionRolledBack: what the caller rejects leaves nothing, and its key is free.
func solutionRolledBack(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, key := c.subject(t, conn), uuid.New()
	before := snapshot(t, owner)
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.expect(t, tx, proposing(s.proposal()), key, proposed, "")
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	unchanged(t, before, snapshot(t, owner))
	s.expect(t, conn, proposing(debt.Proposal{Cases: s.proposal().Cases[:1]}), key, proposed, "")
	unchanged(t, before, snapshot(t, owner))
}
