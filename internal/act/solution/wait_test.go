package solution

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

func TestWait(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		reason  string
		status  Status
		passed  time.Duration // since the acceptance
		decided bool          // a minute after it
		want    time.Duration
	}{
		"just accepted":   {"soon again", Pending, 0, false, shortWait},
		"a minute old":    {"a quarter of its age", Pending, time.Minute, false, 15 * time.Second},
		"nearly too late": {"the deadline is kept", Pending, 115 * time.Second, false, 5 * time.Second},
		"too late":        {"it can be decided now", Pending, 3 * time.Minute, false, shortWait},
		"just decided":    {"soon again", Pending, time.Minute, true, shortWait},
		"decided":         {"a quarter of the time since", Pending, 5 * time.Minute, true, time.Minute},
		"decided long":    {"no longer than this", Pending, 48 * time.Hour, true, longWait},
		"alarm":           {"somebody has to do something first", NeedsAttention, 2 * time.Minute, true, alarmWait},
	}
	for name, tc := range cases {
		a := Acceptance{Status: tc.status, CreatedAt: begun, DecideBy: begun.Add(decideWithin)}
		if tc.decided {
			a.DecidedAt = new(begun.Add(time.Minute))
		}
		if got := a.wait(begun.Add(tc.passed)); got != tc.want {
			t.Errorf("%s: %s, want %s: %s", name, got, tc.want, tc.reason)
		}
	}
}

// TestDecide: each combination of two agencies' states, in time and too late.
func TestDecide(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	open, down, refused, proposed := Agency{State: AgencyPending}, Agency{State: AgencyPending, Reason: AgencyUnavailable},
		Agency{State: AgencyRefused, Reason: CasesChanged}, Agency{State: AgencyProposed}
	cases := map[string]struct {
		reason string
		one    Agency
		other  Agency
		inTime Decision
		late   Reason // too late it is always withdrawn
	}{
		"all proposed":            {"the only way to confirm", proposed, proposed, Confirm, Expired},
		"one refused":             {"nothing is waited for", proposed, refused, Withdraw, CasesChanged},
		"both refused":            {"one is enough", refused, refused, Withdraw, CasesChanged},
		"refused and down":        {"the refusal is the reason", down, refused, Withdraw, CasesChanged},
		"one down":                {"it may come back", proposed, down, "", AgencyUnavailable},
		"one not asked":           {"nobody has got to it", open, proposed, "", Expired},
		"one down, one not asked": {"the one that was asked is the reason", open, down, "", AgencyUnavailable},
	}
	for name, tc := range cases {
		s := saga{Acceptance: Acceptance{DecideBy: now.Add(1), Agencies: []Agency{tc.one, tc.other}}}
		late := s
		if s.decide(now); s.Decision != tc.inTime || (s.DecidedAt != nil) != (tc.inTime != "") {
			t.Errorf("%s: %q, want %q: %s", name, s.Decision, tc.inTime, tc.reason)
		}
		if late.decide(now.Add(1)); late.Decision != Withdraw || late.Reason != tc.late || late.DecidedAt == nil {
			t.Errorf("%s, too late: %q %q, want %q: %s", name, late.Decision, late.Reason, tc.late, tc.reason)
		}
	}
}

// TestProposalKept: what is sealed in the database is what was proposed, to the last field.
func TestProposalKept(t *testing.T) {
	t.Parallel()
	day := norway.MustDate("2026-03-20")
	want := debt.Proposal{
		Cases: []string{"100001", "7b5d6c1e"},
		Agreements: []debt.ProposedAgreement{{Cases: []string{"100001"}, Instalments: []debt.Instalment{
			{Number: 1, DueOn: day, Amount: 365_01, Fee: 65_00}, {Number: 2, DueOn: day.AddDays(31), Amount: 1, Fee: 0},
		}}},
		Deferrals: []debt.ProposedDeferral{{Case: "7b5d6c1e", Until: day, Days: 14, Fee: 50_00}},
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got debt.Proposal
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
