package state

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
)

// Agreement is the states of an instalment plan ([debt.AgreementStatus]).
var Agreement = Machine{
	Name: "Agreement", Norwegian: "nedbetalingsavtale",
	About: "One stands in a case at a time. Within the agency's policy it runs at once. An application that is taken back leaves nothing. " +
		"PROPOSED is what an accepted payment solution is until all of its agencies have agreed.",
	Transitions: slices.Concat(
		[]Transition{
			{From: None, To: string(debt.AgreementActive), Step: plainPlan},
			{From: None, To: string(debt.AgreementRequested), Step: longPlan},
			{From: None, To: string(debt.AgreementProposed), Step: Step{When: "a payment solution is accepted"}},
			{From: string(debt.AgreementProposed), To: string(debt.AgreementActive), Step: Step{When: "all agencies agree"}},
			{From: string(debt.AgreementRequested), To: string(debt.AgreementActive), Step: grantPlan},
			{From: string(debt.AgreementRequested), To: string(debt.AgreementRefused),
				Step: Step{"decide_instalment_plan", string(debt.Refuse)}},
			{From: string(debt.AgreementRequested), To: None, Step: Step{Act: "cancel_instalment_plan"}},
			{From: string(debt.AgreementRequested), To: None, Step: lastUpheld},
			{From: string(debt.AgreementActive), To: string(debt.AgreementCancelled), Step: lastUpheld},
			{From: string(debt.AgreementActive), To: string(debt.AgreementActive), Step: Step{When: "an objection in it is decided"}},
			{From: string(debt.AgreementActive), To: string(debt.AgreementActive), Step: Step{Act: "change_instalment_plan"}},
			{From: string(debt.AgreementActive), To: string(debt.AgreementCancelled), Step: Step{Act: "cancel_instalment_plan"}},
			{From: string(debt.AgreementActive), To: string(debt.AgreementBreached),
				Step: Step{When: "an instalment is not paid in the days of grace"}},
			{From: string(debt.AgreementActive), To: string(debt.AgreementCompleted), Step: Step{When: "the agency notes that all is paid"}},
		},
		anotherPlan(debt.AgreementRefused, debt.AgreementCancelled, debt.AgreementBreached, debt.AgreementCompleted),
	),
	Refusals: []Refusal{
		{Act: "apply_for_instalment_plan", Reason: "AGREEMENT_EXISTS"},
		{Act: "decide_instalment_plan", Reason: "ALREADY_DECIDED"},
		{Act: "change_instalment_plan", Reason: "NO_AGREEMENT"},
		{Act: "cancel_instalment_plan", Reason: "NO_AGREEMENT"},
	},
}

var (
	grantPlan  = Step{"decide_instalment_plan", string(debt.Grant)}
	plainPlan  = Step{"apply_for_instalment_plan", "within the policy"}
	lastUpheld = Step{When: "an objection in its last open case is upheld"}
	longPlan   = Step{"apply_for_instalment_plan", "beyond it"}
)

func anotherPlan(after ...debt.AgreementStatus) (all []Transition) {
	for _, from := range after {
		all = append(all,
			Transition{From: string(from), To: string(debt.AgreementActive), Step: plainPlan, Anew: true},
			Transition{From: string(from), To: string(debt.AgreementRequested), Step: longPlan, Anew: true})
	}
	return all
}
