package act

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency"
)

// TestWait: after how long an act is looked at again.
func TestWait(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		reason  string
		reach   Reach
		status  Status
		passed  time.Duration // since it was stored
		decided bool          // a minute after it
		want    time.Duration
	}{
		"just stored":      {"soon again", All, Pending, 0, false, shortWait},
		"a minute old":     {"a quarter of its age", All, Pending, time.Minute, false, 15 * time.Second},
		"nearly too late":  {"the deadline is kept", All, Pending, 115 * time.Second, false, 5 * time.Second},
		"too late":         {"it can be decided now", All, Pending, 3 * time.Minute, false, shortWait},
		"just decided":     {"soon again", All, Pending, time.Minute, true, shortWait},
		"decided":          {"a quarter of the time since", All, Pending, 5 * time.Minute, true, time.Minute},
		"decided long":     {"no longer than this", All, Pending, 48 * time.Hour, true, longWait},
		"alarm":            {"somebody has to do something first", All, NeedsAttention, 2 * time.Minute, true, alarmWait},
		"one, just stored": {"soon again", One, Pending, 0, false, shortWait},
		"one, a day old":   {"no longer than this", One, Pending, 24 * time.Hour, false, longWait},
		"one, nearly over": {"its own deadline is kept", One, Pending, 72*time.Hour - time.Minute, false, time.Minute},
		"one, over":        {"what may have been done is asked on", One, Pending, 80 * time.Hour, false, shortWait},
	}
	for name, tc := range cases {
		s := saga{Record: Record{Reach: tc.reach, Status: tc.status, CreatedAt: begun, DecideBy: begun.Add(decideWithin),
			Until: begun.Add(askFor)}}
		if tc.decided {
			s.DecidedAt = new(begun.Add(time.Minute))
		}
		if got := s.wait(begun.Add(tc.passed)); got != tc.want {
			t.Errorf("%s: %s, want %s: %s", name, got, tc.want, tc.reason)
		}
	}
}

// TestDecide: each combination of two agencies' states, in time and too late.
func TestDecide(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	open, down, refused, proposed := Agency{State: Asked}, Agency{State: Asked, Reason: AgencyUnavailable},
		Agency{State: PartRefused, Reason: CasesChanged}, Agency{State: Proposed}
	cases := map[string]struct {
		reason string
		one    Agency
		other  Agency
		inTime Decision
		late   Code // too late it is always withdrawn
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
		s := saga{Record: Record{Reach: All, DecideBy: now.Add(1), Agencies: []Agency{tc.one, tc.other}}}
		late := s
		if s.decide(now); s.Decision != tc.inTime || (s.DecidedAt != nil) != (tc.inTime != "") {
			t.Errorf("%s: %q, want %q: %s", name, s.Decision, tc.inTime, tc.reason)
		}
		if late.decide(now.Add(1)); late.Decision != Withdraw || late.Reason != tc.late || late.DecidedAt == nil {
			t.Errorf("%s, too late: %q %q, want %q: %s", name, late.Decision, late.Reason, tc.late, tc.reason)
		}
	}
}

// TestReasons: why a part is as it is, where that is not what its agency said.
func TestReasons(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		step   step
		from   Agency
		heard  heard
		answer agency.Answer
		want   Agency
	}{
		"no word why": {"there is always a reason", doing, Agency{State: Asked}, saidRefused,
			agency.Answer{Status: "REFUSED"},
			Agency{State: PartRefused, Reason: Other}},
		"withdrawn before it came": {"it says so itself", proposing, Agency{State: Asked}, saidWithdrawn,
			agency.Answer{Status: "WITHDRAWN"}, Agency{State: PartRefused, Reason: "WITHDRAWN"}},
		"back again": {"the agency answers now", proposing, Agency{State: Asked, Reason: AgencyUnavailable}, saidProposed,
			agency.Answer{Status: "PROPOSED"}, Agency{State: Proposed}},
		"withdrawn after a refusal": {"why it was not agreed is kept", withdrawing,
			Agency{State: PartRefused, Reason: Disputed},
			saidWithdrawn, agency.Answer{Status: "WITHDRAWN"}, Agency{State: PartWithdrawn, Reason: Disputed}},
		"silent while it withdraws": {"why it was not agreed is kept", withdrawing,
			Agency{State: PartRefused, Reason: Disputed},
			silence, agency.Answer{}, Agency{State: PartRefused, Reason: Disputed}},
		"nonsense": {"it stays as it is", doing, Agency{State: Asked}, "GONE", agency.Answer{Status: "GONE"},
			Agency{State: Asked}},
	}
	for name, tc := range cases {
		s := saga{Record: Record{Agencies: []Agency{tc.from}}, parts: []part{{key: uuid.Nil}}}
		s.hear(0, tc.step, tc.heard, tc.answer, time.Time{})
		if got := s.Agencies[0]; got.State != tc.want.State || got.Reason != tc.want.Reason {
			t.Errorf("%s: %+v, want %+v: %s", name, got, tc.want, tc.reason)
		}
	}
}
