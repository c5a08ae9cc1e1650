package rehearse

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Finding is one way in which what an act has done is not what the contract says.
type Finding struct {
	Relation string // or function
	How      string // without a person's name or number
}

func found(relation, format string, args ...any) Finding {
	return Finding{relation, fmt.Sprintf(format, args...)}
}

// ByKey returns the cases of a part by their keys.
func ByKey(p *debt.Part) map[string]*debt.Case {
	cases := map[string]*debt.Case{}
	for _, x := range p.Cases {
		cases[x.ID.ID] = x
	}
	return cases
}

// lost says which cases the product leaves out that it did not before.
func lost(before, now *debt.Part) (all []Finding) {
	for _, w := range now.Withheld {
		if w.ID != nil && !before.Withholds(*w.ID) {
			all = append(all, found(w.Relation, "case %s is shown no more: %s: %s", w.ID.ID, w.Column, w.Cause))
		}
	}
	return all
}

// sorted are the keys of cases.
func sorted(cases map[string]*debt.Case) []string {
	var keys []string
	for key := range cases {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// differ compares rows whatever their order.
func differ[T comparable](want, got []T) (more, less []T) {
	less = slices.Clone(want)
	for _, x := range got {
		if i := slices.Index(less, x); i >= 0 {
			less = slices.Delete(less, i, i+1)
		} else {
			more = append(more, x)
		}
	}
	return more, less
}

// compared names the rows of a case that are not as they must be.
func compared[T comparable](relation, id string, want, got []T, text func(T) string) (all []Finding) {
	more, less := differ(want, got)
	for _, x := range more {
		all = append(all, found(relation, "case %s has a row more than the contract says: %s", id, text(x)))
	}
	for _, x := range less {
		all = append(all, found(relation, "case %s has a row less than the contract says: %s", id, text(x)))
	}
	return all
}

func costText(c debt.ScheduledCost) string {
	return fmt.Sprintf("%s on %s, %d øre", c.Kind, c.On, c.Amount)
}

func holdText(h debt.Hold) string {
	return fmt.Sprintf("%s from %s until %s", h.Kind, h.Since, cmp.Or(h.Until.String(), "further notice"))
}

// charge is a fee without its key and reason.
type charge struct {
	kind   debt.CostKind
	amount int64
	on     norway.Date
	waived norway.Date
}

func charges(fees []debt.Fee) (all []charge) {
	for _, f := range fees {
		all = append(all, charge{f.Kind, int64(f.Amount), f.IncurredOn, f.WaivedOn})
	}
	return all
}

func chargeText(c charge) string { return fmt.Sprintf("%s on %s, %d øre", c.kind, c.on, c.amount) }

// holds compares the holds of a case with those before and new ones, which may begin earlier.
func holds(id string, before, now []debt.Hold, added ...debt.Hold) (all []Finding) {
	more, less := differ(before, now)
	for _, want := range added {
		i := slices.IndexFunc(more, func(h debt.Hold) bool {
			return h.Kind == want.Kind && h.Until == want.Until && h.Since <= want.Since
		})
		if i < 0 {
			all = append(all, found("hold", "case %s has no hold %s", id, holdText(want)))
			continue
		}
		more = slices.Delete(more, i, i+1)
	}
	for _, h := range more {
		all = append(all, found("hold", "case %s has a hold more than the contract says: %s", id, holdText(h)))
	}
	for _, h := range less {
		all = append(all, found("hold", "case %s has lost a hold: %s", id, holdText(h)))
	}
	return all
}

// Made returns the agreement that a proposal with one has made, which its cases have and no others.
func Made(before, now map[string]*debt.Case, p debt.Proposal) (made *debt.Agreement, all []Finding) {
	for _, id := range sorted(now) {
		want := len(before[id].Agreements)
		if slices.Contains(p.Agreements[0].Cases, id) {
			want++
			for _, a := range now[id].Agreements {
				if !slices.ContainsFunc(before[id].Agreements, func(b *debt.Agreement) bool { return a.ID == b.ID }) {
					made = a
				}
			}
		}
		if len(now[id].Agreements) != want {
			all = append(all, found("agreement_case", "case %s has %d agreements, not %d", id, len(now[id].Agreements), want))
		}
	}
	if made == nil || len(made.Cases) != len(p.Agreements[0].Cases) {
		all = append(all, found("agreement", "there is no new one on the cases of the proposal"))
	}
	return made, all
}

// Proposed says what is wrong once a proposal is made: it changes neither holds nor costs, and
// the agreement stands with its instalments.
func Proposed(before, now map[string]*debt.Case, p debt.Proposal) (all []Finding) {
	for _, id := range sorted(now) {
		all = append(all, holds(id, before[id].AllHolds, now[id].AllHolds)...)
		all = append(all, compared("scheduled_cost", id, before[id].ScheduledCosts, now[id].ScheduledCosts, costText)...)
	}
	made, wrong := Made(before, now, p)
	if all = append(all, wrong...); len(wrong) > 0 {
		return all
	}
	start := p.Agreements[0].Instalments[0].DueOn
	if made.Status != debt.AgreementProposed || made.StartedOn != start || !made.EndedOn.IsZero() ||
		made.Kind != debt.AgreementInstalments {
		all = append(all, found("agreement", "%s is %s %s from %s, not %s %s from %s", made.ID.ID, made.Kind, made.Status,
			made.StartedOn, debt.AgreementInstalments, debt.AgreementProposed, start))
	}
	if !slices.Equal(made.Instalments, p.Agreements[0].Instalments) {
		all = append(all, found("instalment", "those of agreement %s are not those of the proposal", made.ID.ID))
	}
	return all
}

// Confirmed says what is wrong once a proposal is confirmed: the agreement runs, deferrals hold,
// and costs are moved, stopped and added.
func Confirmed(policy debt.Policy, today norway.Date, before, now map[string]*debt.Case,
	p debt.Proposal) (all []Finding) {
	made, wrong := Made(before, now, p)
	if all = append(all, wrong...); len(wrong) == 0 && made.Status != debt.AgreementActive {
		all = append(all, found("agreement", "%s is %s, not %s", made.ID.ID, made.Status, debt.AgreementActive))
	}
	for _, id := range sorted(now) {
		was, x := before[id], now[id]
		fees := charges(was.Fees)
		var added []debt.Hold
		if slices.Contains(p.Agreements[0].Cases, id) {
			added = append(added, debt.Hold{Kind: debt.HoldAgreement, Since: p.Agreements[0].Instalments[0].DueOn})
		}
		for _, d := range p.Deferrals {
			if d.Case != id {
				continue
			}
			added = append(added, debt.Hold{Kind: debt.HoldDeferred, Since: today, Until: d.Until})
			if d.Fee > 0 {
				fees = append(fees, charge{debt.CostDeferral, int64(d.Fee), today, 0})
			}
		}
		all = append(all, holds(id, was.AllHolds, x.AllHolds, added...)...)
		all = append(all, compared("scheduled_cost", id, Costs(policy, was, p), x.ScheduledCosts, costText)...)
		all = append(all, compared("fee", id, fees, charges(x.Fees), chargeText)...)
	}
	return all
}

// cancelled returns the keys of what a proposal has left that says so itself: agreements and
// requests that were not there before.
func cancelled(before, now map[string]*debt.Case) map[string][]string {
	keys := map[string][]string{}
	note := func(relation, key string, ended bool) {
		if ended && !slices.Contains(keys[relation], key) {
			keys[relation] = append(keys[relation], key)
		}
	}
	for id, x := range now {
		for _, a := range x.Agreements {
			old := slices.ContainsFunc(before[id].Agreements, func(b *debt.Agreement) bool { return a.ID == b.ID })
			note("agreement", a.ID.ID, !old && a.Status == debt.AgreementCancelled)
		}
		for _, r := range x.Requests {
			old := slices.ContainsFunc(before[id].Requests, func(b debt.Request) bool { return r.ID == b.ID })
			note("request", r.ID, !old && r.Status == debt.RequestWithdrawn)
		}
	}
	return keys
}

// Misfits says how the result of a function differs from the members, with their codes, that
// the contract lists.
func Misfits(function string, a core.Answer) (all []Finding) {
	f, _ := spec.FunctionNamed(function)
	if a.Status == "REFUSED" {
		if a.Result != nil && f.Step != spec.Propose { // which says there whether the key is known
			all = append(all, found(function, "it is refused, and has a result"))
		}
		return all
	}
	var got map[string]any
	if a.Result != nil && json.Unmarshal(a.Result, &got) != nil {
		return []Finding{found(function, "its result is no object")}
	}
	for _, m := range f.Result {
		v, ok := got[m.Name]
		if !ok || v == nil && m.Null == "" {
			all = append(all, found(function, "its result has no %s", m.Name))
		}
		if code, ok := v.(string); ok && m.Codes != nil && !m.Codes.Has(code) {
			all = append(all, found(function, "%s in its result is no code of the contract", m.Name))
		}
		delete(got, m.Name)
	}
	if len(got) > 0 {
		all = append(all, found(function, "its result has %d members that the contract does not have", len(got)))
	}
	return all
}
