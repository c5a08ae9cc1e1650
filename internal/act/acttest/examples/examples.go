// Package examples has what each act is tested from: an example that is granted, what goes before
// it, and inputs that are refused. Every test that has to ask for each act takes it from here.
package examples

import (
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/debt"
)

var all = []acttest.Example{
	acceptance, addition, application, breathingSpace, caseClaims, caseDecision, claim, complaintAnswer, complaints,
	contactData, copyAnswer, copyOrders, credentialsOrder,
	decision, declaration, deferrals, givenPower, objectionDecision, objections, planCancellation, planChange,
	planDecision, privacyRequest, receiptDecision, receipts, release, revocation, savedBudget, sharedBudget, takenBack,
	withdrawal,
}

// For returns the example of a registered act, and ends the test where it has none. acts is a
// pointer to the struct of all acts.
func For(t testing.TB, acts any, a *act.Act) acttest.Example {
	t.Helper()
	for _, x := range all {
		if x.Of(acts) == a {
			return x
		}
	}
	t.Fatalf("%s has no example: give it one in internal/act/acttest/examples", a.Name)
	return nil
}

// hasCase says of a person that one of the cases suits.
func hasCase(suits func(*debt.Case) bool) func(*acttest.Somebody) bool {
	return func(s *acttest.Somebody) bool { return s.Case(suits) != nil }
}

// nowhere is an object of an agency that is not connected.
func nowhere(kind debt.Kind) debt.Key { return debt.Key{Kind: kind, Agency: "nowhere", ID: "1"} }
