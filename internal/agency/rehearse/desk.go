package rehearse

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// desk is the right of a case worker.
var desk = func() caller.Lookup {
	right, err := caller.Principal{Kind: caller.Staff, Agency: "rehearsal", Role: caller.CaseWorker}.Lookup()
	if err != nil {
		panic(err) // it is a case worker's
	}
	return right
}()

// reduction is what an objection takes off a claim in a rehearsal, in øre.
const reduction = 1_00

// decided tries a decision, and then another one on the same thing: it is decided once.
func (s *scene) decided(ctx context.Context, t trial) error {
	t.desk = true
	if _, err := s.whole(ctx, t); err != nil {
		return err
	}
	again := call{t.function, "a second decision", uuid.New(), desk.Deciding(), t.other}
	if _, err := s.expect(ctx, again, refused("ALREADY_DECIDED")); err != nil {
		return err
	}
	s.tried(t.function, 1)
	return nil
}

// asked has the person ask for more time than is granted at once, and returns the key of what waits and
// its case; nil where every case refuses, or grants it.
func (s *scene) asked(ctx context.Context) (id string, of *debt.Case, err error) {
	until := s.today.AddDays(s.policy.MaxDeferralDays + heldFor)
	for _, x := range s.who.open()[:min(most, len(s.who.open()))] {
		in := Input{"case_id": x.ID.ID, "until": until.String(), "reason": words}
		a, _, err := s.do(ctx, call{"request_deferral", "what goes before", uuid.New(), s.who.scope, in})
		if err != nil {
			return "", nil, err
		}
		var made struct {
			ID     string              `json:"deferral_id"`
			Status debt.DeferralStatus `json:"status"`
		}
		if a.Into("request_deferral", &made) == nil && made.Status == debt.DeferralRequested {
			return made.ID, x, nil
		}
	}
	return "", nil, nil
}

// decideDeferral grants more time that waits.
func (s *scene) decideDeferral(ctx context.Context) error {
	if !s.offers("request_deferral") {
		return errNone
	}
	id, of, err := s.asked(ctx)
	if err != nil || of == nil {
		return err
	}
	until := s.today.AddDays(heldFor)
	in := Input{"deferral_id": id, "decision": debt.Grant, "until": until.String(), "reply": words}
	return s.decided(ctx, trial{
		function: "decide_deferral", in: in, other: in.With("decision", debt.Refuse),
		nonsense: []Input{in.With("decision", nil), in.With("decision", "LATER"), in.With("deferral_id", nowhere),
			in.With("until", s.today.String()), in.With("decision", debt.Refuse).With("reply", " ")},
		must: []string{"deferral", "hold", "queue_item"}, may: []string{"request", "scheduled_cost", "fee"},
		wrong: func(before, now *debt.Part, _ core.Answer) (all []Finding) {
			was, x := ByKey(before)[of.ID.ID], ByKey(now)[of.ID.ID]
			if x == nil {
				return nil // it is said already
			}
			i := slices.IndexFunc(x.Deferrals, func(d debt.Deferral) bool { return d.ID == id })
			if i < 0 || x.Deferrals[i].Status != debt.DeferralGranted || x.Deferrals[i].Until != until ||
				x.Deferrals[i].DecidedOn != s.today {
				all = append(all, found("deferral", "case %s does not show what was decided", of.ID.ID))
			}
			costs := slices.Clone(was.ScheduledCosts)
			for i := range costs {
				costs[i].On = costs[i].On.AddDays(heldFor)
			}
			all = append(all, holds(of.ID.ID, was.AllHolds, x.AllHolds,
				debt.Hold{Kind: debt.HoldDeferred, Since: s.today, Until: until})...)
			return append(all, compared("scheduled_cost", of.ID.ID, costs, x.ScheduledCosts, costText)...)
		},
	})
}

// disputed has the person object in the first of some cases that takes it, and returns the key of the
// objection and the case; nil where none does.
func (s *scene) disputed(ctx context.Context, cases []*debt.Case) (id string, of *debt.Case, err error) {
	for _, x := range cases[:min(most, len(cases))] {
		a, _, err := s.do(ctx, call{"submit_objection", "what goes before", uuid.New(), s.who.scope, s.objecting(x).in})
		if err != nil {
			return "", nil, err
		}
		if id := key(a, "objection_id"); id != "" {
			return id, x, nil
		}
	}
	return "", nil, nil
}

// decideObjection upholds an objection in part: it has all that the other decisions have, but for the
// end of the case.
func (s *scene) decideObjection(ctx context.Context) error {
	if !s.offers("submit_objection") {
		return errNone
	}
	claims := slices.DeleteFunc(slices.Clone(s.who.open()), func(x *debt.Case) bool {
		return x.BalanceOn(s.today).Principal <= reduction
	})
	id, of, err := s.disputed(ctx, claims)
	if err != nil {
		return err
	}
	if of == nil {
		return errNone
	}
	deadline := s.today.AddDays(statute.NewDeadlineDays + heldFor)
	in := Input{"objection_id": id, "decision": debt.InPart, "reduction_ore": reduction, "deadline": deadline.String(),
		"reply": words, "creditor_standpoint": words}
	return s.decided(ctx, trial{
		function: "decide_objection", in: in, other: in.With("decision", debt.Reject).With("reduction_ore", nil),
		nonsense: []Input{in.With("decision", nil), in.With("decision", "WITHDRAWN"), in.With("objection_id", nowhere),
			in.With("deadline", s.today.String()), in.With("reply", " "), in.With("reduction_ore", -1),
			in.With("reduction_ore", nil)},
		must: []string{"objection", "hold", "queue_item", "case"}, may: []string{"scheduled_cost", "claim_item"},
		wrong: func(before, now *debt.Part, _ core.Answer) (all []Finding) {
			was, x := ByKey(before)[of.ID.ID], ByKey(now)[of.ID.ID]
			if x == nil {
				return nil // it is said already
			}
			if o := objectionOf(now, id); o == nil || o.Status != debt.ObjectionPartlyUpheld || o.DecidedOn != s.today ||
				o.Reply == nil || *o.Reply != words {
				all = append(all, found("objection", "case %s does not show what was decided", of.ID.ID))
			}
			if off := was.OriginalPrincipal - x.OriginalPrincipal; off != reduction || x.DueOn != deadline {
				all = append(all, found("case", "%s is reduced by %d øre, not %d, or its deadline is not the new one", of.ID.ID,
					off, reduction))
			}
			if slices.ContainsFunc(x.ScheduledCosts, func(c debt.ScheduledCost) bool {
				return !ofAgreement(c.Kind) && c.On <= deadline
			}) {
				all = append(all, found("scheduled_cost", "case %s has a cost before its new deadline has passed", of.ID.ID))
			}
			return all
		},
	})
}
