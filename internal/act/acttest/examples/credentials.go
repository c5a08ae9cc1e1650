package examples

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/credentials"
	"github.com/oversikt/oversikt/internal/debt"
)

func open(c *debt.Case) bool { return c.Status == debt.Open }

var credentialsOrder = acttest.Examples[credentials.Input]{
	Suits: hasCase(open),
	Good: func(_ testing.TB, _ *acttest.Site, s *acttest.Somebody) credentials.Input {
		c := s.Case(open)
		return credentials.Input{Agency: c.ID.Agency, CaseNumber: c.CaseNumber}
	},
	Other: func(in *credentials.Input) { in.CaseNumber = "1" },
	Bad: map[string]acttest.Bad[credentials.Input]{
		"no number": {
			Reason: "it is for one case",
			Change: func(in *credentials.Input) { in.CaseNumber = " " },
			Want:   act.Wrong(act.Invalid, "caseNumber"),
		},
		"a long number": {
			Reason: "no agency has one",
			Change: func(in *credentials.Input) { in.CaseNumber = strings.Repeat("1", 65) },
			Want:   act.Wrong(act.Invalid, "caseNumber"),
		},
		"another agency": {
			Reason: "it is not known",
			Change: func(in *credentials.Input) { in.Agency = "nowhere" },
			Want:   act.Wrong(act.Invalid, "agency"),
		},
	},
	Private: func(credentials.Input) []string { return nil },
}
