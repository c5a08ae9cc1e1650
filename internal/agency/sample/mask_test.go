package sample_test

import (
	"testing"

	"github.com/oversikt/oversikt/internal/agency/sample"
)

func TestMasked(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ reason, text, want string }{
		"number":    {"nobody's number is printed", "case 17912099997 is", "case [national id] is"},
		"in a key":  {"whatever is around it", "17912099997-01", "[national id]-01"},
		"longer":    {"also without a sign between", "0117912099997", "[national id]"},
		"written":   {"as people write it", "179120 99997", "[national id]"},
		"two":       {"each of them", "17912099997 29822099635", "[national id] [national id]"},
		"no number": {"check digits are wrong", "case 17912099998", "case 17912099998"},
		"keys":      {"keys of agencies are printed", "26-0001986-9 100001 2026-11-30", "26-0001986-9 100001 2026-11-30"},
	} {
		if got := sample.Masked(tc.text); got != tc.want {
			t.Errorf("%s (%s): %q", name, tc.reason, got)
		}
	}
}
