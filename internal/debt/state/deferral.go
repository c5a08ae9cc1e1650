package state

import "github.com/oversikt/oversikt/internal/debt"

// Deferral is the states of more time to pay ([debt.DeferralStatus]).
var Deferral = Machine{
	Name: "Deferral", Norwegian: "betalingsutsettelse",
	About: "One runs in a case at a time. Up to the agency's number of days it is granted at once. Once its last day has passed, another can be asked for.",
	Transitions: []Transition{
		{From: None, To: deferralGranted, Step: shortDeferral},
		{From: None, To: deferralRequested, Step: longDeferral},
		{From: deferralRequested, To: deferralGranted, Step: Step{"decide_deferral", string(debt.Grant)}},
		{From: deferralRequested, To: deferralRefused, Step: Step{"decide_deferral", string(debt.Refuse)}},
		{From: deferralRefused, To: deferralGranted, Step: shortDeferral, Anew: true},
		{From: deferralRefused, To: deferralRequested, Step: longDeferral, Anew: true},
	},
	Refusals: []Refusal{
		{Act: "request_deferral", Reason: "DEFERRAL_EXISTS"},
		{Act: "decide_deferral", Reason: "ALREADY_DECIDED"},
	},
}

const (
	deferralRequested = string(debt.DeferralRequested)
	deferralGranted   = string(debt.DeferralGranted)
	deferralRefused   = string(debt.DeferralRefused)
)

var (
	shortDeferral = Step{"request_deferral", "within the policy"}
	longDeferral  = Step{"request_deferral", "beyond it"}
)
