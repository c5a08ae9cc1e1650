// Package caselink claims cases that agencies do not know to be the person's (kobling av sak), and decides that.
package caselink

import (
	"context"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/text"
)

// Throttled says that there were too many attempts.
const Throttled act.Code = "THROTTLED"

// Why a claim cannot be granted.
const (
	NoSuchCase act.Code = "NO_SUCH_CASE"
	OthersCase act.Code = "OTHERS_CASE" // it has another person's number, or is a business's
)

var keep = act.Keep{Days: 1095,
	Why: "Who claimed a case, and who gave it to them, is asked for when it was another's; " +
		"that can be disputed for three years (foreldelsesloven § 2)"}

// ClaimInput is which case is claimed.
type ClaimInput struct {
	act.Keyed
	Agency     string  `json:"agency"` // code
	CaseNumber string  `json:"caseNumber"`
	Password   *string `json:"password"`
	Text       *string `json:"text"` // why it is theirs
}

// claim is the input as the contract takes it.
type claim struct {
	CaseNumber string     `json:"case_number"`
	Name       *string    `json:"name"`
	Attempt    *uuid.UUID `json:"attempt"` // whose password was right; nil: there is none
	Statement  *string    `json:"statement"`
}

// Deps is what the act works with.
type Deps struct {
	Agencies *agency.Registry
	// Number returns a case number without the space around it; false for what is none.
	Number func(typed string) (number string, ok bool)
	// Prove counts an attempt of who asks, and returns the agency's key of it where the password is right. It
	// returns Faults where there have been too many.
	Prove func(ctx context.Context, by act.By, agency, number string, password *string) (attempt *uuid.UUID, err error)
}

// Claim claims a case. What is told does not depend on the case.
func Claim(d Deps) *act.Of[ClaimInput] {
	a := &act.Of[ClaimInput]{Act: act.Act{
		Name: "CLAIM_CASE", Reach: act.One, Who: access.Debtor, Function: "claim_case",
		Codes: []act.Code{act.NotOffered, Throttled, act.AgencyUnavailable, act.Other}, Keep: keep,
		Often: throttle.Limits{PerMinute: 5, PerDay: 20},
	}}
	a.Check = d.check
	a.Plan = func(ctx context.Context, by act.By, in ClaimInput) (act.Plan, error) {
		if wrong := a.CheckOffered(d.Agencies, in.Agency); wrong != nil {
			return act.Plan{}, wrong
		}
		number, _ := d.Number(in.CaseNumber)
		attempt, err := d.Prove(ctx, by, in.Agency, number, act.Trimmed(in.Password))
		switch {
		case err != nil && fault.Of(err).Code == fault.AgencyUnavailable:
			return act.Plan{}, act.Faults{{Code: act.AgencyUnavailable}}
		case err != nil:
			return act.Plan{}, err
		}
		return act.Plan{Parts: []act.Part{{Agency: in.Agency, Input: claim{CaseNumber: number,
			Name: named(by.Name), Attempt: attempt, Statement: act.Trimmed(in.Text)}}}}, nil
	}
	return a
}

// maxPassword and maxName are how many characters the contract takes.
const (
	maxPassword = 128
	maxName     = 200
)

func (d Deps) check(_ act.By, in ClaimInput) (faults act.Faults) {
	if _, ok := d.Number(in.CaseNumber); !ok {
		faults.Invalid("caseNumber", "input.CASE_NUMBER", text.With("max", 64))
	}
	if in.Password != nil && (utf8.RuneCountInString(*in.Password) > maxPassword || !text.Plain(*in.Password)) {
		faults.Invalid("password", "input.PASSWORD", text.With("max", maxPassword))
	}
	return append(faults, act.CheckText("text", in.Text, act.MostReason)...)
}

// named is a name as the contract takes it; nil where the login has none.
func named(name string) *string {
	if utf8.RuneCountInString(name) > maxName {
		return nil
	}
	return act.Trimmed(&name)
}

// DecideInput is what a case worker decides.
type DecideInput struct {
	act.Keyed
	ItemID   debt.Key      `json:"itemId"`
	Decision debt.Decision `json:"decision"`
	Text     *string       `json:"text"` // what who claims it is told
}

type decision struct {
	LinkID   string        `json:"case_link_id"`
	Decision debt.Decision `json:"decision"`
	Reply    *string       `json:"reply"`
}

// Decide decides a claim, once.
func Decide(agencies *agency.Registry) *act.Of[DecideInput] {
	declared := act.DeskAct("DECIDE_CASE_LINK", "decide_case_link", act.At("itemId", NoSuchCase, OthersCase),
		NoSuchCase, OthersCase, act.Other)
	declared.Keep = keep
	a := &act.Of[DecideInput]{Act: declared}
	a.Check = func(_ act.By, in DecideInput) act.Faults {
		return act.CheckReply(in.Text, act.MostReason, in.Decision == debt.Refuse, "input.REFUSAL_REASON")
	}
	a.Plan = func(ctx context.Context, by act.By, in DecideInput) (act.Plan, error) {
		return a.OfItem(ctx, agencies, by, in.ItemID, debt.QueueLink, func(subject string) any {
			return decision{subject, in.Decision, act.Trimmed(in.Text)}
		})
	}
	return a
}
