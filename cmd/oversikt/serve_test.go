package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

func TestMain(m *testing.M) { endtoend.Main(m) }

// TestServe serves a configured database and issuer: no demo, nothing embedded.
func TestServe(t *testing.T) {
	t.Parallel()
	o := endtoend.Issuer(t)
	kari := o.People[0]
	token, err := issuer.Mint(o, kari, 0, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	address := endtoend.FreeAddress(t)
	file := filepath.Join(t.TempDir(), "oversikt.yaml")
	text := fmt.Sprintf(`
drainDelay: 0s
idKey: ${OVERSIKT_ID_KEY}
portal: %q
portalKey: ${OVERSIKT_PORTAL_KEY}
portalDeadline: 20s
accessLog: %q
issuers:
  - {issuer: %q, audience: oversikt, nationalIdClaim: nnin_altsub, nameClaim: name, acceptedAcr: ["%s"], syntheticOnly: true}
agencies:
  - {code: fjord, name: Fjord Inkasso AS, deadline: 20s, dsn: %q}
`, endtoend.Portal(t), t.TempDir(), o.IssuerURL, issuer.ACR, endtoend.Agency(t, people.Fjord))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	expired, err := issuer.Mint(o, o.People[0], 0, time.Now().Add(-24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	other := o
	other.IssuerURL, other.KeyFile = "http://127.0.0.1:9/dev/bankid", filepath.Join(t.TempDir(), "other.pem")
	foreign, err := issuer.Mint(other, o.People[0], 0, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	other.IssuerURL = o.IssuerURL
	forged, err := issuer.Mint(other, o.People[0], 0, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"OVERSIKT_LISTEN=" + address, "OVERSIKT_ID_KEY=" + strings.Repeat("0f", 64), "OVERSIKT_PORTAL_KEY=" +
		strings.Repeat("0f", 32)}
	p := endtoend.Start(t, endtoend.Binary(t, "cmd/oversikt"), env, `"msg":"serving"`, "serve", "--config", file)
	r := endtoend.Ask(t, address, token, `{ viewer { name overview { complete openCaseCount } } }`)
	if v := r.Data.Viewer; v.Name != kari.Name || !v.Overview.Complete || v.Overview.OpenCaseCount != 6 ||
		len(r.Extensions.Oversikt.Agencies) != 0 {
		t.Errorf("%+v", r)
	}
	if r := endtoend.Ask(t, address, "", `{ __schema { queryType { name } } }`); len(r.Errors) == 0 {
		t.Error("introspection is on without being asked for")
	}
	for token, reason := range map[string]string{
		expired: "the token has expired",
		foreign: "the token is of an unknown issuer",
		forged:  "the token is signed with a key that its issuer does not publish",
	} {
		r := endtoend.Ask(t, address, token, `{ viewer { name } }`)
		if r.Status != http.StatusUnauthorized || len(r.Errors) != 1 || r.Errors[0].Extensions.Code != "UNAUTHENTICATED" ||
			r.Data.Viewer.Name != "" {
			t.Errorf("%s: %+v", reason, r)
		}
		for tries := 0; !strings.Contains(p.Text(), reason) && tries < 3000; tries++ {
			time.Sleep(20 * time.Millisecond) // the log comes through a pipe
		}
		if log := p.Text(); !strings.Contains(log, reason) || strings.Contains(log, token) {
			t.Errorf("the log does not say that %s, or has the token:\n%s", reason, log)
		}
	}
	if found := endtoend.ElevenDigits(p.Text()); found != "" {
		t.Errorf("the log names a person: %s", found)
	}
}

// TestBrokenConfiguration starts the program with faulty files: each fault is named.
func TestBrokenConfiguration(t *testing.T) {
	t.Parallel()
	path := endtoend.Binary(t, "cmd/oversikt")
	good := strings.NewReplacer("${OVERSIKT_ID_KEY}", strings.Repeat("0f", 64), "${OVERSIKT_PORTAL_KEY}",
		strings.Repeat("0f", 32), "${FJORD_PASSWORD}", "x", "${OVERSIKT_LOGIN_SECRET}", "x")
	example, err := os.ReadFile("../../docs/oversikt.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason, old, new string
		want             []string
	}{
		"no yaml":        {"the place is named", "listen: 127", "listen: [", []string{"oversikt.yaml", "must be specified"}},
		"unknown member": {"a typing error is no default", "playground: false", "playgrond: true", []string{"playgrond"}},
		"secret not set": {"the variable is named, before anything else", "${OVERSIKT_ID_KEY}", "${OVERSIKT_NO_SUCH}",
			[]string{"OVERSIKT_NO_SUCH"}},
		"no portal":     {"sessions live there", "portal: postgres", "portalKey: postgres", []string{"portalKey"}},
		"short secret":  {"and how to make one", "${OVERSIKT_ID_KEY}", "abc", []string{"idKey", "openssl rand"}},
		"bad address":   {"no port", "listen: 127.0.0.1:8080", "listen: here", []string{"listen", "127.0.0.1:8080"}},
		"two faults":    {"both are named", "code: fjord", "code: 'Fjord 1'\n    extra: 1", []string{"extra"}},
		"agency's code": {"capitals and spaces", "code: fjord", "code: 'Fjord 1'", []string{"agencies[0].code"}},
		"agency's name": {"nothing to show", "name: Fjord Inkasso AS", "name: ''", []string{"agencies[0].name is missing"}},
		"deadline":      {"a day", "deadline: 1500ms", "deadline: 24h", []string{"agencies[0].deadline"}},
		"dsn": {"no connection string", "dsn: postgres://", "dsn: nonsense //",
			[]string{"fjord", "connection string"}},
		"plain text": {"it might be", "?sslmode=verify-full\n    #", "?sslmode=prefer\n    #", []string{"agency fjord", "sslmode"}},
		"portal in plain text": {"so might this", "/portal?sslmode=verify-full", "/portal",
			[]string{"portal: ", "sslmode=verify-full"}},
		"issuer": {"an algorithm that needs no key", "nameClaim: name", "nameClaim: name\n    algorithms: [none]",
			[]string{"issuers[0].algorithms[0]"}},
		"issuer's URL": {"no URL", "issuer: https://auth.bankid.no", "issuer: bankid //",
			[]string{"issuers[0].issuer is not a URL"}},
		"http": {"keys over an open line", "issuer: https://", "issuer: http://", []string{"https is required"}},
		"staff's number": {"staff are no debtors", "acceptedAcr: [mfa]", "acceptedAcr: [mfa]\n    nationalIdClaim: nin",
			[]string{"issuers[1].nationalIdClaim is none"}},
		"no such role": {"a typing error is no role", "oversikt-revisor: AUDITOR", "oversikt-revisor: ADMIN",
			[]string{"issuers[1].staff.roles[oversikt-revisor] is none of"}},
		"no role claim": {"what may they do?", "roleClaim: roles", "roleClaim: ''",
			[]string{"issuers[1].staff.roleClaim is missing"}},
		"no number": {"who are they?", "    nationalIdClaim: nnin_altsub\n", "",
			[]string{"issuers[0].nationalIdClaim is missing"}},
		"audience": {"tokens for anybody", "audience: oversikt", "audience: ''",
			[]string{"issuers[0].audience is missing"}},
		"leeway": {"an hour", "nameClaim: name", "nameClaim: name\n    leeway: 1h", []string{"issuers[0].leeway"}},
		"proxy": {"an address is no network", "trustedProxies: []", "trustedProxies: [10.0.0.1]",
			[]string{"trustedProxies[0]", "10.0.0.0/8"}},
		"drain": {"a day", "drainDelay: 5s", "drainDelay: 24h", []string{"drainDelay"}},
		"assurance": {"no level is accepted", `acceptedAcr: ["urn:bankid:bid;LOA=4"]`, "acceptedAcr: []",
			[]string{"issuers[0].acceptedAcr"}},
		"origin": {"no origin", "https://minside.example.no", "minside", []string{"allowedOrigins[0]"}},
		"login":  {"no client", "clientId: minside", "clientId: ''", []string{"login.clientId is missing"}},
		"login's secret": {"the variable is named", "${OVERSIKT_LOGIN_SECRET}", "${OVERSIKT_NO_SUCH}",
			[]string{"OVERSIKT_NO_SUCH"}},
		"login's issuer": {"nothing is known of its tokens", "login:\n  issuer: https://auth.bankid.no",
			"login:\n  issuer: https://other.example", []string{"login.issuer", "none of issuers"}},
		"login's return": {"nobody would be there", "/auth/callback", "/callback", []string{"login.redirectUrl"}},
		"scope": {"there would be no ID token", "scopes: [openid, ", "scopes: [",
			[]string{"login.scopes lacks openid"}},
		"idle": {"a day", "idle: 30m", "idle: 24h", []string{"sessions.idle"}},
		"absolute": {"shorter than idle", "absolute: 120m", "absolute: 20m",
			[]string{"sessions.absolute is less than idle"}},
		"no such file": {"the command line is checked too", "", "", []string{"nowhere"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "oversikt.yaml")
			text := string(example)
			if c.old != "" && !strings.Contains(text, c.old) {
				t.Fatalf("the example has no %q", c.old)
			}
			text = good.Replace(strings.Replace(text, c.old, c.new, 1))
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if name == "no such file" {
				file = "nowhere.yaml"
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			out, err := exec.CommandContext(ctx, path, "serve", "--config", file).CombinedOutput()
			if err == nil || ctx.Err() != nil {
				t.Fatalf("%s: it starts: %s", c.reason, out)
			}
			for _, want := range c.want {
				if !strings.Contains(string(out), want) {
					t.Errorf("%s: %q is not in: %s", c.reason, want, out)
				}
			}
			if strings.Contains(string(out), "goroutine") {
				t.Errorf("a crash is no message: %s", out)
			}
		})
	}
}
