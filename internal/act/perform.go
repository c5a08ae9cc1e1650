package act

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// Perform stores what a person asks for and tries to carry it out at once. What it returns is
// PENDING when that takes longer than a few seconds; then it goes on by itself, whatever
// becomes of this process. The key makes it safe to repeat: the same person's same key and
// input give the act as it is now. Faults say what the person can mend: nothing was done,
// unless there is a record beside them, of an act that its agency refused. So does RATE_LIMITED.
// After any other error nobody knows whether it was stored.
func (a *Of[In]) Perform(ctx context.Context, e *Engine, by By, in In) (*Record, error) {
	by.Now, by.Today = e.now(), e.today()
	by.ID = uuid.New()
	subjects, digests, err := e.identify(&a.Act, by, in)
	if err != nil {
		return nil, err
	}
	if in.Key() == uuid.Nil {
		return nil, errNoKey
	}
	s, err := e.before(ctx, subjects, in.Key(), digests)
	if err == nil && s == nil && e.Allow != nil && !a.Hidden {
		err = e.Allow(ctx, &a.Act, by)
	}
	if err == nil && s == nil {
		s, err = a.begin(ctx, e, by, in, subjects, digests)
	}
	if err != nil {
		return nil, err
	}
	if !s.new || s.Status.ended() {
		return &s.Record, asError(s.faults(&a.Act))
	}
	// A caller who goes away does not stop it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.Patience)
	defer cancel()
	stored := s.Record
	stored.Agencies = slices.Clone(s.Agencies)
	if err := e.drive(ctx, s, s.driver); err != nil {
		e.store.release(ctx, s.ID, s.driver)
		e.Log.Warn("an act is left to its job", "act", s.ID, "name", s.Name, "cause", err)
		s = e.reread(ctx, s, stored)
	}
	return &s.Record, asError(s.faults(&a.Act))
}

func asError(f Faults) error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// reread returns an act as it is stored, after driving it came to nothing. Where it cannot be
// read it is told as it was stored at first: nobody knows what of the rest is stored.
func (e *Engine) reread(ctx context.Context, was *saga, at Record) *saga {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.Patience)
	defer cancel()
	s, err := e.store.byKey(ctx, was.subjects, was.key)
	if err != nil || s == nil {
		s = &saga{Record: at}
	}
	s.new = true
	return s
}

// identify returns what stands for the person, and the digest of the input, in rows of any key.
func (e *Engine) identify(a *Act, by By, in any) (subjects, digests [][]byte, err error) {
	if subjects = e.subjects(by); subjects == nil {
		return nil, nil, fmt.Errorf("%s: nobody asks", a.Name)
	}
	text, err := json.Marshal(in)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: digest: %w", a.Name, err)
	}
	return subjects, e.Secret.Digests(string(a.Name), text), nil
}

// subjects is what stands for whose act it is: the person, the case of who is known by no
// number, the case worker who decides, or the network of who is not logged in.
func (e *Engine) subjects(by By) [][]byte {
	if refs := audit.SubjectsOf(e.Secret, by.Principal); refs != nil {
		return refs
	}
	if by.Kind == caller.Staff {
		return audit.ActorsOf(e.Secret, by.Principal)
	}
	if by.Network != "" {
		return e.Secret.BucketReferences("nobody", by.Network)
	}
	return nil
}

// before returns what the person's key has led to, nil for nothing.
func (e *Engine) before(ctx context.Context, subjects [][]byte, key uuid.UUID, digests [][]byte) (*saga, error) {
	s, err := e.store.byKey(ctx, subjects, key)
	if err != nil || s == nil {
		return nil, err
	}
	// Acts from before this engine have no digest: their key alone counts.
	if s.digest != nil && !isOneOf(s.digest, digests) {
		return nil, errKeyReused
	}
	return s, nil
}

func isOneOf(b []byte, all [][]byte) bool {
	return slices.ContainsFunc(all, func(one []byte) bool { return bytes.Equal(b, one) })
}

// begin checks, plans and stores an act. What the same key has led to meanwhile comes first.
func (a *Of[In]) begin(ctx context.Context, e *Engine, by By, in In, subjects, digests [][]byte) (*saga,
	error) {
	if a.Check != nil {
		if wrong := a.Check(by, in); len(wrong) > 0 {
			return nil, wrong
		}
	}
	plan, err := a.Plan(ctx, by, in)
	if err != nil {
		// It may have been carried out meanwhile, by the first click of two.
		if s, missed := e.before(ctx, subjects, in.Key(), digests); missed != nil || s != nil {
			return s, missed
		}
		return nil, err
	}
	s, with, err := e.draw(ctx, &a.Act, by, plan)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.Name, err)
	}
	s.subjects, s.digests, s.key = subjects, digests, in.Key()
	s.subject, s.digest = subjects[0], digests[0]
	if a.Alone != "" && s.EndedAt != nil { // what is done at once would not stand in the other's way
		if other, err := e.store.pending(ctx, subjects, a.Name); err != nil {
			return nil, err
		} else if other != nil {
			return nil, Faults{{Code: a.Alone}}
		}
	}
	return e.insert(ctx, &a.Act, s, with)
}

// insert stores the act, or returns what was there before it.
func (e *Engine) insert(ctx context.Context, a *Act, s *saga, with stored) (*saga, error) {
	// Who was in the way may be gone when one looks who it was: then there is room.
	for range 5 {
		e.Step("store")
		ok, err := e.store.insert(ctx, s, with)
		if err != nil {
			return nil, err
		}
		if ok {
			e.Step("store done")
			s.new, s.driver = true, with.driver
			return s, nil
		}
		other, err := e.before(ctx, s.subjects, s.key, s.digests)
		if err != nil || other != nil {
			return other, err
		}
		other, err = e.store.pending(ctx, s.subjects, s.Name)
		switch {
		case err != nil:
			return nil, err
		case other != nil && other.key != s.key: // else the first click of two was stored just now
			return nil, Faults{{Code: a.Alone}}
		}
	}
	return nil, errors.New("too many acts at once")
}

// draw makes what is stored of a plan. The keys for the agencies are chosen here, before
// the first of them is asked.
func (e *Engine) draw(ctx context.Context, a *Act, by By, plan Plan) (*saga, stored, error) {
	if err := plan.check(a); err != nil {
		return nil, stored{}, err
	}
	s := &saga{sealedAs: sealedAs, Record: Record{
		ID: by.ID, Name: a.Name, Reach: a.Reach, Status: Pending, CreatedAt: by.Now,
		Until: by.Now.Add(a.lasts()), Cases: plan.Cases, Summary: plan.Summary, Kept: plan.Kept, rests: plan.Rests,
	}}
	if a.Reach == All {
		s.DecideBy = by.Now.Add(decideWithin)
	}
	if plan.Until != nil {
		s.Until = *plan.Until
	}
	var scope []byte
	if asks := by.asks(); !plan.Nobody && !asks.IsZero() {
		var err error
		if scope, err = asks.Encode(); err != nil {
			return nil, stored{}, err
		}
	}
	s.whose = e.Secret.Seal(scope, bound(s, ""))
	if plan.Kept != nil {
		s.kept = e.Secret.Seal(plan.Kept, boundKept(s))
	}
	if _, attorney := by.Authority(); attorney {
		s.By = by.Name
		s.actor = audit.ActorOf(e.Secret, by.Principal)
	}
	for _, p := range plan.Parts {
		text, err := json.Marshal(p.Input)
		if err != nil {
			return nil, stored{}, fmt.Errorf("encode what %s is asked: %w", p.Agency, err)
		}
		s.Agencies = append(s.Agencies, Agency{Code: p.Agency, State: Asked, ChangedAt: by.Now})
		one := part{key: uuid.New(), input: e.Secret.Seal(text, bound(s, p.Agency)), expects: p.Expects}
		if p.Before != nil {
			one.key, one.sent = *p.Before, true
		}
		s.parts = append(s.parts, one)
	}
	if len(s.parts) == 0 {
		s.Status = Done
		if a.Reach == All {
			s.Decision, s.DecidedAt = Confirm, &by.Now
		}
		s.end(by.Now)
	}
	entry, err := e.entry(ctx, a, s, by, plan.Debtor)
	return s, stored{alone: a.Alone != "", driver: uuid.New(), lease: e.Lease, own: e.claims.stores(plan, by),
		entry: entry, again: by.Now.Add(firstTry)}, err
}

func (p Plan) check(a *Act) error {
	codes := make([]string, len(p.Parts))
	for i, one := range p.Parts {
		codes[i] = one.Agency
	}
	slices.Sort(codes)
	switch {
	case len(slices.Compact(codes)) < len(p.Parts):
		return errors.New("an agency is in the plan twice")
	case a.Reach == Here && len(p.Parts) > 0, a.Reach == One && len(p.Parts) != 1:
		return fmt.Errorf("%d agencies are not what an act of reach %s asks", len(p.Parts), a.Reach)
	}
	return nil
}

// entry is what the access log has of an act, written in the transaction that stores it.
// debtor is whose it is what a case worker decides.
func (e *Engine) entry(ctx context.Context, a *Act, s *saga, by By, debtor caller.Debtor) (audit.Entry, error) {
	if by.Kind == "" { // who is not logged in is in no log: it would say whom they ask about
		return audit.Entry{}, nil
	}
	look := audit.Look{Action: s.Name.Mutation(), Outcome: audit.OK}
	for _, a := range s.Agencies {
		look.Agencies = append(look.Agencies, a.Code)
	}
	for _, k := range s.Cases {
		look.Cases = append(look.Cases, audit.Case{Agency: k.Agency, ID: k.ID})
		if !slices.Contains(look.Agencies, k.Agency) {
			look.Agencies = append(look.Agencies, k.Agency)
		}
	}
	if by.Kind == caller.Staff {
		look = audit.ByStaff(by.Principal, look, e.Recorder.OfDebtor(debtor), cmp.Or(a.Why, decided))
	}
	if a.Hidden {
		return e.Recorder.Own(ctx, by.Principal, look)
	}
	return e.Recorder.Entry(ctx, by.Principal, look)
}

func (a *Act) lasts() time.Duration {
	if a.Lasts > 0 {
		return a.Lasts
	}
	return askFor
}

// visible says whether a caller may see an act: one's own, and of others' those that are
// about nothing outside the scope.
func (s *saga) visible(p caller.Principal, me [][]byte) bool {
	if p.OnOwnBehalf() || p.Kind == caller.Staff || s.actor != nil && isOneOf(s.actor, me) {
		return true
	}
	if len(s.Cases) == 0 {
		return false
	}
	for _, k := range s.Cases {
		if len(p.Scope().Cases(k.Agency, []string{k.ID})) == 0 {
			return false
		}
	}
	return true
}
