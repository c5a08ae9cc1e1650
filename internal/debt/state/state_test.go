package state_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/state"
)

const intro = `# States

What a debtor's things pass through. An arrow is what somebody does, by the function of the [contract](contract.md), or in plain words what the agency or the calendar does. The table below it has every act in every state: where it leads, or with what reason the agency refuses it. An act can be refused for other reasons too, which docs/contract.md has in their order.

This page is drawn from the tables in ` + "`internal/debt/state`" + `, and the conformance suite walks them on each core: it brings a case into each state that acts and a day's passing lead to, asks for each act there, and sees that what is refused leaves everything as it was.
`

// TestGolden: docs/states.md is drawn from the tables.
func TestGolden(t *testing.T) {
	t.Parallel()
	const page = "../../../docs/states.md"
	want := intro
	for _, m := range state.All {
		want += "\n" + m.Markdown()
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("run UPDATE_GOLDEN=1 go test ./internal/debt/state (-want +got)\n%s", diff)
	}
}

// TestWhole: the tables have the states that agencies send, and no others; one step leads to one state, and
// every step has an answer in every state.
func TestWhole(t *testing.T) {
	t.Parallel()
	sent := map[string][]string{
		"Case": texts(debt.Phases), "Agreement": texts(debt.AgreementStatuses), "Deferral": texts(debt.DeferralStatuses),
		"Objection": texts(debt.ObjectionStatuses), "Complaint": texts(debt.ComplaintStatuses),
		"Receipt": texts(debt.ReceiptStatuses), "CaseLink": texts(debt.CaseLinkStatuses),
		"InvoiceCopy": texts([]debt.InvoiceCopyStatus{debt.InvoiceCopyOrdered, debt.InvoiceCopySent,
			debt.InvoiceCopyNoneExists, debt.InvoiceCopyUnknown}),
	}
	for _, m := range state.All {
		want := slices.DeleteFunc(sent[m.Name], func(s string) bool { return s == "OTHER" })
		got := m.States()
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: the states (-sent +tabled)\n%s", m.Name, diff)
		}
		seen := map[string]bool{}
		for _, tr := range m.Transitions {
			if key := tr.From + tr.Act + tr.When; tr.Act != "" && seen[key] {
				t.Errorf("%s: %s %s leads from %s to two states", m.Name, tr.Act, tr.When, tr.From)
			} else {
				seen[key] = true
			}
		}
		for _, s := range m.States() {
			if m.Path(s, func(state.Transition) bool { return true }) == nil {
				t.Errorf("%s: nothing leads to %s", m.Name, s)
			}
			for _, step := range m.Steps() {
				if to, reason := m.On(s, step); (to == nil) == (reason == "") {
					t.Errorf("%s: %+v in %s has no answer", m.Name, step, s)
				}
			}
		}
	}
}

// TestEnds: what a thing has come to says whether its history can be.
func TestEnds(t *testing.T) {
	t.Parallel()
	submit, add, withdraw := state.Step{Act: "submit_objection"}, state.Step{Act: "add_to_objection"},
		state.Step{Act: "withdraw_objection"}
	reject := state.Step{Act: "decide_objection", When: "REJECTED"}
	for name, tc := range map[string]struct {
		reason string
		steps  []state.Step
		want   string
	}{
		"nothing":        {"it is not there", nil, ""},
		"withdrawn":      {"an addition came before", []state.Step{withdraw, add, submit}, "WITHDRAWN"},
		"rejected":       {"reviewed or not", []state.Step{reject, submit}, "REJECTED"},
		"under review":   {"or not yet", []state.Step{submit}, "RECEIVED UNDER_REVIEW"},
		"twice ended":    {"it ends once", []state.Step{submit, reject, withdraw}, "-"},
		"twice begun":    {"another is another", []state.Step{submit, submit}, "-"},
		"from nowhere":   {"it has to be there", []state.Step{withdraw}, "-"},
		"decided, twice": {"once", []state.Step{submit, reject, reject}, "-"},
	} {
		got := "-"
		if ends := state.Objection.Ends(tc.steps); len(ends) > 0 {
			slices.Sort(ends)
			got = strings.Join(ends, " ")
		}
		if got != tc.want {
			t.Errorf("%s: %s: %q, want %q", name, tc.reason, got, tc.want)
		}
	}
}

func texts[T ~string](values []T) (all []string) {
	for _, v := range values {
		all = append(all, string(v))
	}
	return all
}
