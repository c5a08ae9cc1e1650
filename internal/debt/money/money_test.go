package money

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		want   Øre
		ok     bool
	}{
		"1234.50":        {"kroner and øre", 123450, true},
		"1234.5":         {"one decimal", 123450, true},
		"0.05":           {"five øre", 5, true},
		"-0.05":          {"a negative amount below a krone keeps its sign", -5, true},
		"10000000000":    {"the largest", Max, true},
		"10000000000.01": {"an øre over the largest", 0, false},
		"1.":             {"a point wants a decimal", 0, false},
		".5":             {"a point wants a digit before it", 0, false},
		"1.234":          {"three decimals would lose money", 0, false},
		"1,50":           {"a comma is not JSON's", 0, false},
		"1e3":            {"no exponents", 0, false},
		"":               {"nothing", 0, false},
		"-":              {"a sign alone", 0, false},
		" 1":             {"a space", 0, false},
	}
	for in, c := range cases {
		got, err := Parse(in)
		if (err == nil) != c.ok || got != c.want {
			t.Errorf("%q (%s): got %d, %v", in, c.reason, got, err)
		}
	}
}

func TestTextRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := Øre(rapid.Int64Range(-int64(Max), int64(Max)).Draw(t, "amount"))
		if got, err := Parse(amount.String()); err != nil || got != amount {
			t.Fatalf("%d: %s, %v", amount, amount, err)
		}
	})
}

// FuzzParse: an amount that is taken has at most two decimals, is within the bounds and is written
// again as the same amount.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"1234.50", "-0.01", "10000000000", "1,5", "１２", "1e3", "", ".", "1.", "0.000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o, err := Parse(s)
		if err != nil {
			return
		}
		if again, err := Parse(o.String()); err != nil || again != o || o > Max || o < -Max ||
			strings.Trim(s, "-.0123456789") != "" {
			t.Fatalf("%q is %s, and that %s: %v", s, o, again, err)
		}
	})
}
