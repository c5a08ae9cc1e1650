package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestSolve(t *testing.T) {
	t.Parallel()
	instance, err := os.ReadFile("../../internal/wayout/solver/testdata/example.json")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason, in, out, err string
	}{
		"Plan": {reason: "an instance has a plan", in: string(instance), out: `"cost_ore": 43476`},
		"Second": {reason: "version 2 may pay today", in: strings.Replace(strings.Replace(string(instance), `"version": 1`,
			`"version": 2, "carry_over": true`, 1), `"2026-03-15"`, `"2026-03-02"`, 1), out: `"date": "2026-03-02"`},
		"TooLittle": {reason: "or a least budget", in: strings.Replace(string(instance), `"budget_ore": 300000`,
			`"budget_ore": 1`, 1), out: `"infeasible": true`},
		"Field": {reason: "what is wrong is named", in: strings.Replace(string(instance), `"stage": "varsel"`,
			`"stage": "x"`, 1), err: `instance: cases[1].stage: "x" is not one of varsel, inkasso, rettslig`},
		"Unreadable": {reason: "also when nothing can be read", in: "{", err: "instance: is not JSON"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			err := solve(strings.NewReader(tc.in), &out)
			if tc.err != "" {
				if err == nil || !strings.HasPrefix(err.Error(), tc.err) || strings.Contains(err.Error(), "\n") || out.Len() > 0 {
					t.Errorf("%s: got %v and %q, want %q", tc.reason, err, out.String(), tc.err)
				}
				return
			}
			if err != nil || !json.Valid(out.Bytes()) || !strings.Contains(out.String(), tc.out) {
				t.Errorf("%s: %v, %s", tc.reason, err, out.String())
			}
		})
	}
}
