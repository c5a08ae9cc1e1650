package rehearse

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt"
)

const (
	proposing   = "propose_solution"
	confirming  = "confirm_solution"
	withdrawing = "withdraw_solution"

	// together is what a solution is rehearsed for most of all.
	together = "an agreement and a deferral of one case, with a cost that the deferral moves past its first day"
)

var (
	ofProposal = []string{"agreement", "agreement_case", "instalment"}
	// left are the relations that may show a proposal that was withdrawn.
	left = append([]string{"request"}, ofProposal...)
)

// proposal is one that is followed through its life.
type proposal struct {
	Draft
	debt.Proposal
	key    uuid.UUID
	before map[string]*debt.Case
}

// solution follows a proposal through its life: what it promises, what it does, and that
// nothing is left of it.
func (s *scene) solution(ctx context.Context) error {
	d, reaches := draft(s.policy, s.today, s.who.free(s.today))
	if len(d.Cases) == 0 {
		return errNone
	}
	instalments := d.terms()
	if instalments == nil {
		return errNone
	}
	if reaches {
		s.reasons[together] = append(s.reasons[together], "what goes before it differs from the contract")
	}
	p := &proposal{Draft: d, Proposal: d.Proposal(instalments), key: uuid.New(), before: ByKey(s.who.part)}
	err := s.live(ctx, p)
	if errors.Is(err, errRefused) && d.Days > 0 { // perhaps the agency takes no deferral of what it agrees on
		s.reasons[together] = s.reasons[proposing]
		d.Days, reaches = 0, false
		p = &proposal{Draft: d, Proposal: d.Proposal(instalments), key: uuid.New(), before: p.before}
		err = s.live(ctx, p)
	}
	if err != nil {
		return err
	}
	for _, f := range []string{proposing, confirming, withdrawing} {
		s.tried(f, len(p.Proposal.Cases))
	}
	if reaches {
		s.tried(together, 1)
	}
	return nil
}

func (p *proposal) call(function, step string, who *person) call {
	c := call{function: function, step: step, key: p.key, scope: who.scope}
	if function == proposing {
		c.in = p.Proposal
	}
	return c
}

func status(s debt.ProposalStatus) want { return want{status: string(s)} }

func (s *scene) live(ctx context.Context, p *proposal) error {
	atFirst := s.now
	if err := s.proposed(ctx, p); err != nil {
		return err
	}
	if err := s.taken(ctx, p); err != nil {
		return err
	}
	if err := s.confirmed(ctx, p, atFirst); err != nil {
		return err
	}
	if err := s.withdrawn(ctx, p, atFirst); err != nil {
		return err
	}
	return s.unknown(ctx, p)
}

// run makes calls one after the other.
func (s *scene) run(ctx context.Context, calls ...struct {
	call
	want
}) error {
	for _, c := range calls {
		if _, err := s.expect(ctx, c.call, c.want); err != nil {
			return err
		}
	}
	return nil
}

type calls = []struct {
	call
	want
}

// proposed makes the proposal, which is a promise and no more.
func (s *scene) proposed(ctx context.Context, p *proposal) error {
	if other := s.other(); other != nil {
		c := p.call(proposing, "another person's call", other)
		c.key = uuid.New()
		all := calls{{c, refused("NOT_FOUND")}}
		if theirs := other.open(); len(theirs) > 0 {
			mixed := p.Proposal
			mixed.Cases = append(slices.Clone(mixed.Cases), theirs[0].ID.ID)
			all = append(all, calls{{call{proposing, "another person's case among the person's own", uuid.New(), s.who.scope,
				mixed}, refused("NOT_FOUND")}}...)
		}
		if err := s.run(ctx, all...); err != nil {
			return err
		}
	}
	c := p.call(proposing, "a proposal", s.who)
	first, changes, err := s.do(ctx, c)
	if err != nil {
		return err
	}
	if first.Status == "REFUSED" {
		return s.refused(ctx, c, first, changes)
	}
	all := append(Misfits(proposing, first), s.against(want{must: ofProposal, may: []string{"request"}}, changes)...)
	if first.Status != string(debt.ProposalProposed) || first.Repeated() {
		all = append(all, found(proposing, "it answers %s, repeated %t", first.Status, first.Repeated()))
	}
	now, err := s.read(ctx)
	if err != nil {
		return err
	}
	all = append(all, lost(s.who.part, now)...)
	return s.differs(c, append(all, Proposed(p.before, ByKey(now), p.Proposal)...)...)
}

// taken tries what the key and the cases of a proposal keep others from.
func (s *scene) taken(ctx context.Context, p *proposal) error {
	again := p.call(proposing, "the same call again", s.who)
	a, err := s.expect(ctx, again, status(debt.ProposalProposed))
	if err == nil && !a.Repeated() {
		err = s.differs(again, found(proposing, "its result does not say that the key is known"))
	}
	if err != nil {
		return err
	}
	changed, second, empty := again, again, again
	changed.step, changed.in = "another input with the same key", debt.Proposal{Cases: p.Proposal.Cases}
	second.step, second.key = "another proposal for the same cases", uuid.New()
	empty.step, empty.key, empty.in = "an input that cannot be right", uuid.New(), debt.Proposal{}
	all := calls{{changed, refused("KEY_REUSED")}, {second, refused("AGREEMENT_EXISTS")},
		{empty, refused("INVALID_TERMS")}}
	if other := s.other(); other != nil {
		for _, f := range []string{proposing, confirming, withdrawing} {
			all = append(all, calls{{p.call(f, "another person with the same key", other), refused("KEY_REUSED")}}...)
		}
	}
	return s.run(ctx, all...)
}

// confirmed puts the proposal into force: deferrals come before agreements.
func (s *scene) confirmed(ctx context.Context, p *proposal, atFirst state) error {
	c := p.call(confirming, "a confirmation", s.who)
	first, _, err := s.do(ctx, c)
	if err != nil {
		return err
	}
	w := want{must: append([]string{"hold"}, ofProposal...), may: []string{"request", "scheduled_cost", "fee"}}
	if len(p.Deferrals) > 0 {
		w.must = append(w.must, "deferral")
	}
	all := append(Misfits(confirming, first), s.against(w, atFirst.changes(s.now))...)
	if first.Status != string(debt.ProposalConfirmed) {
		all = append(all, found(confirming, "it answers %s", answered(first.Status, first.Reason)))
	}
	now, err := s.read(ctx)
	if err != nil {
		return err
	}
	all = append(all, lost(s.who.part, now)...)
	all = append(all, Confirmed(s.policy, s.today, p.before, ByKey(now), p.Proposal)...)
	if err := s.differs(c, all...); err != nil {
		return err
	}
	return s.run(ctx, calls{
		{p.call(confirming, "the same call again", s.who), status(debt.ProposalConfirmed)},
		{p.call(proposing, "the proposal again, once it is confirmed", s.who), status(debt.ProposalConfirmed)},
	}...)
}

// withdrawn undoes the proposal: every view is as it was, but for what says that it was undone.
func (s *scene) withdrawn(ctx context.Context, p *proposal, atFirst state) error {
	c := p.call(withdrawing, "a withdrawal after a confirmation", s.who)
	first, _, err := s.do(ctx, c)
	if err != nil {
		return err
	}
	all := Misfits(withdrawing, first)
	if first.Status != string(debt.ProposalWithdrawn) {
		all = append(all, found(withdrawing, "it answers %s", answered(first.Status, first.Reason)))
	}
	rest, err := s.undone(ctx, p, atFirst)
	if err != nil {
		return err
	}
	if err := s.differs(c, append(all, rest...)...); err != nil {
		return err
	}
	return s.run(ctx, calls{
		{p.call(withdrawing, "the same call again", s.who), status(debt.ProposalWithdrawn)},
		{p.call(proposing, "the proposal again, once it is withdrawn", s.who), status(debt.ProposalWithdrawn)},
		{p.call(confirming, "a confirmation of what is withdrawn", s.who), status(debt.ProposalWithdrawn)},
	}...)
}

// undone says how the views differ once a proposal is withdrawn: what is left of it is cancelled.
func (s *scene) undone(ctx context.Context, p *proposal, atFirst state) (all []Finding, err error) {
	now, err := s.read(ctx)
	if err != nil {
		return nil, err
	}
	ended := cancelled(p.before, ByKey(now))
	for _, f := range atFirst.changes(s.now) {
		more, less := differ(atFirst.rows[f.Relation], s.now.rows[f.Relation])
		more = slices.DeleteFunc(more, func(x row) bool { return slices.Contains(ended[f.Relation], x.key) })
		switch {
		case !slices.Contains(left, f.Relation) || len(less) > 0:
			all = append(all, f)
		case len(more) > 0 && (f.Relation == "agreement" || f.Relation == "request"):
			all = append(all, found(f.Relation, "left, and neither %s nor %s: %s", debt.AgreementCancelled,
				debt.RequestWithdrawn, keys(more)))
		case len(more) > 0 && len(ended["agreement"]) == 0:
			all = append(all, found(f.Relation, "left of an agreement: %s", keys(more)))
		}
	}
	return all, nil
}

// unknown tries keys that have not come, and a proposal that is withdrawn before it is confirmed.
func (s *scene) unknown(ctx context.Context, p *proposal) error {
	late, never, short := *p, *p, *p
	late.key, never.key, short.key = uuid.New(), uuid.New(), uuid.New()
	if err := s.run(ctx, calls{
		{never.call(confirming, "a confirmation of what was never proposed", s.who), refused("NOT_FOUND")},
		{late.call(withdrawing, "a withdrawal that comes first", s.who), status(debt.ProposalWithdrawn)},
		{late.call(proposing, "a proposal that comes after its withdrawal", s.who), refused("WITHDRAWN")},
	}...); err != nil {
		return err
	}
	before := s.now
	made := status(debt.ProposalProposed)
	made.must, made.may = ofProposal, []string{"request"}
	undone := status(debt.ProposalWithdrawn)
	undone.may = slices.Clone(left)
	c := short.call(withdrawing, "a withdrawal before a confirmation", s.who)
	if err := s.run(ctx, calls{{short.call(proposing, "a new proposal", s.who), made}, {c, undone}}...); err != nil {
		return err
	}
	all, err := s.undone(ctx, p, before)
	if err != nil {
		return err
	}
	return s.differs(c, all...)
}
