package rehearse

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

const (
	applying = "apply_for_instalment_plan"
	changing = "change_instalment_plan"
	ending   = "cancel_instalment_plan"
	deciding = "decide_instalment_plan"
)

// plan applies for an instalment plan within the policy, changes it and cancels it: costs are then as they
// were.
func (s *scene) plan(ctx context.Context) error {
	free := s.who.free(s.today)
	if !s.offers(applying) || len(free) == 0 {
		return errNone
	}
	var made struct {
		ID string `json:"agreement_id"`
	}
	x, a, err := s.each(ctx, free, s.applying)
	if err != nil {
		return err
	}
	if err := a.Into(applying, &made); err != nil {
		return err
	}
	if s.offers(changing) {
		t := s.changing(made.ID, x)
		if _, err := s.whole(ctx, t); err != nil {
			return err
		}
		s.tried(t.function, 1)
	}
	if !s.offers(ending) {
		return nil
	}
	t := s.cancelling(made.ID, x)
	if _, err := s.whole(ctx, t); err != nil {
		return err
	}
	s.tried(t.function, 1)
	return nil
}

// drafted is a plan on one case.
func (s *scene) drafted(x *debt.Case) (Draft, []debt.Instalment) {
	d := Draft{Policy: s.policy, Today: s.today, Cases: []*debt.Case{x}, Start: s.today.AddDays(startsAfter)}
	return d, d.terms()
}

// asked are instalments as the contract has them.
func asked(all []debt.Instalment) []Input {
	out := []Input{}
	for _, i := range all {
		out = append(out, Input{"number": i.Number, "due_on": i.DueOn.String(), "amount_ore": i.Amount, "fee_ore": i.Fee})
	}
	return out
}

func (s *scene) applying(x *debt.Case) trial {
	d, terms := s.drafted(x)
	in := Input{"case_ids": []string{x.ID.ID}, "instalments": asked(terms)}
	past := append([]debt.Instalment{}, terms...)
	for i := range past {
		past[i].DueOn = past[i].DueOn.AddMonths(-12)
	}
	return trial{
		function: applying, in: in, other: in.With("instalments", []Input{}), foreign: true,
		nonsense: []Input{in.With("instalments", []Input{}), in.With("case_ids", []string{}),
			in.With("case_ids", []string{nowhere}), in.With("instalments", asked(past))},
		must: ofProposal, may: []string{"hold", "scheduled_cost"},
		wrong: func(before, now *debt.Part, _ core.Answer) []Finding {
			return Confirmed(s.policy, s.today, ByKey(before), ByKey(now), d.Proposal(terms))
		},
	}
}

// changing has the first instalment come a day sooner.
func (s *scene) changing(id string, x *debt.Case) trial {
	_, terms := s.drafted(x)
	terms[0].DueOn--
	in := Input{"agreement_id": id, "instalments": asked(terms)}
	return trial{
		function: changing, in: in, other: in.With("instalments", []Input{}), foreign: true,
		nonsense: []Input{in.With("agreement_id", nowhere), in.With("instalments", []Input{})},
		must:     []string{"instalment"}, may: []string{"agreement", "scheduled_cost"},
		wrong: func(_, now *debt.Part, _ core.Answer) (all []Finding) {
			a := agreementOf(now, id)
			if a == nil || a.Status != debt.AgreementActive || len(a.Instalments) != len(terms) {
				return []Finding{found("agreement", "%s does not run with %d instalments", id, len(terms))}
			}
			for i, want := range terms {
				if a.Instalments[i] != want {
					all = append(all, found("instalment", "%s has number %d otherwise than it was asked for", id, want.Number))
				}
			}
			return all
		},
	}
}

func (s *scene) cancelling(id string, x *debt.Case) trial {
	was := x.ScheduledCosts
	in := Input{"agreement_id": id}
	return trial{
		function: ending, in: in, other: in.With("agreement_id", nowhere), foreign: true,
		nonsense: []Input{in.With("agreement_id", nowhere), {}},
		must:     []string{"agreement"}, may: []string{"hold", "scheduled_cost"},
		wrong: func(_, now *debt.Part, _ core.Answer) (all []Finding) {
			if a := agreementOf(now, id); a == nil || a.Status != debt.AgreementCancelled || a.EndedOn != s.today {
				all = append(all, found("agreement", "%s has not been cancelled today", id))
			}
			var costs []debt.ScheduledCost
			for _, c := range was { // fees of an earlier agreement are gone
				if !ofAgreement(c.Kind) {
					costs = append(costs, c)
				}
			}
			return append(all, compared("scheduled_cost", x.ID.ID, costs, ByKey(now)[x.ID.ID].ScheduledCosts, costText)...)
		},
	}
}

func agreementOf(p *debt.Part, id string) *debt.Agreement {
	for _, x := range p.Cases {
		for _, a := range x.Agreements {
			if a.ID.ID == id {
				return a
			}
		}
	}
	return nil
}

// requested has the person ask for a plan of one instalment more than is granted at once, and returns its key,
// the draft and its instalments; empty where no case takes it.
func (s *scene) requested(ctx context.Context) (id string, d Draft, terms []debt.Instalment, err error) {
	n := s.policy.MaxInstalments + 1
	if !s.offers(applying) || n > s.policy.LongestPlan() {
		return "", d, nil, nil
	}
	free := s.who.free(s.today)
	for _, x := range free[:min(most, len(free))] {
		d, _ = s.drafted(x)
		terms = d.Instalments(n, money.Øre(n)*max(s.policy.MinInstalment, money.Krone))
		in := Input{"case_ids": []string{x.ID.ID}, "instalments": asked(terms)}
		a, _, err := s.do(ctx, call{applying, "what goes before", uuid.New(), s.who.scope, in})
		if err != nil {
			return "", d, nil, err
		}
		var made struct {
			ID     string               `json:"agreement_id"`
			Status debt.AgreementStatus `json:"status"`
		}
		if a.Into(applying, &made) == nil && made.Status == debt.AgreementRequested {
			return made.ID, d, terms, nil
		}
	}
	return "", d, nil, nil
}

// decidePlan grants a plan that waits, with fewer instalments than were asked for.
func (s *scene) decidePlan(ctx context.Context) error {
	id, d, terms, err := s.requested(ctx)
	if err != nil {
		return err
	}
	if id == "" {
		return errNone
	}
	terms = d.Instalments(1, terms[0].Amount)
	in := Input{"agreement_id": id, "decision": debt.Grant, "instalments": asked(terms), "reply": words}
	return s.decided(ctx, trial{
		function: deciding, in: in, other: in.With("decision", debt.Refuse),
		nonsense: []Input{in.With("decision", nil), in.With("decision", "LATER"), in.With("agreement_id", nowhere),
			in.With("instalments", []Input{}), in.With("decision", debt.Refuse).With("reply", " ")},
		must: []string{"agreement", "instalment", "queue_item"}, may: []string{"hold", "scheduled_cost"},
		wrong: func(before, now *debt.Part, _ core.Answer) (all []Finding) {
			a := agreementOf(now, id)
			if a == nil || a.Status != debt.AgreementActive || a.DecidedOn != s.today || a.Reply == nil || *a.Reply != words {
				all = append(all, found("agreement", "%s does not show what was decided", id))
			}
			if a != nil && !slices.Equal(a.Instalments, terms) {
				all = append(all, found("instalment", "%s has other instalments than were granted", id))
			}
			of := d.Cases[0].ID.ID
			was, x := ByKey(before)[of], ByKey(now)[of]
			all = append(all, holds(of, was.AllHolds, x.AllHolds, debt.Hold{Kind: debt.HoldAgreement, Since: terms[0].DueOn})...)
			costs := Costs(s.policy, was, d.Proposal(terms))
			return append(all, compared("scheduled_cost", of, costs, x.ScheduledCosts, costText)...)
		},
	})
}
