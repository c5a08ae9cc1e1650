package agency_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/contracttest"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

// TestCaseLogin tries a number until it is locked, and logs in before that.
func TestCaseLogin(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	x := all(t, r)[0].Cases[0]
	for i := range 8 {
		login, err := r.CaseLogin(t.Context(), "lita", x.CaseNumber, debt.Password{})
		if err != nil || login.CaseID != x.ID.ID || login.NationalID != somebody().NationalID() || login.Wait != 0 {
			t.Fatalf("try %d: %+v, %v", i, login, err)
		}
		if status, err := r.CaseLoginSucceeded(t.Context(), "lita", login.Attempt); err != nil || status != debt.ActDone {
			t.Fatalf("try %d: %s, %v", i, status, err)
		}
	}
	for range 5 {
		if login, err := r.CaseLogin(t.Context(), "lita", x.CaseNumber, debt.Password{}); err != nil || login.Wait != 0 {
			t.Fatalf("%+v, %v", login, err)
		}
	}
	if login, err := r.CaseLogin(t.Context(), "lita", x.CaseNumber, debt.Password{}); err != nil || login.Wait <= 0 ||
		login.Wait > 30*time.Second {
		t.Errorf("%+v, %v", login, err)
	}
	if _, err := r.CaseLogin(t.Context(), "nowhere", x.CaseNumber, debt.Password{}); fault.Of(err).Code != fault.NotFound {
		t.Errorf("an agency that does not exist: %v", err)
	}
}

// TestAccessActs passes each act through the cell to its function.
func TestAccessActs(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	x := all(t, r)[0].Cases[0]
	done := contracttest.ActAnswer{Status: debt.ActDone}
	ctx, tally := agency.WithTally(t.Context())

	order, err := r.OrderCredentials(ctx, "lita", caller.Scope{}, uuid.New(), x.CaseNumber)
	if want := (contracttest.CredentialOrder{Status: debt.ActDone, Channel: debt.CredentialsByLetter}); err != nil ||
		order != want {
		t.Errorf("order: %+v, %v", order, err)
	}
	answer, err := r.CorrectContact(ctx, "lita", somebody(), uuid.New(), contracttest.ContactChange{City: new("ÅS")})
	if err != nil || answer != done {
		t.Errorf("correct: %+v, %v", answer, err)
	}
	if d := all(t, r)[0].Debtors[0]; d.City == nil || *d.City != "ÅS" {
		t.Errorf("the city is %v", d.City)
	}
	given, err := r.GivePowerOfAttorney(ctx, "lita", somebody(), uuid.New(), contracttest.NewPowerOfAttorney{
		AttorneyOrgNumber: "310000000", AttorneyName: "Rådgiver AS", Cases: []string{x.ID.ID}, ValidFrom: today,
	})
	if err != nil || given.ActAnswer != done || given.ID == "" {
		t.Errorf("give: %+v, %v", given, err)
	}
	answer, err = r.RevokePowerOfAttorney(ctx, "lita", somebody(), uuid.New(), given.ID)
	if err != nil || answer != done {
		t.Errorf("revoke: %+v, %v", answer, err)
	}
	if used := tally.Usage(); len(used) != 1 || used[0].Statements != 4 {
		t.Errorf("the tally is %+v", used)
	}
}
