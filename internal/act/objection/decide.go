package objection

import (
	"context"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
	"github.com/oversikt/oversikt/internal/text"
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
		return a.OfItem(ctx, agencies, by, in.ItemID, "itemId", debt.QueueObjection, func(subject string) any {
			d := decision{ObjectionID: subject, Decision: in.Decision, Reply: act.Trimmed(in.Text),
				Standpoint: act.Trimmed(in.CreditorStandpoint)}
			if in.Decision == debt.InPart {
				d.Reduction, _ = act.Amount("reduction", in.Reduction)
			}
			if in.collects() && in.Deadline != nil {
				d.Deadline = new(in.Deadline.String())
			}
			return d
		})
	}
	return a
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
