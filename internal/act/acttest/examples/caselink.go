package examples

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/caselink"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
)

// claimed is a case that nobody has.
func claimed(_ testing.TB, _ *acttest.Site, s *acttest.Somebody) caselink.ClaimInput {
	return caselink.ClaimInput{Agency: s.Case(open).ID.Agency, CaseNumber: "no " + uuid.NewString(),
		Text: new("I have changed my name")}
}

var caseClaims = acttest.Examples[caselink.ClaimInput]{
	Suits: hasCase(open),
	Good:  claimed,
	Other: func(in *caselink.ClaimInput) { in.CaseNumber = "1" },
	Bad: map[string]acttest.Bad[caselink.ClaimInput]{
		"no number": {
			Reason: "it is about one case",
			Change: func(in *caselink.ClaimInput) { in.CaseNumber = " " },
			Want:   act.Wrong(act.Invalid, "caseNumber"),
		},
		"a long number": {
			Reason: "no agency has one",
			Change: func(in *caselink.ClaimInput) { in.CaseNumber = strings.Repeat("1", 65) },
			Want:   act.Wrong(act.Invalid, "caseNumber"),
		},
		"a long password": {
			Reason: "no letter has one, and each is hashed",
			Change: func(in *caselink.ClaimInput) { in.Password = new(strings.Repeat("å", 129)) },
			Want:   act.Wrong(act.Invalid, "password"),
		},
		"a long text": {
			Reason: "the contract takes so much",
			Change: func(in *caselink.ClaimInput) { in.Text = new(strings.Repeat("x", act.MostReason+1)) },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"another agency": {
			Reason: "it is not known",
			Change: func(in *caselink.ClaimInput) { in.Agency = "nowhere" },
			Want:   act.Wrong(act.Invalid, "agency"),
		},
	},
	AtOnce:  []string{"no number", "a long password", "a long text"},
	Private: func(in caselink.ClaimInput) []string { return []string{*in.Text, in.CaseNumber} },
}

var caseDecision = acttest.Examples[caselink.DecideInput]{
	Suits: caseClaims.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) caselink.DecideInput {
		in := claimed(t, at, s)
		acttest.Do(t, at, s, in)
		return caselink.DecideInput{ItemID: linkWaits(t, at, s, in), Decision: debt.Refuse,
			Text: new("the case is not one of ours")}
	},
	Other: func(in *caselink.DecideInput) { in.Text = new("look at the letter again") },
	Bad: map[string]acttest.Bad[caselink.DecideInput]{
		"no word why": {
			Reason: "who is refused is told why",
			Change: func(in *caselink.DecideInput) { in.Text = nil },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"a long text": {
			Reason: "the contract takes so much",
			Change: func(in *caselink.DecideInput) { in.Text = new(strings.Repeat("x", longStatement)) },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"nothing that waits": {
			Reason: "it is about one thing",
			Change: func(in *caselink.DecideInput) { in.ItemID = nowhere(debt.KindQueueItem) },
			Want:   act.Wrong(act.NotFound, "itemId"),
		},
		"decided": {
			Reason: "what does not wait has been decided",
			Change: func(in *caselink.DecideInput) { in.ItemID.ID = "999999999" },
			Want:   act.Wrong(act.AlreadyDecided, "itemId"),
		},
	},
	About:   func(in *caselink.DecideInput) *debt.Key { return &in.ItemID },
	Private: func(in caselink.DecideInput) []string { return []string{*in.Text} },
}

// linkWaits returns what waits of a claim.
func linkWaits(t testing.TB, at *acttest.Site, s *acttest.Somebody, in caselink.ClaimInput) debt.Key {
	t.Helper()
	right, err := acttest.Worker(in.Agency, s).Lookup()
	if err != nil {
		t.Fatal(err)
	}
	items, _, err := at.Agencies.Queue(t.Context(), right, agency.QueueQuery{Kind: debt.QueueLink, Rows: 10_000})
	i := slices.IndexFunc(items, func(x agency.Waiting) bool {
		return x.Link != nil && x.Link.CaseNumber == in.CaseNumber
	})
	if err != nil || i < 0 {
		t.Fatalf("the claim does not wait: %v", err)
	}
	return items[i].ID
}
