package examples

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/difficulty"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

func told() difficulty.Input {
	return difficulty.Input{
		Consent: true, Kinds: []debt.DifficultyKind{debt.DifficultyInterpreter, debt.DifficultyIllness},
		InterpreterLanguage: new("som"), Statement: new("in hospital until spring"),
		ContactChannel: new(debt.ContactByEmail), ContactFrom: new(10), ContactUntil: new(14),
		Until: new(acttest.Today.AddDays(5)),
	}
}

var declaration = acttest.Examples[difficulty.Input]{
	Suits: givenPower.Suits,
	Good:  func(testing.TB, *acttest.Site, *acttest.Somebody) difficulty.Input { return told() },
	Other: func(in *difficulty.Input) { in.Kinds = append(in.Kinds, debt.DifficultyPayment) },
	Bad: map[string]acttest.Bad[difficulty.Input]{
		"no consent": {
			Reason: "it may be of health (GDPR art. 9)",
			Change: func(in *difficulty.Input) { in.Consent = false },
			Want:   act.Wrong(difficulty.ConsentNeeded, "consent"),
		},
		"nothing": {
			Reason: "there is nothing to tell",
			Change: func(in *difficulty.Input) {
				*in = difficulty.Input{Keyed: in.Keyed, Consent: true, Statement: in.Statement}
			},
			Want: act.Wrong(act.Invalid, "kinds"),
		},
		"an interpreter of nothing": {
			Reason: "of which language",
			Change: func(in *difficulty.Input) { in.InterpreterLanguage = nil },
			Want:   act.Wrong(act.Invalid, "interpreterLanguage"),
		},
		"a language for nothing": {
			Reason: "no interpreter is needed",
			Change: func(in *difficulty.Input) { in.Kinds = in.Kinds[1:] },
			Want:   act.Wrong(act.Invalid, "interpreterLanguage"),
		},
		"no language": {
			Reason: "ISO 639 has codes",
			Change: func(in *difficulty.Input) { in.InterpreterLanguage = new("Somali") },
			Want:   act.Wrong(act.Invalid, "interpreterLanguage"),
		},
		"no such language": {
			Reason: "ISO 639 has no such code",
			Change: func(in *difficulty.Input) { in.InterpreterLanguage = new("zz") },
			Want:   act.Wrong(act.Invalid, "interpreterLanguage"),
		},
		"another thing": {
			Reason: "nobody knows what",
			Change: func(in *difficulty.Input) {
				in.Kinds, in.Statement = append(in.Kinds, debt.DifficultyOther), new(" ")
			},
			Want: act.Wrong(act.Invalid, "statement"),
		},
		"another channel": {
			Reason: "nobody knows which",
			Change: func(in *difficulty.Input) { in.ContactChannel, in.Statement = new(debt.ContactByOther), nil },
			Want:   act.Wrong(act.Invalid, "statement"),
		},
		"at night": {
			Reason: "the law lets nobody call then",
			Change: func(in *difficulty.Input) { in.ContactUntil = new(22) },
			Want:   act.Wrong(act.Invalid, "contactFrom"),
		},
		"half the hours": {
			Reason: "both belong together",
			Change: func(in *difficulty.Input) { in.ContactFrom = nil },
			Want:   act.Wrong(act.Invalid, "contactFrom"),
		},
		"a day that is over": {
			Reason: "it would hold never",
			Change: func(in *difficulty.Input) { in.Until = new(acttest.Today.AddMonths(-12)) },
			Want:   act.Wrong(act.Invalid, "until"),
		},
		"for years": {
			Reason: "it is kept no longer than it is true",
			Change: func(in *difficulty.Input) { in.Until = new(acttest.Today.AddMonths(30)) },
			Want:   act.Wrong(act.Invalid, "until"),
		},
		"a long statement": {
			Reason: "the contract takes so much",
			Change: func(in *difficulty.Input) { in.Statement = new(strings.Repeat("x", act.MostReason+1)) },
			Want:   act.Wrong(act.Invalid, "statement"),
		},
		"another agency": {
			Reason: "it is not known",
			Change: func(in *difficulty.Input) { in.Agencies = []debt.Key{nowhere(debt.KindAgency)} },
			Want:   act.Wrong(act.Invalid, "agencies"),
		},
	},
	AtOnce:  []string{"no consent", "at night", "for years", "a long statement"},
	Private: func(in difficulty.Input) []string { return []string{*in.Statement, "ILLNESS"} },
}

var takenBack = acttest.Examples[difficulty.WithdrawInput]{
	Suits: givenPower.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) difficulty.WithdrawInput {
		acttest.Do(t, at, s, told())
		return difficulty.WithdrawInput{}
	},
	Other: func(in *difficulty.WithdrawInput) {
		in.Agencies = []debt.Key{{Kind: debt.KindAgency, Agency: people.Fjord}, {Kind: debt.KindAgency, Agency: people.Lita}}
	},
	Bad: map[string]acttest.Bad[difficulty.WithdrawInput]{
		"another agency": {
			Reason: "it is not known",
			Change: func(in *difficulty.WithdrawInput) { in.Agencies = []debt.Key{nowhere(debt.KindAgency)} },
			Want:   act.Wrong(act.Invalid, "agencies"),
		},
		"no agency": {
			Reason: "it is taken back somewhere",
			Change: func(in *difficulty.WithdrawInput) { in.Agencies = []debt.Key{} },
			Want:   act.Wrong(act.Invalid, "agencies"),
		},
	},
	AtOnce:  []string{"another agency"},
	Private: func(difficulty.WithdrawInput) []string { return nil },
}
