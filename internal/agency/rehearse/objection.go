package rehearse

import (
	"context"
	"slices"
	"strings"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
)

// objection objects in a case, adds to it, and takes it back: but for the objection, everything
// is then as it was.
func (s *scene) objection(ctx context.Context) error {
	atFirst := s.now
	var made struct {
		ID string `json:"objection_id"`
	}
	err := errNone
	if s.offers("submit_objection") {
		var a core.Answer
		if _, a, err = s.each(ctx, s.who.open(), s.objecting); err != nil {
			return err
		}
		if err := a.Into("submit_objection", &made); err != nil {
			return err
		}
	} else {
		made.ID = s.undecided()
	}
	if made.ID == "" {
		return err
	}
	if s.offers("add_to_objection") {
		if _, err = s.whole(ctx, s.adding(made.ID)); err != nil {
			return err
		}
		s.tried("add_to_objection", 1)
	}
	if !s.offers("withdraw_objection") {
		return err
	}
	t := s.takingBack(made.ID)
	if _, err = s.whole(ctx, t); err != nil {
		return err
	}
	s.tried(t.function, 1)
	if !s.offers("submit_objection") {
		return nil
	}
	return s.differs(call{function: t.function, step: "an objection that is taken back"},
		s.against(want{may: []string{"objection"}}, atFirst.changes(s.now))...)
}

// undecided is the key of an objection of the person's that can be added to, empty for none.
func (s *scene) undecided() string {
	for _, x := range s.who.part.Cases {
		for _, o := range x.Objections {
			if o.Status == debt.ObjectionReceived {
				return o.ID.ID
			}
		}
	}
	return ""
}

func (s *scene) objecting(x *debt.Case) trial {
	in := Input{"case_id": x.ID.ID, "reasons": []string{"ALREADY_PAID"}, "statement": words,
		"contact_with_creditor": true, "disputed_amount_ore": 12345, "files": 1}
	return trial{
		function: "submit_objection", in: in, other: in.With("statement", words+" Igjen."), foreign: true,
		nonsense: []Input{in.With("reasons", []string{}).With("statement", " "), in.With("reasons", []string{"FORDI"}),
			in.With("disputed_amount_ore", -1), in.With("files", 6), in.With("case_id", nowhere)},
		must: []string{"objection", "hold"}, may: []string{"scheduled_cost", "queue_item"},
		wrong: func(before, now *debt.Part, a core.Answer) (all []Finding) {
			was, is := ByKey(before), ByKey(now)
			for _, id := range sorted(is) {
				costs := slices.Clone(was[id].ScheduledCosts)
				var added []debt.Hold
				if id == x.ID.ID {
					added = append(added, debt.Hold{Kind: debt.HoldDisputed, Since: s.today})
					costs = slices.DeleteFunc(costs, func(c debt.ScheduledCost) bool { return !ofAgreement(c.Kind) })
					o := objectionOf(now, key(a, "objection_id"))
					if o == nil || o.Case.ID != x.ID || o.Status != debt.ObjectionReceived ||
						!slices.Equal(o.Reasons, []debt.ObjectionReason{debt.ReasonPaid}) ||
						o.Statement == nil || *o.Statement != words {
						all = append(all, found("objection", "case %s does not show what was said, as %s", id,
							debt.ObjectionReceived))
					}
				}
				all = append(all, holds(id, was[id].AllHolds, is[id].AllHolds, added...)...)
				all = append(all, compared("scheduled_cost", id, costs, is[id].ScheduledCosts, costText)...)
			}
			return all
		},
	}
}

func (s *scene) adding(id string) trial {
	const said = "Et tillegg."
	return trial{
		function: "add_to_objection", in: Input{"objection_id": id, "statement": said}, foreign: true,
		other: Input{"objection_id": id, "statement": "Et annet tillegg."},
		nonsense: []Input{{"objection_id": id, "statement": " "}, {"objection_id": nowhere, "statement": said},
			{"objection_id": id, "statement": said, "files": 6}},
		must: []string{"objection"},
		wrong: func(before, now *debt.Part, _ core.Answer) []Finding {
			was, is := objectionOf(before, id), objectionOf(now, id)
			if was == nil || is == nil || is.Statement == nil || !strings.Contains(*is.Statement, said) ||
				was.Statement != nil && !strings.Contains(*is.Statement, *was.Statement) || is.Status != was.Status {
				return []Finding{found("objection", "%s does not say what was added, after what it said", id)}
			}
			return nil
		},
	}
}

func (s *scene) takingBack(id string) trial {
	return trial{
		function: "withdraw_objection", in: Input{"objection_id": id}, other: Input{"objection_id": nowhere},
		nonsense: []Input{{"objection_id": nowhere}, {}}, foreign: true,
		must: []string{"objection", "hold"}, may: []string{"scheduled_cost", "queue_item"},
		wrong: func(_, now *debt.Part, _ core.Answer) []Finding {
			if o := objectionOf(now, id); o == nil || o.Status != debt.ObjectionWithdrawn || !o.DecidedOn.IsZero() {
				return []Finding{found("objection", "%s is not %s without decided_on", id, debt.ObjectionWithdrawn)}
			}
			return nil
		},
	}
}

func objectionOf(p *debt.Part, id string) *debt.Objection {
	return thing(p, func(x *debt.Case) []debt.Objection { return x.Objections },
		func(x *debt.Objection) bool { return x.ID.ID == id })
}
