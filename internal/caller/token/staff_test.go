package token_test

import (
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/oversikt/oversikt/internal/caller"
)

func staffRefusals(t *testing.T, i *localIssuer) map[string]refusal {
	with := func(claims map[string]any) string { return i.token(t, claims) }
	return map[string]refusal{
		"role missing":       {"no role", with(map[string]any{"role": nil})},
		"role unknown":       {"no role", with(map[string]any{"role": "admin"})},
		"role of the schema": {"no role", with(map[string]any{"role": "SUPERVISOR"})},
		"role empty":         {"no role", with(map[string]any{"role": ""})},
		"role a number":      {"no role", with(map[string]any{"role": 1})},
		"role an object":     {"no role", with(map[string]any{"role": map[string]any{"leder": true}})},
		"roles empty":        {"no role", with(map[string]any{"role": []string{}})},
		"roles unknown":      {"no role", with(map[string]any{"role": []any{"admin", 1, nil}})},
		"two roles":          {"or several", with(map[string]any{"role": []string{"saksbehandler", "revisor"}})},
		"agency missing":     {"no agency", with(map[string]any{"agency": nil})},
		"agency unknown":     {"no agency", with(map[string]any{"agency": "tradisjon"})},
		"agency empty":       {"no agency", with(map[string]any{"agency": ""})},
		"agency in capitals": {"no agency", with(map[string]any{"agency": "FJORD"})},
		"two agencies":       {"no agency", with(map[string]any{"agency": []string{"fjord", "lita"}})},
		"nobody":             {"who the member of staff is", with(map[string]any{"sub": nil})},
		"a person's claims":  {"no role", with(map[string]any{"role": nil, "agency": nil, broker: synthetic})},
	}
}

// TestStaffTokens: what a token is of is the issuer's to say, never the token's.
func TestStaffTokens(t *testing.T) {
	bank, work := newIssuer(t, false), newIssuer(t, false)
	work.staff = true
	bank.publish("a", rsaKey(), jose.RS256)
	work.publish("a", rsaKey(), jose.RS256)
	v := newVerifier(t, newClock(), bank, bank.config(), work.config())
	cases := map[string]struct {
		reason string
		token  string
		kind   caller.Kind
		role   caller.Role
		agency string
	}{
		"case worker": {"what the configuration calls saksbehandler", work.token(t, nil), caller.Staff, caller.CaseWorker,
			"fjord"},
		"supervisor": {"at another agency", work.token(t, map[string]any{"role": "leder", "agency": "lita"}),
			caller.Staff, caller.Supervisor, "lita"},
		"auditor": {"a list with one role that is known", work.token(t,
			map[string]any{"role": []string{"ansatt", "revisor"}}), caller.Staff, caller.Auditor, "fjord"},
		"same role": {"two times the same is one", work.token(t, map[string]any{"role": []string{"leder", "leder"}}),
			caller.Staff, caller.Supervisor, "fjord"},
		"with a number": {"an employee's own number makes no debtor of them",
			work.token(t, map[string]any{broker: synthetic}), caller.Staff, caller.CaseWorker, "fjord"},
		"with a role": {"a debtor's token never has one", bank.token(t,
			map[string]any{"role": "leder", "agency": "fjord"}), caller.Person, "", ""},
		"a plain person": {"and neither here", bank.token(t, nil), caller.Person, "", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, err := v.Verify(t.Context(), tc.token)
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if p.Kind != tc.kind || p.Role != tc.role || p.Agency != tc.agency ||
				p.NationalID.IsZero() != (tc.kind == caller.Staff) {
				t.Errorf("%s: %s %s %s", tc.reason, p.Kind, p.Role, p.Agency)
			}
			if p.Scope().IsZero() != (tc.kind == caller.Staff) {
				t.Errorf("%s: the scope is of the wrong kind", tc.reason)
			}
		})
	}
}
