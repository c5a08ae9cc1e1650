package rehearse

import (
	"context"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
)

const (
	applying = "apply_for_instalment_plan"
	changing = "change_instalment_plan"
	ending   = "cancel_instalment_plan"
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
