package throttle

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	start   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	plain   = Policy{Free: 3, Forget: time.Minute}
	growing = Policy{Free: 3, Forget: 10 * time.Minute, First: 30 * time.Second, Most: 3 * time.Minute}
)

// TestPolicy does something after so much time each, and tells how long nobody may do it then.
func TestPolicy(t *testing.T) {
	t.Parallel()
	const s, m = time.Second, time.Minute
	cases := map[string]struct {
		reason string
		policy Policy
		after  []time.Duration
		want   []time.Duration
	}{
		"at once": {"the third is the last, until one is forgotten", plain, []time.Duration{0, 0, 0},
			[]time.Duration{0, 0, m}},
		"slowly": {"each is forgotten before the next", plain, []time.Duration{0, m, m, m},
			[]time.Duration{0, 0, 0, 0}},
		"in part": {"half a minute forgets half of one", plain, []time.Duration{0, 0, 0, 90 * s},
			[]time.Duration{0, 0, m, 30 * s}},
		"long quiet": {"nothing is saved up", plain, []time.Duration{0, 24 * time.Hour, 0, 0},
			[]time.Duration{0, 0, 0, m}},
		"growing": {"each delay is twice the last", growing, []time.Duration{0, 0, 0, 30 * s, m},
			[]time.Duration{0, 0, 30 * s, m, 2 * m}},
		"growing, at most": {"three minutes is the most", growing, []time.Duration{0, 0, 0, 0, 0, 0, 0},
			[]time.Duration{0, 0, 30 * s, m, 2 * m, 3 * m, 3 * m}},
		"growing, later": {"what is forgotten no longer counts", growing, []time.Duration{0, 0, 0, 30 * m, 0, 0},
			[]time.Duration{0, 0, 30 * s, 0, 0, 30 * s}},
		"growing, patience": {"ten minutes forget one, so the delay stays", growing, []time.Duration{0, 0, 0, 10 * m, 10 * m},
			[]time.Duration{0, 0, 30 * s, 30 * s, 30 * s}},
	}
	for name, tc := range cases {
		now, state, got := start, state{start, start}, []time.Duration{}
		for _, d := range tc.after {
			now = now.Add(d)
			state = tc.policy.count(state, now)
			got = append(got, max(tc.policy.wait(state, now), 0))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s (%s): %v, not %v", name, tc.reason, got, tc.want)
		}
	}
}

// TestForgive: what is taken back leaves what there was before it, whatever came in between.
func TestForgive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]Policy{plain, growing}).Draw(t, "policy")
		now, one, other := start, state{start, start}, state{start, start}
		for range rapid.IntRange(0, 6).Draw(t, "others") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "seconds")) * time.Second)
			one, other = p.count(one, now), p.count(other, now)
		}
		other = p.forgive(p.count(other, now), now)
		if one.emptyAt != other.emptyAt {
			t.Fatalf("%v, not %v", other, one)
		}
		if p.level(one, now) < p.Free && p.wait(other, now) > 0 {
			t.Fatalf("locked by what was taken back: %v", other)
		}
	})
}

// TestNeverMore: whoever tries whenever it is allowed does it Free times at once, and then
// not more often than one is forgotten.
func TestNeverMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now, s := start, state{start, start}
		var done []time.Time
		for range rapid.IntRange(1, 200).Draw(t, "tries") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
			if plain.wait(s, now) <= 0 {
				s, done = plain.count(s, now), append(done, now)
			}
		}
		for i := plain.Free; i < len(done); i++ {
			if took := done[i].Sub(done[i-plain.Free]); took < plain.Forget {
				t.Fatalf("%d within %s", plain.Free+1, took)
			}
		}
	})
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for address, tc := range map[string]struct{ reason, want string }{
		"192.0.2.17":           {"one address", "192.0.2.17"},
		"::ffff:192.0.2.17":    {"the same, as IPv6 writes it", "192.0.2.17"},
		"2001:db8:1:2:3:4:5:6": {"one of 2^64 of one household", "2001:db8:1:2::/64"},
		"2001:db8:1:2::":       {"another of them", "2001:db8:1:2::/64"},
		"2001:db8:1:3::1":      {"its neighbour", "2001:db8:1:3::/64"},
		"fe80::1%eth0":         {"the zone is ours", "fe80::/64"},
		"@":                    {"a unix socket", "@"},
	} {
		if got := Network(address); got != tc.want {
			t.Errorf("%s (%s): %s", address, tc.reason, got)
		}
	}
}

func TestBlock(t *testing.T) {
	t.Parallel()
	for network, tc := range map[string]struct{ reason, want string }{
		"2001:db8:1:2::/64":    {"with 65,535 others", "2001:db8:1::/48"},
		"2001:db8:1:ffff::/64": {"the last of them", "2001:db8:1::/48"},
		"2001:db8:2::/64":      {"another block", "2001:db8:2::/48"},
		"192.0.2.17":           {"blocks of IPv4 are of many customers", ""},
		"@":                    {"a unix socket", ""},
	} {
		if got := Block(network); got != tc.want {
			t.Errorf("%s (%s): %s", network, tc.reason, got)
		}
	}
}
