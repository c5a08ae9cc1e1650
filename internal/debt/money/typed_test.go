package money_test

import (
	"testing"

	"github.com/oversikt/oversikt/internal/debt/money"
)

// TestParseTyped: an amount is read as a person in Norway writes it, and what could be two amounts is not.
func TestParseTyped(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]money.Øre{
		"1200": 1_200_00, "1200,50": 1_200_50, "1200.5": 1_200_50, "1 200,50": 1_200_50, "1\u00a0200,50": 1_200_50,
		"1\u202f200\u202f300": 1_200_300_00, "12\u2009000": 12_000_00, " 450 ": 450_00, "450,-": 450_00, "kr 450": 450_00,
		"Kr. 450,00": 450_00, "450 kr": 450_00, "450kr.": 450_00, "0,05": 5, "0": 0,

		"": -1, "kr": -1, "-450": -1, "1.200,50": -1, "1,200.50": -1, "1.200": -1, "12 00": -1, "1 2000": -1, "1  200": -1,
		"450,": -1, "450,123": -1, "1 200 ,50": -1, "450 USD": -1, "1e3": -1, "+450": -1, "４５０": -1, "450\u202e": -1,
		"99999999999999": -1, "4 50": -1,
	} {
		got, err := money.ParseTyped(typed)
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q is read as %d øre, not %d", typed, got, want)
		}
	}
}
