package state

import "github.com/oversikt/oversikt/internal/debt"

// Case is the phases of a case ([debt.Phase]), and what can be asked for in them while nothing else runs.
var Case = Machine{
	Name: "Case", Norwegian: "inkassosak",
	About:       "Collection goes on from phase to phase by the agency's own work, and some are passed over. A case is closed in any of them: once it is paid, withdrawn or barred. A decision on an objection moves it too. Where a court has it, BEFORE_COURT holds in any phase.",
	Transitions: phases(),
	Refusals: []Refusal{
		{Act: "request_deferral", From: early, Reason: "TOO_EARLY"},
		{Act: "request_deferral", Reason: "CASE_CLOSED"},
		{Act: "apply_for_instalment_plan", Reason: "CASE_CLOSED"},
		{Act: "submit_objection", Reason: "CASE_CLOSED"},
		{Act: "decide_objection", From: []string{string(debt.PhaseLegal)}, Reason: "BEFORE_COURT"},
		{Act: "decide_objection", Reason: "CASE_CLOSED"},
	},
}

// early are the phases before collection.
var early = []string{string(debt.PhaseReminder), string(debt.PhaseCollectionWarning)}

var (
	uphold  = Step{"decide_objection", string(debt.Uphold)}
	toBoard = Step{"decide_objection", string(debt.ToBoard)}
)

func phases() (all []Transition) {
	in := []debt.Phase{debt.PhaseReminder, debt.PhaseCollectionWarning, debt.PhasePaymentDemand, debt.PhaseLightFee,
		debt.PhaseHeavyFee, debt.PhaseLegal, debt.PhaseMonitoring}
	for _, p := range in {
		all = append(all, Transition{From: None, To: string(p), Step: Step{When: "the agency takes it"}})
	}
	closed := string(debt.PhaseClosed)
	for i, p := range in {
		from := string(p)
		if i+1 < len(in) {
			all = append(all, Transition{From: from, To: string(in[i+1]), Step: Step{When: "collection goes on"}})
		}
		all = append(all, Transition{From: from, To: closed, Step: Step{When: "nothing is demanded any more"}})
		for _, act := range []string{"apply_for_instalment_plan", "submit_objection", "submit_complaint"} {
			all = append(all, Transition{From: from, To: from, Step: Step{Act: act}})
		}
		if i > 1 {
			all = append(all, Transition{From: from, To: from, Step: Step{Act: "request_deferral"}})
		}
		all = append(all, Transition{From: from, To: closed, Step: uphold})
		if p != debt.PhaseLegal {
			all = append(all, Transition{From: from, To: string(debt.PhaseLegal), Step: toBoard})
		}
	}
	return append(all, Transition{From: closed, To: closed, Step: Step{Act: "submit_complaint"}},
		Transition{From: closed, To: closed, Step: uphold})
}
