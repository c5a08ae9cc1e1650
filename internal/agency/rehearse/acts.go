package rehearse

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// act is how acts that come one after the other are rehearsed with one person.
type act struct {
	functions []string
	run       func(*scene, context.Context) error
}

// acts are all of the contract, in its order.
var acts = []act{
	{[]string{"propose_solution", "confirm_solution", "withdraw_solution"}, (*scene).solution},
	{[]string{applying, changing, ending}, (*scene).plan},
	{[]string{"request_deferral"}, (*scene).deferral},
	{[]string{"request_breathing_space"}, (*scene).breathingSpace},
	{[]string{"submit_objection", "add_to_objection", "withdraw_objection"}, (*scene).objection},
	{[]string{"decide_deferral"}, (*scene).decideDeferral},
	{[]string{deciding}, (*scene).decidePlan},
	{[]string{"decide_objection"}, (*scene).decideObjection},
	{[]string{"submit_complaint", "answer_complaint"}, (*scene).complaint},
	{[]string{"submit_receipt", "decide_receipt"}, (*scene).receipt},
	{[]string{"order_invoice_copy", "answer_invoice_copy"}, (*scene).invoiceCopy},
	{[]string{"claim_case", "decide_case_link"}, (*scene).caseLink},
	{[]string{"order_new_credentials"}, (*scene).credentials},
	{[]string{"correct_contact"}, (*scene).contact},
	{[]string{"declare_difficulty", "withdraw_difficulty"}, (*scene).difficulty},
	{[]string{"give_power_of_attorney", "revoke_power_of_attorney"}, (*scene).power},
}

// most is how many cases of a person an act is tried with until one takes it.
const most = 5

// each tries an act with one case after the other, until one takes it.
func (s *scene) each(ctx context.Context, cases []*debt.Case, t func(*debt.Case) trial) (*debt.Case, core.Answer,
	error) {
	err := errNone
	for _, x := range cases[:min(most, len(cases))] {
		var a core.Answer
		if a, err = s.whole(ctx, t(x)); err == nil {
			s.tried(t(x).function, 1)
			return x, a, nil
		}
		if !errors.Is(err, errRefused) {
			return nil, a, err
		}
	}
	return nil, core.Answer{}, err
}

// errNone says that the person has nothing that the act could be about.
var errNone = errors.New("no sample person has anything that it could be about")

// nowhere is no key of anything, in any core.
const nowhere = "' or true --"

// words are what a person says in a rehearsal.
const words = "Prøve: rulles tilbake."

// until is the last day of the deferrals that are asked for.
func (s *scene) until() norway.Date {
	days := s.policy.MaxDeferralDays
	if days == 0 {
		days = heldFor
	}
	return s.today.AddDays(days)
}

// deferral asks for more time in a case.
func (s *scene) deferral(ctx context.Context) error {
	_, _, err := s.each(ctx, s.who.open(), func(x *debt.Case) trial {
		in := Input{"case_id": x.ID.ID, "until": s.until().String(), "reason": words}
		t := trial{
			function: "request_deferral", in: in, other: in.With("reason", words+" Igjen."), foreign: true,
			nonsense: []Input{in.With("until", "2026-02-31"),
				in.With("until", s.today.AddDays(-1).String()), in.With("until", nil), in.With("case_id", nowhere)},
			must: []string{"deferral"}, may: []string{"request", "hold", "scheduled_cost", "fee", "queue_item"},
		}
		t.wrong = func(before, now *debt.Part, a core.Answer) (all []Finding) {
			var made struct {
				ID     string              `json:"deferral_id"`
				Status debt.DeferralStatus `json:"status"`
				Before int64               `json:"cost_before_ore"`
				After  int64               `json:"cost_after_ore"`
			}
			if a.Into(t.function, &made) != nil {
				return []Finding{found(t.function, "its result cannot be read")}
			}
			all = s.deferred(ByKey(before), ByKey(now), []string{x.ID.ID}, made.Status, s.policy.DeferralFee > 0)
			if made.Status != debt.DeferralGranted {
				return all
			}
			without, with := int64(0), int64(s.policy.DeferralFee)
			for _, cost := range x.ScheduledCosts {
				if cost.On <= s.until() {
					without += int64(cost.Amount)
				}
				if cost.On.AddDays(int(s.until()-s.today)) <= s.until() {
					with += int64(cost.Amount)
				}
			}
			if made.Before != without || made.After != with {
				all = append(all, found(t.function, "case %s: it says %d øre without and %d øre with it, not %d and %d",
					x.ID.ID, made.Before, made.After, without, with))
			}
			return all
		}
		return t
	})
	return err
}

// deferred says what is wrong once some cases are deferred: what is granted holds at once and
// moves costs, and what is asked for waits.
func (s *scene) deferred(before, now map[string]*debt.Case, ids []string, status debt.DeferralStatus,
	charged bool) (all []Finding) {
	granted := status == debt.DeferralGranted
	if wanted := s.policy.MaxDeferralDays > 0; granted != wanted {
		all = append(all, found("deferral", "it is %s, and policy.max_deferral_days is %d", status,
			s.policy.MaxDeferralDays))
	}
	for _, id := range sorted(now) {
		was, x, rows := before[id], now[id], len(before[id].Deferrals)
		costs, fees := slices.Clone(was.ScheduledCosts), charges(was.Fees)
		var added []debt.Hold
		if slices.Contains(ids, id) {
			rows++
			if !slices.ContainsFunc(x.Deferrals, func(d debt.Deferral) bool {
				return d.Status == status && d.Until == s.until()
			}) {
				all = append(all, found("deferral", "case %s has none that is %s until %s", id, status, s.until()))
			}
			if granted {
				added = append(added, debt.Hold{Kind: debt.HoldDeferred, Since: s.today, Until: s.until()})
				for i := range costs {
					costs[i].On = costs[i].On.AddDays(int(s.until() - s.today))
				}
				if charged {
					fees = append(fees, charge{debt.CostDeferral, int64(s.policy.DeferralFee), s.today, 0})
				}
			}
		}
		if len(x.Deferrals) != rows {
			all = append(all, found("deferral", "case %s has %d, not %d", id, len(x.Deferrals), rows))
		}
		all = append(all, holds(id, was.AllHolds, x.AllHolds, added...)...)
		all = append(all, compared("scheduled_cost", id, costs, x.ScheduledCosts, costText)...)
		all = append(all, compared("fee", id, fees, charges(x.Fees), chargeText)...)
	}
	return all
}

// breathingSpace asks for a pause in all cases.
func (s *scene) breathingSpace(ctx context.Context) error {
	in := Input{"until": s.until().String(), "reason": words}
	t := trial{
		function: "request_breathing_space", in: in, other: in.With("reason", words+" Igjen."),
		nonsense: []Input{in.With("until", "2026-02-31"), in.With("until", s.today.AddDays(-1).String()),
			in.With("until", nil)},
		must: []string{"deferral"}, may: []string{"request", "hold", "scheduled_cost", "queue_item"},
	}
	covered := 0
	t.wrong = func(before, now *debt.Part, a core.Answer) (all []Finding) {
		var made struct {
			Status debt.DeferralStatus `json:"status"`
			Until  string              `json:"until"`
			Cases  []string            `json:"case_ids"`
		}
		if a.Into(t.function, &made) != nil {
			return []Finding{found(t.function, "its result cannot be read")}
		}
		if covered = len(made.Cases); made.Until != s.until().String() || covered == 0 {
			all = append(all, found(t.function, "it covers %d cases, until another day than was asked for: %t", covered,
				made.Until != s.until().String()))
		}
		return append(all, s.deferred(ByKey(before), ByKey(now), made.Cases, made.Status, false)...)
	}
	_, err := s.whole(ctx, t)
	if err == nil {
		s.tried(t.function, covered)
	}
	return err
}

// credentials orders a new password for a case: nothing that is read changes.
func (s *scene) credentials(ctx context.Context) error {
	_, _, err := s.each(ctx, s.who.open(), func(x *debt.Case) trial {
		return trial{function: "order_new_credentials", in: Input{"case_number": x.CaseNumber},
			other: Input{"case_number": nowhere}}
	})
	return err
}

// contact asks for another language, and changes nothing else.
func (s *scene) contact(ctx context.Context) error {
	before, err := s.read(ctx)
	if err != nil || len(before.Debtors) == 0 {
		return cmp.Or(err, errNone)
	}
	languages := []debt.Language{debt.Nynorsk, debt.Bokmal}
	if before.Debtors[0].Language == debt.Nynorsk {
		slices.Reverse(languages)
	}
	in := Input{"language": languages[0]}
	_, err = s.whole(ctx, trial{
		function: "correct_contact", in: in, other: Input{"language": languages[1]},
		nonsense: []Input{{"email": "ingen"}, {"language": "de"}},
		must:     []string{"debtor"},
		wrong: func(before, now *debt.Part, _ core.Answer) (all []Finding) {
			was, is := *before.Debtors[0], *now.Debtors[0]
			if is.Language != languages[0] {
				all = append(all, found("debtor", "language is not what was asked for"))
			}
			for _, c := range []struct {
				column  string
				was, is *string
			}{{"email", was.Email, is.Email}, {"phone", was.Phone, is.Phone},
				{"street_address", was.StreetAddress, is.StreetAddress}, {"postal_code", was.PostalCode, is.PostalCode},
				{"city", was.City, is.City}} {
				if (c.was == nil) != (c.is == nil) || c.was != nil && *c.was != *c.is {
					all = append(all, found("debtor", "%s is changed, and was not asked for", c.column))
				}
			}
			return all
		},
	})
	if err == nil {
		s.tried("correct_contact", 0)
	}
	return err
}

// orgNumber is of the synthetic series, so that nobody has it.
const orgNumber = "310000000"

// power gives a power of attorney for one case, and ends it.
func (s *scene) power(ctx context.Context) error {
	var given struct {
		ID string `json:"power_of_attorney_id"`
	}
	err := errNone
	if s.offers("give_power_of_attorney") {
		var a core.Answer
		if _, a, err = s.each(ctx, s.who.open(), s.giving); err != nil {
			return err
		}
		if err := a.Into("give_power_of_attorney", &given); err != nil {
			return err
		}
	} else {
		for _, p := range s.who.part.PowersOfAttorney {
			if !p.Held && p.RevokedAt == nil {
				given.ID = p.ID
			}
		}
	}
	if given.ID == "" || !s.offers("revoke_power_of_attorney") {
		return err
	}
	in := Input{"power_of_attorney_id": given.ID}
	_, err = s.whole(ctx, trial{
		function: "revoke_power_of_attorney", in: in, other: Input{"power_of_attorney_id": nowhere}, foreign: true,
		nonsense: []Input{{"power_of_attorney_id": nowhere}, {}},
		must:     []string{"power_of_attorney"},
		wrong: func(_, now *debt.Part, _ core.Answer) []Finding {
			if i := powerOf(now, given.ID); i < 0 || now.PowersOfAttorney[i].RevokedAt == nil {
				return []Finding{found("power_of_attorney", "%s is not revoked", given.ID)}
			}
			return nil
		},
	})
	if err == nil {
		s.tried("revoke_power_of_attorney", 0)
	}
	return err
}

func powerOf(p *debt.Part, id string) int {
	return slices.IndexFunc(p.PowersOfAttorney, func(p debt.PowerOfAttorney) bool { return p.ID == id && !p.Held })
}

func (s *scene) giving(x *debt.Case) trial {
	in := Input{"attorney_national_id": nil, "attorney_org_number": orgNumber, "attorney_name": "Prøve AS",
		"may_act": false, "case_ids": []string{x.ID.ID}, "valid_from": s.today.String(), "valid_until": nil}
	return trial{
		function: "give_power_of_attorney", in: in, other: in.With("may_act", true), foreign: true,
		nonsense: []Input{in.With("attorney_org_number", nil), in.With("case_ids", []string{nowhere}),
			in.With("valid_until", s.today.AddDays(-1).String()), in.With("attorney_name", " ")},
		must: []string{"power_of_attorney", "power_of_attorney_case"},
		wrong: func(before, now *debt.Part, a core.Answer) (all []Finding) {
			var given struct {
				ID string `json:"power_of_attorney_id"`
			}
			i := -1
			if a.Into("give_power_of_attorney", &given) == nil {
				i = powerOf(now, given.ID)
			}
			if n := len(now.PowersOfAttorney) - len(before.PowersOfAttorney); n != 1 {
				all = append(all, found("power_of_attorney", "there are %d more, not 1", n))
			}
			if i < 0 {
				return append(all, found("power_of_attorney", "there is none with the key of the result"))
			}
			p := now.PowersOfAttorney[i]
			if p.MayAct || p.AllCases || !slices.Equal(p.CaseIDs, []string{x.ID.ID}) || p.ValidFrom != s.today ||
				!p.ValidUntil.IsZero() || p.RevokedAt != nil {
				all = append(all, found("power_of_attorney", "%s is not what was given", p.ID))
			}
			return all
		},
	}
}
