package state

import "github.com/oversikt/oversikt/internal/debt"

// Which claim of a case it is.
const (
	ClaimProven   = "proven by password and name"
	ClaimUnproven = "otherwise"
)

// CaseLink is the states of a claim of a case ([debt.CaseLinkStatus]).
var CaseLink = Machine{
	Name: "CaseLink", Norwegian: "kobling av sak",
	About: "One of a person and a case number waits at a time, whether there is such a case or not: a later claim adds to it. " +
		"Once it is granted the case is theirs, and whatever is claimed of it again is granted.",
	Transitions: []Transition{
		claims(None, debt.LinkRequested, ClaimUnproven), claims(None, debt.LinkGranted, ClaimProven),
		claims(waits, debt.LinkRequested, ClaimUnproven), claims(waits, debt.LinkGranted, ClaimProven),
		{From: waits, To: string(debt.LinkGranted), Step: Step{"decide_case_link", string(debt.Grant)}},
		{From: waits, To: string(debt.LinkRefused), Step: Step{"decide_case_link", string(debt.Refuse)}},
		claimsAgain(debt.LinkGranted, debt.LinkGranted, ClaimUnproven),
		claimsAgain(debt.LinkGranted, debt.LinkGranted, ClaimProven),
		claimsAgain(debt.LinkRefused, debt.LinkRequested, ClaimUnproven),
		claimsAgain(debt.LinkRefused, debt.LinkGranted, ClaimProven),
	},
	Refusals: []Refusal{{Act: "decide_case_link", Reason: "ALREADY_DECIDED"}},
}

const waits = string(debt.LinkRequested)

func claims(from string, to debt.CaseLinkStatus, which string) Transition {
	return Transition{From: from, To: string(to), Step: Step{"claim_case", which}}
}

func claimsAgain(after, to debt.CaseLinkStatus, which string) Transition {
	t := claims(string(after), to, which)
	t.Anew = true
	return t
}
