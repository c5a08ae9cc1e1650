package examples

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

var privacyRequest = acttest.Examples[privacy.RequestInput]{
	Suits: func(*acttest.Somebody) bool { return true },
	Good: func(testing.TB, *acttest.Site, *acttest.Somebody) privacy.RequestInput {
		return privacy.RequestInput{Kind: personaldata.AskQuestion, Text: "Who has my address?"}
	},
	Other: func(in *privacy.RequestInput) { in.Text = "Who has my number?" },
	Bad: map[string]acttest.Bad[privacy.RequestInput]{
		"nothing": {
			Reason: "there is nothing to answer",
			Change: func(in *privacy.RequestInput) { in.Text = " " },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"a long text": {
			Reason: "somebody has to read it",
			Change: func(in *privacy.RequestInput) { in.Text = strings.Repeat("x", 5001) },
			Want:   act.Wrong(act.Invalid, "text"),
		},
		"another agency": {
			Reason: "it is not known",
			Change: func(in *privacy.RequestInput) { in.Agency = &debt.Key{Kind: debt.KindAgency, Agency: "nowhere"} },
			Want:   act.Wrong(act.Invalid, "agency"),
		},
	},
	AtOnce:  []string{"a long text", "another agency"},
	Private: func(in privacy.RequestInput) []string { return []string{in.Text} },
}
