package token_test

import (
	"strings"
	"testing"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/token"
)

func TestConfig(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*token.Config)
		fault  string // part of the error; empty where there is none
		tags   bool   // whether the validator's tags see it too
	}{
		"good":                {"BankID's own issuer", func(*token.Config) {}, "", false},
		"leeway at its limit": {"60 s is allowed", func(c *token.Config) { c.Leeway = time.Minute }, "", false},
		"EdDSA": {"asymmetric, if asked for", func(c *token.Config) { c.Algorithms = []string{"EdDSA"} }, "",
			false},
		"demo over http": {"made-up people only", func(c *token.Config) {
			c.Issuer,
				c.SyntheticOnly = "http://127.0.0.1:8080/dev/bankid", true
		}, "", false},
		"real over http": {"keys fetched without TLS can be anyone's",
			func(c *token.Config) { c.Issuer = "http://127.0.0.1:8080/dev/bankid" }, "https is required", false},
		"no issuer": {"required", func(c *token.Config) { c.Issuer = "" }, "not a plain URL", true},
		"issuer with query": {"no URL to put a path behind", func(c *token.Config) { c.Issuer += "?a=b" },
			"not a plain URL", false},
		"no audience": {"any client's token would do", func(c *token.Config) { c.Audience = "" },
			"audience is missing", true},
		"no claim": {"required", func(c *token.Config) { c.NationalIDClaim = "" }, "nationalIdClaim is missing",
			true},
		"no acr": {"any level would do", func(c *token.Config) { c.AcceptedACR = nil }, "acceptedAcr", true},
		"empty acr": {"a token without one would pass", func(c *token.Config) { c.AcceptedACR = []string{""} },
			"acceptedAcr", true},
		"none": {"no signature", func(c *token.Config) { c.Algorithms = []string{"none"} }, "algorithm",
			true},
		"HS256": {"the public key would be the secret",
			func(c *token.Config) { c.Algorithms = []string{"RS256", "HS256"} }, "algorithm", true},
		"leeway": {"over 60 s", func(c *token.Config) { c.Leeway = 61 * time.Second }, "leeway", true},
		"lifetime": {"a year", func(c *token.Config) { c.MaxTokenLifetime = 365 * 24 * time.Hour },
			"maxTokenLifetime", true},
		"staff": {"an agency's own issuer", asStaff(nil), "", false},
		"staff with numbers": {"staff are no debtors", asStaff(func(c *token.Config) { c.NationalIDClaim = "nin" }),
			"nationalIdClaim is none", true},
		"no role claim": {"what may they do?", asStaff(func(c *token.Config) { c.Staff.RoleClaim = "" }),
			"staff.roleClaim", true},
		"no agency claim": {"where may they do it?", asStaff(func(c *token.Config) { c.Staff.AgencyClaim = "" }),
			"staff.agencyClaim", true},
		"no roles": {"nobody may do anything", asStaff(func(c *token.Config) { c.Staff.Roles = nil }),
			"staff.roles", true},
		"no such role": {"a typing error is no role", asStaff(func(c *token.Config) { c.Staff.Roles["x"] = "ADMIN" }),
			"staff.roles", true},
		"role of nothing": {"a token without the claim would have it",
			asStaff(func(c *token.Config) { c.Staff.Roles[""] = caller.Auditor }), "staff.roles", true},
		"no agencies": {"the program has not said which there are",
			asStaff(func(c *token.Config) { c.Staff.Agencies = nil }), "no agency", false},
		"agency of nothing": {"a token without the claim would pass",
			asStaff(func(c *token.Config) { c.Staff.Agencies = []string{"fjord", ""} }), "no agency", false},
		"signing": {"some of those that suffice to log in",
			func(c *token.Config) { c.SigningACR = []string{level} }, "", false},
		"signing below": {"nobody logs in at that level", func(c *token.Config) { c.SigningACR = []string{"low"} },
			"signingAcr", false},
		"organisations": {"people who represent one", func(c *token.Config) { c.OrgNumberClaim = "org" }, "", false},
		"staff for others": {"staff holds no powers of attorney",
			asStaff(func(c *token.Config) { c.OrgNumberClaim = "org" }), "orgNumberClaim is none", true},
		"negative leeway": {"under 0", func(c *token.Config) { c.Leeway = -time.Second }, "leeway", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := token.Config{
				Issuer: "https://auth.bankid.no/auth/realms/prod", Audience: "oversikt",
				NationalIDClaim: "nnin_altsub", AcceptedACR: []string{level},
			}
			tc.change(&c)
			_, err := token.NewVerifier([]token.Config{c}, nil, nil)
			if tc.fault == "" && err != nil || tc.fault != "" && (err == nil || !strings.Contains(err.Error(), tc.fault)) {
				t.Errorf("%s: got %v", tc.reason, err)
			}
			if err := validator.New(validator.WithRequiredStructEnabled()).Struct(c); (err != nil) != tc.tags {
				t.Errorf("%s: tags say %v", tc.reason, err)
			}
		})
	}
}

// asStaff makes the configuration one of an issuer for staff, and changes it.
func asStaff(change func(*token.Config)) func(*token.Config) {
	return func(c *token.Config) {
		c.NationalIDClaim = ""
		c.Staff = &token.StaffConfig{
			RoleClaim: "roles", AgencyClaim: "agency", Agencies: []string{"fjord"},
			Roles: map[string]caller.Role{"saksbehandler": caller.CaseWorker},
		}
		if change != nil {
			change(c)
		}
	}
}

func TestConfigNamesEveryFault(t *testing.T) {
	_, err := token.NewVerifier([]token.Config{{Issuer: "https://a.example"}, {Issuer: "ftp://b.example"}}, nil, nil)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, part := range []string{`"https://a.example": audience`, `"https://a.example": acceptedAcr`,
		`"ftp://b.example": https`} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in %q", part, err)
		}
	}
	if _, err := token.NewVerifier(nil, nil, nil); err == nil {
		t.Error("no issuer at all is accepted")
	}
	same := token.Config{Issuer: "https://a.example", Audience: "o", NationalIDClaim: "nin", AcceptedACR: []string{"x"}}
	if _, err := token.NewVerifier([]token.Config{same, same}, nil, nil); err == nil {
		t.Error("one issuer twice is accepted")
	}
}
