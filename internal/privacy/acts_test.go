package privacy_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestActsAreRegistered: what a person has asked for is in the register and in both files of the
// archive, and of an accepted solution what is to be paid when.
func TestActsAreRegistered(t *testing.T) {
	t.Parallel()
	w, p := build(t, people.Tradisjon), callerOf(kari())
	read, err := w.agencies.ReadCases(t.Context(), people.Fjord, p.Scope(), debt.OfCases, nil)
	if err != nil {
		t.Fatal(err)
	}
	payment := schedule.Payment{DueOn: today.AddDays(30), Amount: 595_00, Fee: 35_00}
	kept, err := schedule.New(read.Cases[:1], []schedule.Payment{payment}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	// Agreed to by nobody: how a solution is accepted is not what is looked at here.
	accept := &act.Of[act.Keyed]{Act: act.Act{Name: solution.Name, Reach: act.Here},
		Plan: func(context.Context, act.By, act.Keyed) (act.Plan, error) { return act.Plan{Kept: kept}, nil }}
	_, err = accept.Perform(t.Context(), w.engine, act.By{Principal: p}, act.Keyed{IdempotencyKey: uuid.New()})
	if err != nil {
		t.Fatal(err)
	}
	w.day.Store(int32(today.AddDays(1)))
	if _, err := w.hand(t.Context(), p, submission("Slett meg")); err != nil {
		t.Fatal(err)
	}
	portalOf := func(l debt.Language) (archive, any) {
		a := w.archive(t, p, &l)
		sources := at(a.tree, "sources").([]any)
		return a, sources[len(sources)-1]
	}
	a, source := portalOf(debt.English)
	asked := func(name, on string) map[string]any {
		return map[string]any{"askedFor": name, "askedAt": on, "askedBy": nil, "status": "DONE", "agencies": []any{}, "endedAt": on}
	}
	want := []any{
		asked("SUBMIT_PRIVACY_REQUEST", "2026-03-03T12:00:00Z"), asked("ACCEPT_PAYMENT_SOLUTION", "2026-03-02T12:00:00Z"),
	}
	if diff := cmp.Diff(want, at(source, "portal", "acts")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	paid := map[string]any{"dueOn": "2026-04-01", "caseNumber": read.Cases[0].CaseNumber + ", Fjord Inkasso AS",
		"amount": "595.00", "fee": "35.00"}
	if diff := cmp.Diff([]any{paid}, at(source, "portal", "solutionAcceptances", 0, "schedule")); diff != "" ||
		at(source, "portal", "solutionAcceptances", 0, "status") != "CONFIRMED" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, c := range at(source, "categories").([]any) {
		if at(c, "code") == "ACTS" && (at(c, "recordCount") != 2.0 || at(c, "retentionDays") != 1095.0) {
			t.Errorf("the category: %v", c)
		}
	}
	for language, says := range map[debt.Language][]string{
		debt.English: {"What you have asked for (2)", "Accept a payment solution", "Ask or complain about privacy", "Done"},
		debt.Bokmal:  {"Hva du har bedt om (2)", "Godta en betalingsløsning", "Utført"},
		debt.Nynorsk: {"Kva du har bede om (2)", "Godta ei betalingsløysing", "Utført"},
	} {
		a, _ = portalOf(language)
		for _, s := range says {
			if !strings.Contains(a.pdfText, squeeze(s)) {
				t.Errorf("%s: the PDF does not say %q", language, s)
			}
		}
	}
	if _, source := portalOf(debt.English); len(at(source, "portal", "acts").([]any)) != 2 {
		t.Error("an archive is no act")
	}
	other := generator.Person(7)
	b := w.archive(t, callerOf(&other), nil)
	if strings.Contains(b.json, "ACCEPT_PAYMENT_SOLUTION") {
		t.Error("somebody else's archive has the act")
	}
}
