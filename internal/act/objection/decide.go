package objection

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
	"github.com/oversikt/oversikt/internal/text"
	"github.com/oversikt/oversikt/internal/wayout/instalment"
)

// BeforeCourt is told of what goes to the board too late.
const BeforeCourt act.Code = "BEFORE_COURT"

// DecideInput is what a case worker decides on an objection.
type DecideInput struct {
	act.Keyed
	ItemID             debt.Key               `json:"itemId"`
	Decision           debt.ObjectionDecision `json:"decision"`
	Reduction          *string                `json:"reduction"` // kroner, as it was typed
	Deadline           *norway.Date           `json:"deadline"`  // nil: the earliest
	Text               *string                `json:"text"`      // what the debtor is told
	CreditorStandpoint *string                `json:"creditorStandpoint"`
}

// decision is the input as the contract takes it.
type decision struct {
	ObjectionID string                 `json:"objection_id"`
	Decision    debt.ObjectionDecision `json:"decision"`
	Reduction   *money.Øre             `json:"reduction_ore"`
	Deadline    *string                `json:"deadline"`
	Reply       *string                `json:"reply"`
	Standpoint  *string                `json:"creditor_standpoint"`
	Instalments []instalment.Sent      `json:"instalments,omitempty"` // what is left of the plan that runs
}

// longestDeadline is how many days ahead a new deadline is at most: a later day is a year mistyped.
const longestDeadline = 365

// collects says that collection goes on after the decision, by a new deadline.
func (in DecideInput) collects() bool {
	return in.Decision == debt.InPart || in.Decision == debt.Reject
}

// Decide answers an objection that waits for a case worker.
func Decide(agencies *agency.Registry) *act.Of[DecideInput] {
	a := &act.Of[DecideInput]{Act: act.Act{
		Name: "DECIDE_OBJECTION", Reach: act.One, Who: act.AtDesk, Function: "decide_objection",
		Codes: []act.Code{act.CaseClosed, BeforeCourt, act.TooMuch, act.Other},
		Fields: act.At("itemId", act.NotFound, act.AlreadyDecided).And("decision", act.CaseClosed, BeforeCourt).
			And("reduction", act.TooMuch),
		Keep: act.Disputable,
	}}
	a.Check = checkDecision
	a.Plan = func(ctx context.Context, by act.By, in DecideInput) (act.Plan, error) {
		d := &decision{Decision: in.Decision, Reply: act.Trimmed(in.Text), Standpoint: act.Trimmed(in.CreditorStandpoint)}
		if in.Decision == debt.InPart {
			d.Reduction, _ = act.Amount("reduction", in.Reduction)
		}
		if in.collects() && in.Deadline != nil {
			d.Deadline = new(in.Deadline.String())
		}
		plan, err := a.OfItem(ctx, agencies, by, in.ItemID, "itemId", debt.QueueObjection, func(subject string) any {
			d.ObjectionID = subject
			return d
		})
		if err == nil && in.Decision != debt.ToBoard {
			err = d.goOn(ctx, agencies, by, &plan)
		}
		return plan, err
	}
	return a
}

// goOn reckons what is left of the plan that runs in the case, where there is one: its last instalments shrink or
// fall away.
func (d *decision) goOn(ctx context.Context, agencies *agency.Registry, by act.By, p *act.Plan) error {
	right, err := by.Lookup()
	if err != nil {
		return act.Wrong(act.NotFound, "itemId")
	}
	read, err := agencies.ReadCases(ctx, right.Agency(), right.Scope(p.Debtor), instalment.Relations, nil)
	if err != nil && read.Status != debt.AgencyOK {
		return act.Faults{{Code: act.AgencyUnavailable}}
	}
	decided := func(o debt.Objection) bool { return o.ID.ID == d.ObjectionID }
	for _, c := range read.Cases {
		held := c.Agreement()
		if held == nil || !slices.ContainsFunc(c.Objections, decided) {
			continue
		}
		var left []*debt.Case
		for _, x := range instalment.Open(held.Cases) {
			switch {
			case x != c:
				left = append(left, x)
			case d.Decision == debt.Reject:
				left = append(left, instalment.Resumed(by.Today, held, c))
			case d.Decision == debt.InPart:
				left = append(left, instalment.Resumed(by.Today, held, c).Reduced(*d.Reduction))
			}
			p.Cases = append(p.Cases, x.ID)
		}
		if plan := instalment.GoOn(by.Today, held, left); plan != nil {
			d.Instalments = plan.Sent()
		}
	}
	return nil
}

func checkDecision(by act.By, in DecideInput) (faults act.Faults) {
	if in.Decision == debt.InPart && in.Reduction == nil {
		faults = append(faults, act.Fault{Code: act.Invalid, Field: []string{"input", "reduction"}, Text: "input.REDUCTION"})
	}
	_, wrong := act.Amount("reduction", in.Reduction) // also where the decision does not ask for it
	faults = append(faults, wrong...)
	if in.collects() && in.Deadline != nil {
		faults = append(faults, checkDeadline(*in.Deadline, by.Today)...)
	}
	if in.Decision != debt.Uphold && act.Trimmed(in.Text) == nil {
		faults = append(faults, act.Fault{Code: act.Invalid, Field: []string{"input", "text"}, Text: "input.DECISION_TEXT"})
	}
	faults = append(faults, act.CheckText("text", in.Text, act.MostReason)...)
	return append(faults, act.CheckText("creditorStandpoint", in.CreditorStandpoint, act.MostReason)...)
}

func checkDeadline(day, today norway.Date) act.Faults {
	at := act.Fault{Code: act.Invalid, Field: []string{"input", "deadline"}}
	switch {
	case day < today.AddDays(statute.NewDeadlineDays):
		at.Text, at.Args = "input.NEW_DEADLINE", []text.Arg{text.With("min", statute.NewDeadlineDays)}
	case day > today.AddDays(longestDeadline):
		at.Text = "input.DAY_WITHIN_A_YEAR"
	default:
		return nil
	}
	return act.Faults{at}
}
