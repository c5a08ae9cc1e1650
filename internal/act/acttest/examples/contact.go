package examples

import (
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/contact"
	"github.com/oversikt/oversikt/internal/debt"
)

var contactData = acttest.Examples[contact.Input]{
	Suits: givenPower.Suits,
	Good: func(testing.TB, *acttest.Site, *acttest.Somebody) contact.Input {
		return contact.Input{Email: new("kari.nordmann@example.no"), Phone: new("22 33 44 55")}
	},
	Other: func(in *contact.Input) { in.Email = new("ola.nordmann@example.no") },
	Bad: map[string]acttest.Bad[contact.Input]{
		"nothing": {
			Reason: "there is nothing to correct",
			Change: func(in *contact.Input) { in.Email, in.Phone = nil, nil },
			Want:   act.Faults{{Code: act.Invalid, Field: []string{"input"}}},
		},
		"no address": {
			Reason: "nobody can be reached there",
			Change: func(in *contact.Input) { in.Email = new("kari at home") },
			Want:   act.Wrong(act.Invalid, "email"),
		},
		"no number": {
			Reason: "nobody can be called there",
			Change: func(in *contact.Input) { in.Phone = new("12") },
			Want:   act.Wrong(act.Invalid, "phone"),
		},
		"half a postal code": {
			Reason: "it has four digits",
			Change: func(in *contact.Input) {
				in.StreetAddress, in.PostalCode, in.City = new("Storgata 1"), new("01"), new("Oslo")
			},
			Want: act.Wrong(act.Invalid, "postalCode"),
		},
		"another agency": {
			Reason: "it is not known",
			Change: func(in *contact.Input) { in.Agency = &debt.Key{Kind: debt.KindAgency, Agency: "nowhere"} },
			Want:   act.Wrong(act.Invalid, "agency"),
		},
	},
	AtOnce:  []string{"no address", "no number", "half a postal code"},
	Private: func(in contact.Input) []string { return []string{*in.Email, *in.Phone, "22334455"} },
}
