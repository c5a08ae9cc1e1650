// Package difficulty tells agencies once of a person's situation, by consent, and takes it back.
package difficulty

import (
	"context"
	"slices"
	"time"

	"golang.org/x/text/language"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/text"
)

// What the acts are refused for beside what is common.
const (
	ConsentNeeded act.Code = "CONSENT_NEEDED" // it may be of health: GDPR art. 9(2)(a)
	NotRegistered act.Code = "NOT_REGISTERED" // no agency that is chosen has the person
	NothingTold   act.Code = "NOTHING_TOLD"   // there is nothing to take back
)

// lasts is how many days what is told holds where the person names no day, and longest how many at most:
// what is told of health is not kept longer than it is true (GDPR art. 5(1)(d) and (e)).
const (
	lasts   = 182
	longest = 366
)

// keep holds for both acts: what was told is not in them once agencies have it.
var keep = act.Keep{Days: 1095, Why: "That consent was given or withdrawn, and when, must be shown (GDPR art. 7(1)); " +
	"it can be disputed for three years (foreldelsesloven § 9)"}

// Input is what agencies are told.
type Input struct {
	act.Keyed
	Agencies            []debt.Key            `json:"agencies"` // nil: all in scope
	Consent             bool                  `json:"consent"`
	Kinds               []debt.DifficultyKind `json:"kinds"`
	InterpreterLanguage *string               `json:"interpreterLanguage"`
	Statement           *string               `json:"statement"`
	ContactChannel      *debt.ContactChannel  `json:"contactChannel"`
	ContactFrom         *int                  `json:"contactFrom"`
	ContactUntil        *int                  `json:"contactUntil"`
	Until               *norway.Date          `json:"until"` // nil: as long as lasts says
}

// declaration is the input as the contract takes it.
type declaration struct {
	Kinds               []debt.DifficultyKind `json:"kinds"`
	InterpreterLanguage *string               `json:"interpreter_language"`
	Statement           *string               `json:"statement"`
	ContactChannel      *debt.ContactChannel  `json:"contact_channel"`
	ContactFrom         *int                  `json:"contact_from"`
	ContactUntil        *int                  `json:"contact_until"`
	DeclaredAt          time.Time             `json:"declared_at"`
	Until               string                `json:"until"`
}

// Declare is the act that tells.
func Declare(agencies *agency.Registry) *act.Of[Input] {
	a := &act.Of[Input]{Act: act.Act{
		Name: "DECLARE_DIFFICULTY", Reach: act.Each, Who: access.Debtor, Function: "declare_difficulty",
		Codes: []act.Code{act.NotOffered, ConsentNeeded, NotRegistered}, Keep: keep,
		Often: throttle.Limits{PerMinute: 5, PerDay: 20},
	}}
	a.Check = check
	a.Plan = func(ctx context.Context, by act.By, in Input) (act.Plan, error) {
		until := by.Today.AddDays(lasts)
		if in.Until != nil {
			until = *in.Until
		}
		kinds := slices.Compact(slices.Sorted(slices.Values(in.Kinds)))
		return plan(ctx, &a.Act, agencies, by, in.Agencies, declaration{
			Kinds: append([]debt.DifficultyKind{}, kinds...), InterpreterLanguage: code(act.Trimmed(in.InterpreterLanguage)),
			Statement: act.Trimmed(in.Statement), ContactChannel: in.ContactChannel, ContactFrom: in.ContactFrom,
			ContactUntil: in.ContactUntil, DeclaredAt: by.Now.UTC(), Until: until.String(),
		}, NotRegistered, func(part debt.Part) bool { return len(part.Debtors) > 0 })
	}
	return a
}

// WithdrawInput is where it is taken back.
type WithdrawInput struct {
	act.Keyed
	Agencies []debt.Key `json:"agencies"` // nil: everywhere
}

// Withdraw is the act that takes back what was told.
func Withdraw(agencies *agency.Registry) *act.Of[WithdrawInput] {
	a := &act.Of[WithdrawInput]{Act: act.Act{
		Name: "WITHDRAW_DIFFICULTY", Reach: act.Each, Who: access.Debtor, Function: "withdraw_difficulty",
		Codes: []act.Code{act.NotOffered, NothingTold}, Keep: keep, Often: throttle.Limits{PerMinute: 5, PerDay: 20},
	}}
	a.Plan = func(ctx context.Context, by act.By, in WithdrawInput) (act.Plan, error) {
		return plan(ctx, &a.Act, agencies, by, in.Agencies, map[string]time.Time{"withdrawn_at": by.Now.UTC()}, NothingTold,
			func(part debt.Part) bool { return len(part.Difficulties) > 0 })
	}
	return a
}

// plan asks those of the chosen agencies where it is about something. One that does not answer now is
// asked later, and keeps nothing of a person whom it does not have.
func plan(ctx context.Context, a *act.Act, agencies *agency.Registry, by act.By, chosen []debt.Key, input any,
	nothing act.Code, about func(debt.Part) bool) (act.Plan, error) {
	var plan act.Plan
	if wrong := act.CheckAgencies("agencies", chosen, agencies.Codes()); wrong != nil {
		return plan, wrong
	}
	offered := false
	parts, _ := agencies.Read(ctx, by.Scope(), debt.OfDebtors|debt.OfDifficulties)
	for _, part := range parts {
		code := part.Agency.Code
		if !act.Chosen(chosen, code) || !a.Offered(agencies, code) {
			continue
		}
		offered = true
		if part.Status != debt.AgencyOK && !part.Presumed || about(part) {
			plan.Parts = append(plan.Parts, act.Part{Agency: code, Input: input})
		}
	}
	switch {
	case !offered:
		return plan, act.Faults{{Code: act.NotOffered}}
	case len(plan.Parts) == 0:
		return plan, act.Faults{{Code: nothing}}
	}
	return plan, nil
}

func check(by act.By, in Input) (faults act.Faults) {
	wrong := func(member, key string, args ...text.Arg) {
		faults = append(faults, act.Fault{Code: act.Invalid, Field: []string{"input", member}, Text: key, Args: args})
	}
	if !in.Consent {
		faults = append(faults, act.Fault{Code: ConsentNeeded, Field: []string{"input", "consent"}})
	}
	if len(in.Kinds) == 0 && in.ContactChannel == nil && in.ContactFrom == nil && in.ContactUntil == nil {
		wrong("kinds", "input.NOTHING_TOLD")
	}
	spoken, needed := act.Trimmed(in.InterpreterLanguage), slices.Contains(in.Kinds, debt.DifficultyInterpreter)
	switch {
	case needed != (spoken != nil):
		wrong("interpreterLanguage", "input.INTERPRETER")
	case spoken != nil && code(spoken) == nil:
		wrong("interpreterLanguage", "input.LANGUAGE_CODE")
	}
	other := slices.Contains(in.Kinds, debt.DifficultyOther) ||
		in.ContactChannel != nil && *in.ContactChannel == debt.ContactByOther
	if other && act.Trimmed(in.Statement) == nil {
		wrong("statement", "input.OTHER_SITUATION")
	}
	from, until := in.ContactFrom, in.ContactUntil
	if (from == nil) != (until == nil) || from != nil && !within(*from, *until) {
		wrong("contactFrom", "input.CONTACT_HOURS")
	}
	if in.Until != nil {
		faults = append(faults, act.CheckAhead("until", *in.Until, by.Today)...)
		if *in.Until > by.Today.AddDays(longest) {
			wrong("until", "input.DAY_WITHIN_A_YEAR")
		}
	}
	return append(faults, act.CheckText("statement", in.Statement, act.MostReason)...)
}

// code is a language that was typed as ISO 639 has it: its shortest code, nil for none.
func code(typed *string) *string {
	if typed == nil {
		return nil
	}
	base, err := language.ParseBase(*typed)
	if err != nil {
		return nil
	}
	return new(base.String())
}

// within says that hours lie within those of a weekday.
func within(from, until int) bool {
	lawful := statute.LawfulContact.Rows[len(statute.LawfulContact.Rows)-1].Value.Weekdays
	return lawful.From <= from && from < until && until <= lawful.Until
}
