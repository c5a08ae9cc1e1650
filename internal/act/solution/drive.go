package solution

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// drive asks every agency once for what is next, and once more after a decision.
func (e *Engine) drive(ctx context.Context, conn *pgxpool.Conn, s *saga) error {
	if s.EndedAt != nil {
		return nil
	}
	scope, err := e.scope(s)
	if err != nil {
		return fmt.Errorf("whose it is: %w", err)
	}
	if s.Decision == "" {
		if e.now().Before(s.DecideBy) {
			e.round(ctx, s, e.proposing(scope))
		}
		s.decide(e.now())
		if err := e.write(ctx, conn, s, "decide"); err != nil || s.Decision == "" {
			return err
		}
	}
	act := e.confirming(scope)
	if s.Decision == Withdraw {
		act = e.withdrawing(scope)
	}
	wrong := e.round(ctx, s, act)
	s.conclude(act.goal, wrong, e.now())
	return e.write(ctx, conn, s, "end")
}

func (e *Engine) write(ctx context.Context, conn *pgxpool.Conn, s *saga, step string) error {
	e.Step(step)
	if err := save(ctx, conn, s); err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	e.Step(step + " done")
	return nil
}

// act is one thing that all agencies are asked for.
type act struct {
	name string
	goal State
	ask  func(ctx context.Context, s *saga, i int) (debt.ProposalAnswer, error)

	// hear notes an answer, or that there was none. wrong says that it is one that the
	// contract does not allow.
	hear func(a *Agency, answer debt.ProposalAnswer, err error) (wrong bool)
}

// round asks all agencies at once that have not reached the goal, each once and within its
// own deadline. wrong says that one has given a wrong answer.
func (e *Engine) round(ctx context.Context, s *saga, act act) (wrong bool) {
	type reply struct {
		i      int
		answer debt.ProposalAnswer
		err    error
	}
	var asked sync.WaitGroup
	defer asked.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	replies := make(chan reply, len(s.Agencies))
	n := 0
	for i, a := range s.Agencies {
		if a.State == act.goal {
			continue
		}
		e.Step(act.name + " " + a.Code)
		asked.Go(func() {
			answer, err := act.ask(ctx, s, i)
			replies <- reply{i, answer, err}
		})
		n++
	}
	for range n {
		r := <-replies
		a := &s.Agencies[r.i]
		e.Step(act.name + " " + a.Code + " done")
		if r.err != nil {
			e.Log.Warn("an agency could not be asked", "acceptance", s.ID, "agency", a.Code, "act", act.name, "cause", r.err)
		}
		before := *a
		if act.hear(a, r.answer, r.err) {
			wrong = true
			e.Log.Error("an agency has not done what was decided: see docs/acceptance.md",
				"acceptance", s.ID, "agency", a.Code, "decision", s.Decision, "state", a.State, "reason", a.Reason)
		}
		if a.State != before.State || a.Reason != before.Reason {
			a.ChangedAt = e.now()
		}
	}
	return wrong
}

var errCasesChanged = errors.New("the records have changed since the offer")

func (e *Engine) proposing(scope caller.Scope) act {
	return act{
		name: "propose", goal: AgencyProposed,
		ask: func(ctx context.Context, s *saga, i int) (debt.ProposalAnswer, error) {
			p, err := e.proposal(s, i)
			if err != nil {
				return debt.ProposalAnswer{}, fmt.Errorf("what is proposed: %w", err)
			}
			at, key := s.Agencies[i].Code, s.parts[i].key
			return e.Agencies.ProposeSolution(ctx, at, scope, key, p, e.Reads, func(now debt.Part) error {
				if !bytes.Equal(e.Fingerprint(now), s.parts[i].expects) {
					return errCasesChanged
				}
				return nil
			})
		},
		hear: func(a *Agency, answer debt.ProposalAnswer, err error) bool {
			switch {
			case errors.Is(err, errCasesChanged):
				a.State, a.Reason = AgencyRefused, CasesChanged
			case err != nil:
				a.Reason = AgencyUnavailable
			case answer.Status == debt.ProposalProposed || answer.Status == debt.ProposalConfirmed:
				// It is confirmed already when the portal database was restored to an earlier time.
				a.State, a.Reason = AgencyProposed, ""
			default:
				a.State, a.Reason = AgencyRefused, cmp.Or(Reason(answer.Reason), Reason(answer.Status))
			}
			return false
		},
	}
}

func (e *Engine) confirming(scope caller.Scope) act {
	return act{
		name: "confirm", goal: AgencyConfirmed,
		ask: func(ctx context.Context, s *saga, i int) (debt.ProposalAnswer, error) {
			return e.Agencies.Confirm(ctx, s.Agencies[i].Code, scope, s.parts[i].key)
		},
		hear: func(a *Agency, answer debt.ProposalAnswer, err error) (wrong bool) {
			if err != nil {
				return false
			}
			a.State, a.Reason = State(answer.Status), Reason(answer.Reason)
			return a.State != AgencyConfirmed
		},
	}
}

func (e *Engine) withdrawing(scope caller.Scope) act {
	return act{
		name: "withdraw", goal: AgencyWithdrawn,
		ask: func(ctx context.Context, s *saga, i int) (debt.ProposalAnswer, error) {
			return e.Agencies.Withdraw(ctx, s.Agencies[i].Code, scope, s.parts[i].key)
		},
		hear: func(a *Agency, answer debt.ProposalAnswer, err error) (wrong bool) {
			if err != nil {
				return false
			}
			a.State = State(answer.Status) // its reason is why it was not agreed
			return a.State != AgencyWithdrawn
		},
	}
}

// decide takes the decision, if it can be taken.
func (s *saga) decide(now time.Time) {
	proposed := 0
	var refused, missing Reason
	for _, a := range s.Agencies {
		switch {
		case a.State == AgencyProposed:
			proposed++
		case a.State == AgencyRefused && refused == "":
			refused = a.Reason
		case a.State == AgencyPending && missing == "":
			missing = a.Reason
		}
	}
	late := !now.Before(s.DecideBy)
	switch {
	case refused != "":
		s.Decision, s.Reason = Withdraw, refused
	case late && missing != "":
		s.Decision, s.Reason = Withdraw, missing
	case late:
		s.Decision, s.Reason = Withdraw, Expired
	case proposed == len(s.Agencies):
		s.Decision = Confirm
	default:
		return
	}
	s.DecidedAt = &now
}

// conclude says how far the decision is carried out.
func (s *saga) conclude(goal State, wrong bool, now time.Time) {
	switch {
	case !slices.ContainsFunc(s.Agencies, func(a Agency) bool { return a.State != goal }):
		s.Status, s.EndedAt = Status(goal), &now
	case wrong:
		s.Status = NeedsAttention
	}
}
