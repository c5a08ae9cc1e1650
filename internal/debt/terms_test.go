package debt_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// TestTermsOfProposal: an agency is asked for what was computed, to the last field, and for an empty
// list where there is nothing.
func TestTermsOfProposal(t *testing.T) {
	t.Parallel()
	day := norway.MustDate("2026-03-20")
	cases := map[string]struct {
		reason   string
		proposal debt.Proposal
		want     string
	}{
		"all": {"every field has a value of its own", debt.Proposal{
			Cases: []string{"100001", "7b5d6c1e"},
			Agreements: []debt.ProposedAgreement{{Cases: []string{"100001"}, Instalments: []debt.Instalment{
				{Number: 1, DueOn: day, Amount: 365_01, Fee: 65_00}, {Number: 2, DueOn: day.AddDays(31), Amount: 1, Fee: 0},
			}}},
			Deferrals: []debt.ProposedDeferral{{Case: "7b5d6c1e", Until: day, Days: 14, Fee: 50_00}},
		}, `{"case_ids":["100001","7b5d6c1e"],"agreements":[{"case_ids":["100001"],"instalments":[` +
			`{"number":1,"due_on":"2026-03-20","amount_ore":36501,"fee_ore":6500},` +
			`{"number":2,"due_on":"2026-04-20","amount_ore":1,"fee_ore":0}]}],` +
			`"deferrals":[{"case_id":"7b5d6c1e","until":"2026-03-20","days":14,"fee_ore":5000}]}`},
		"nothing": {"a null is no list", debt.Proposal{}, `{"case_ids":[],"agreements":[],"deferrals":[]}`},
	}
	for name, tc := range cases {
		got, err := json.Marshal(tc.proposal)
		if diff := cmp.Diff(tc.want, string(got)); err != nil || diff != "" {
			t.Errorf("%s: %v: %s\n%s", name, err, tc.reason, diff)
		}
	}
}
