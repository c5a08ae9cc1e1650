package examples

import (
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// givenPower is for the agencies that know the giver: others need not hear of it.
var givenPower = acttest.Examples[attorney.Input]{
	Suits: func(s *acttest.Somebody) bool {
		for _, p := range s.Parts {
			if len(p.Debtors) > 0 {
				return true
			}
		}
		return false
	},
	Good: func(_ testing.TB, at *acttest.Site, s *acttest.Somebody) attorney.Input {
		in := attorney.Input{
			Attorney:   attorney.Who{Person: attorneyOf(s)},
			ValidUntil: at.Agencies.Today().AddMonths(6), Signing: attorney.SigningInput{BankID: new(true)},
		}
		for _, p := range s.Parts {
			if len(p.Debtors) > 0 {
				in.Agencies = append(in.Agencies, p.Agency.ID)
			}
		}
		return in
	},
	Other: func(in *attorney.Input) { in.MayAct = !in.MayAct },
	Bad: map[string]acttest.Bad[attorney.Input]{
		"check digits": {
			Reason: "nobody has that number",
			Change: func(in *attorney.Input) {
				in.Attorney.Person = &attorney.PersonInput{NationalID: "01010112345", Name: in.Attorney.Person.Name}
			},
			Want: act.Wrong(act.Invalid, "attorney", "person", "nationalId"),
		},
		"a name without letters": {
			Reason: "nobody is called so",
			Change: func(in *attorney.Input) {
				in.Attorney = attorney.Who{Organisation: &attorney.OrganisationInput{OrgNumber: "987654325", Name: "--"}}
			},
			Want: act.Wrong(act.Invalid, "attorney", "organisation", "name"),
		},
		"another agency": {
			Reason: "it is not known",
			Change: func(in *attorney.Input) { in.Agencies = []debt.Key{{Kind: debt.KindAgency, Agency: "nowhere"}} },
			Want:   act.Wrong(act.Invalid, "agencies", "0"),
		},
		"somebody else's case": {
			Reason: "it is answered like one that is missing",
			Change: func(in *attorney.Input) {
				in.Cases = []debt.Key{{Kind: debt.KindCase, Agency: in.Agencies[0].Agency, ID: "999999999"}}
				in.Agencies = nil
			},
			Want: act.Wrong(act.Invalid, "cases", "0"),
		},
		"too long": {
			Reason: "it is given again after two years",
			Change: func(in *attorney.Input) { in.ValidUntil = in.ValidUntil.AddMonths(12 * (attorney.MaxYears + 1)) },
			Want:   act.Wrong(act.Invalid, "validUntil"),
		},
		"not signed": {
			Reason: "there is no false",
			Change: func(in *attorney.Input) { in.Signing.BankID = new(false) },
			Want:   act.Wrong(act.Invalid, "signing", "bankID"),
		},
	},
	AtOnce: []string{"check digits", "another agency", "too long"},
	Private: func(in attorney.Input) []string {
		return []string{in.Attorney.Person.NationalID, in.Attorney.Person.Name}
	},
}

// attorneyOf returns a demo person who is not the giver.
func attorneyOf(s *acttest.Somebody) *attorney.PersonInput {
	demo := people.DemoPeople(acttest.Today)
	p := demo[5]
	if p.NationalID == s.NationalID {
		p = demo[1]
	}
	return &attorney.PersonInput{NationalID: p.NationalID.Reveal(), Name: p.Name}
}

var revocation = acttest.Examples[attorney.RevokeInput]{
	Suits: givenPower.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) attorney.RevokeInput {
		given := acttest.Do(t, at, s, givenPower.Good(t, at, s))
		return attorney.RevokeInput{ID: attorney.GlobalID(given.ID)}
	},
	Other: func(in *attorney.RevokeInput) { in.ID = attorney.GlobalID(uuid.New()) },
	Bad: map[string]acttest.Bad[attorney.RevokeInput]{
		"no power": {
			Reason: "there is one to revoke",
			Change: func(in *attorney.RevokeInput) { in.ID = attorney.GlobalID(uuid.New()) },
			Want:   act.Wrong(act.NotFound, "id"),
		},
		"an agency": {
			Reason: "what is revoked is the power",
			Change: func(in *attorney.RevokeInput) { in.ID = nowhere(debt.KindAgency) },
			Want:   act.Wrong(act.NotFound, "id"),
		},
	},
	About:   func(in *attorney.RevokeInput) *debt.Key { return &in.ID },
	Private: func(attorney.RevokeInput) []string { return nil },
}
