package solver

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/fault"
)

func TestParseInstance(t *testing.T) {
	t.Parallel()
	good, err := os.ReadFile("testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseInstance(good); err != nil {
		t.Fatalf("the example: %v", err)
	}
	cases := map[string]struct {
		reason, old, new string
		field            string
	}{
		"Unknown":       {"a slip of the pen must not pass", `"version"`, `"colour": 1, "version"`, "colour"},
		"UnknownInCase": {"at any depth", `"rate_bp": 1200`, `"rate_bp": 1200, "rate": 1`, "cases[0].rate"},
		"Missing":       {"zero is not nothing", `"rate_bp": 1200,`, ``, "cases[0].rate_bp"},
		"Null":          {"null is not zero", `"joint": true`, `"joint": null`, "agencies[0].joint"},
		"Fraction":      {"whole øre", `"budget_ore": 300000`, `"budget_ore": 3000.5`, "budget_ore"},
		"Text":          {"a number", `"budget_ore": 300000`, `"budget_ore": "300000"`, "budget_ore"},
		"Huge":          {"64 bits", `"budget_ore": 300000`, `"budget_ore": 300000000000000000000`, "budget_ore"},
		"OverMax": {"the largest amount", `"principal_ore": 500000`, `"principal_ore": 1000000000001`,
			"cases[0].principal_ore"},
		"Negative":       {"nobody owes less than nothing", `"costs_ore": 60000`, `"costs_ore": -1`, "cases[0].costs_ore"},
		"NegativeBudget": {"nor pays it", `"budget_ore": 300000`, `"budget_ore": -1`, "budget_ore"},
		"NegativeDays": {"nor waits", `"max_deferral_days": 30`, `"max_deferral_days": -1`,
			"agencies[0].max_deferral_days"},
		"Version":          {"another format", `"version": 1`, `"version": 3`, "version"},
		"Date":             {"no such day", `"as_of": "2026-03-02"`, `"as_of": "2026-02-30"`, "as_of"},
		"PayDayOrder":      {"days increase", `"2026-04-15"`, `"2026-03-15"`, "pay_days[1]"},
		"PayDayBeforeAsOf": {"and lie ahead", `"2026-03-15"`, `"2026-03-02"`, "pay_days[0]"},
		"Agency":           {"of those given", `"agency": "A2"`, `"agency": "A3"`, "cases[1].agency"},
		"TwoAgencies":      {"ids are unique", `"id": "A2"`, `"id": "A1"`, "agencies[1].id"},
		"TwoCases":         {"ids are unique", `"id": "C2"`, `"id": "C1"`, "cases[1].id"},
		"EmptyId":          {"and there", `"id": "C2"`, `"id": ""`, "cases[1].id"},
		"Stage":            {"of three", `"stage": "inkasso"`, `"stage": "purring"`, "cases[0].stage"},
		"Imputation":       {"of two", `"costs_interest_principal"`, `"principal_first"`, "imputation"},
		"EventBefore":      {"events lie ahead", `"date": "2026-03-29"`, `"date": "2026-03-02"`, "cases[0].events[0].date"},
		"EventDate":        {"and are days", `"date": "2026-03-29"`, `"date": "soon"`, "cases[0].events[0].date"},
		"EventFee":         {"with a fee", `"fee_ore": 60000`, `"fee_ore": -60000`, "cases[0].events[0].fee_ore"},
		"Rate":             {"within reason", `"rate_bp": 1200`, `"rate_bp": 100001`, "cases[0].rate_bp"},
		"NoPayDays":        {"at least one", `"pay_days": [`, `"pay_days": [], "cases_": [`, "cases_"},
		"Second":           {"members of version 2", `"version": 1`, `"version": 1, "carry_over": false`, "carry_over"},
		"Budgets":          {"one for each pay day", `"version": 1`, `"version": 2, "budgets_ore": [1, 2]`, "budgets_ore"},
		"NegativeOne": {"none is less than nothing", `"version": 1`, `"version": 2, "budgets_ore": [1, -2]`,
			"budgets_ore[1]"},
		"OffRhythm": {"of the pay days", `"version": 1`, `"version": 2, "off_rhythm": [60]`, "off_rhythm[0]"},
		"OffTwice":  {"each once", `"version": 1`, `"version": 2, "off_rhythm": [0, 0]`, "off_rhythm[1]"},
		"NoBudget":  {"one of the two", `"budget_ore": 300000,`, ``, "budget_ore"},
		"Double":    {"no member twice", `"version": 1`, `"version": 1, "version": 1`, ""},
		"Broken":    {"JSON", `"version": 1`, `"version" 1`, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(string(good), tc.old) {
				t.Fatalf("the example has no %s", tc.old)
			}
			_, err := ParseInstance([]byte(strings.Replace(string(good), tc.old, tc.new, 1)))
			var f *fault.Error
			if !errors.As(err, &f) || f.Field != tc.field || f.Code != fault.BadUserInput || f.Message == "" {
				t.Errorf("%s: got %v, want field %q", tc.reason, err, tc.field)
			}
		})
	}
}
