package issuer_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
)

func TestPeople(t *testing.T) {
	d := start(t, nil)
	got := d.get(t, path+"/people")
	var people []issuer.Person
	if err := json.Unmarshal([]byte(got.body), &people); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d.options.People, people); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(got.body,
		`[{"nationalId":"12812199631","name":"Kari Anne Nordmann","agencies":["fjord","fjell"],"openCases":3,"note":"Debts`) {
		t.Errorf("names of fields: %s", got.body)
	}
	if got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("pages of other origins can read the people")
	}
}

func TestTokenForThePlayground(t *testing.T) {
	d := start(t, nil)
	const kind = "application/json"
	cases := map[string]struct {
		reason, kind, body string
		header             map[string]string
		status             int
	}{
		"good": {"somebody in the demo", kind, `{"nationalId":"12812199631"}`, nil, 200},
		"same origin": {"the playground", "application/json; charset=utf-8", `{"nationalId":"12812199631"}`,
			map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
		"unknown person": {"a good number, but nobody's here", kind, `{"nationalId":"12828899736"}`, nil, 404},
		"no number":      {"nobody has none", kind, `{}`, nil, 404},
		"null":           {"nobody has none", kind, `null`, nil, 404},
		"broken":         {"not JSON", kind, `{"nationalId":`, nil, 400},
		"a number":       {"the number is a string", kind, `{"nationalId":12812199631}`, nil, 400},
		"a list":         {"not an object", kind, `[]`, nil, 400},
		"empty":          {"not JSON", kind, ``, nil, 400},
		"unknown field":  {"strict", kind, `{"nationalId":"12812199631","admin":true}`, nil, 400},
		"trailing":       {"strict", kind, `{"nationalId":"12812199631"}{}`, nil, 400},
		"oversized":      {"over 4 KiB", kind, `{"nationalId":"` + strings.Repeat("1", 5<<10) + `"}`, nil, 400},
		"form": {"a form needs no preflight", "application/x-www-form-urlencoded", "nationalId=12812199631", nil,
			415},
		"text":    {"nor does text", "text/plain", `{"nationalId":"12812199631"}`, nil, 415},
		"no type": {"unknown", "", `{"nationalId":"12812199631"}`, nil, 415},
		"cross-site": {"another origin", kind, `{"nationalId":"12812199631"}`,
			map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"foreign origin": {"another origin, old browser", kind, `{"nationalId":"12812199631"}`,
			map[string]string{"Origin": "https://evil.example"}, 403},
		"sandboxed origin": {"another origin", kind, `{"nationalId":"12812199631"}`, map[string]string{"Origin": "null"},
			403},
	}
	v := d.verifier(t)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			header := map[string]string{"Content-Type": tc.kind}
			for name, value := range tc.header {
				header[name] = value
			}
			got := d.send(t, http.MethodPost, path+"/token", header, strings.NewReader(tc.body))
			if got.status != tc.status {
				t.Fatalf("%s: %d %s", tc.reason, got.status, got.body)
			}
			answer := got.json(t)
			if got.status == http.StatusOK {
				if p, err := v.Verify(t.Context(), answer["token"].(string)); err != nil ||
					p.NationalID.Reveal() != kari.NationalID {
					t.Errorf("%v %v", p, err)
				}
			} else if answer["error"] == "" || answer["token"] != nil || strings.Contains(got.body, "128") {
				t.Errorf("answer %s", got.body)
			}
		})
	}
}

func TestMint(t *testing.T) {
	d := start(t, nil)
	now := time.Now()
	cases := map[string]struct {
		reason   string
		change   func(*issuer.Options)
		lifetime time.Duration
		at       time.Time
		ok       bool
	}{
		"valid":            {"the command line and the issuer share the key file", nil, 12 * time.Hour, now, true},
		"default lifetime": {"12 h", nil, 0, now.Add(-11 * time.Hour), true},
		"expired":          {"its hour is over", nil, time.Hour, now.Add(-2 * time.Hour), false},
		"default expired":  {"12 h are over", nil, 0, now.Add(-13 * time.Hour), false},
		"not yet":          {"of tomorrow", nil, time.Hour, now.Add(time.Hour), false},
		"another key": {"the key of another demo", func(o *issuer.Options) {
			o.KeyFile = filepath.Join(t.TempDir(),
				"other.pem")
		}, time.Hour, now, false},
		"another audience": {"not for Oversikt", func(o *issuer.Options) { o.Audience = "other" }, time.Hour, now, false},
		"another claim": {"the number is not where it is looked for",
			func(o *issuer.Options) { o.NationalIDClaim = "pid" }, time.Hour, now, false},
		"another issuer": {"unknown", func(o *issuer.Options) { o.IssuerURL += "2" }, time.Hour, now, false},
	}
	v := d.verifier(t)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			o := d.options
			if tc.change != nil {
				tc.change(&o)
			}
			token, err := issuer.Mint(o, kari, tc.lifetime, tc.at)
			if err != nil {
				t.Fatal(err)
			}
			p, err := v.Verify(t.Context(), token)
			if (err == nil) != tc.ok || tc.ok && p.NationalID.Reveal() != kari.NationalID {
				t.Errorf("%s: %v %v", tc.reason, p, err)
			}
			if err != nil && !errors.Is(err, caller.ErrUnauthenticated) && !errors.Is(err, caller.ErrNoNationalID) {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
}

func TestRestartKeepsTokens(t *testing.T) {
	file := filepath.Join(t.TempDir(), "issuer.pem")
	first := start(t, func(o *issuer.Options) { o.KeyFile = file })
	token, err := issuer.Mint(first.options, kari, time.Hour, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	// The second listens elsewhere, but is the same issuer with the same key.
	second := start(t, func(o *issuer.Options) { o.KeyFile = file })
	if first.get(t, path+"/keys").body != second.get(t, path+"/keys").body {
		t.Error("the keys changed")
	}
	if _, err := first.verifier(t).Verify(t.Context(), token); err != nil {
		t.Error(err)
	}
	if strings.Contains(second.get(t, path+"/keys").body, `"d"`) {
		t.Error("the private key is published")
	}
}

func TestKeyFile(t *testing.T) {
	options := func(file string) issuer.Options {
		return issuer.Options{IssuerURL: "http://127.0.0.1:8080/dev/bankid", KeyFile: file}
	}
	file := filepath.Join(t.TempDir(), "deep", "issuer.pem")
	var wg sync.WaitGroup
	tokens := make([]string, 8)
	for n := range tokens {
		wg.Go(func() {
			token, err := issuer.Mint(options(file), kari, time.Hour, time.Unix(1_800_000_000, 0))
			if err != nil {
				t.Error(err)
			}
			tokens[n] = strings.Split(token, ".")[0] // its header names the key
		})
	}
	wg.Wait()
	for _, header := range tokens {
		if header != tokens[0] {
			t.Error("processes that start at once have different keys")
		}
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}

	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := issuer.Mint(options(file), kari, time.Hour, time.Now()); err == nil {
		t.Error("a key that others can read is used")
	}
	bad := filepath.Join(t.TempDir(), "bad.pem")
	if err := os.WriteFile(bad, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := issuer.Mint(options(bad), kari, time.Hour, time.Now()); err == nil {
		t.Error("a file that is no key is used")
	}
	if text, _ := os.ReadFile(bad); string(text) != "not a key" {
		t.Error("a file that was there is replaced")
	}
}

func TestOptions(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*issuer.Options)
		fault  string
	}{
		"good":             {"all that is needed", func(*issuer.Options) {}, ""},
		"no URL":           {"required", func(o *issuer.Options) { o.IssuerURL = "" }, "issuer URL"},
		"slash at the end": {"iss is compared to the letter", func(o *issuer.Options) { o.IssuerURL += "/" }, "issuer URL"},
		"no key file":      {"required", func(o *issuer.Options) { o.KeyFile = "" }, "key file"},
		"real person": {"never vouched for",
			func(o *issuer.Options) { o.People = []issuer.Person{{NationalID: "13527248013", Name: "A"}} }, "synthetic"},
		"mistyped number": {"check digits", func(o *issuer.Options) {
			o.People = []issuer.Person{{NationalID: "12812199632",
				Name: "A"}}
		}, "check digits"},
		"nameless": {"nobody to choose",
			func(o *issuer.Options) { o.People = []issuer.Person{{NationalID: kari.NationalID}} }, "without a name"},
		"same person": {"who would it be?", func(o *issuer.Options) { o.People = []issuer.Person{kari, kari} },
			"another's too"},
		"no redirect": {"nowhere to go", func(o *issuer.Options) { o.Clients = []issuer.Client{{ID: "a"}} },
			"no redirect URI"},
		"script redirect": {"runs in the page", func(o *issuer.Options) {
			o.Clients = []issuer.Client{{ID: "a", RedirectURIs: []string{"javascript:alert(1)"}}}
		}, "not an http(s) URL"},
		"policy redirect": {"would end the policy's directive", func(o *issuer.Options) {
			o.Clients = []issuer.Client{{ID: "a", RedirectURIs: []string{"http://a;script-src/"}}}
		}, "not an http(s) URL"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			o := issuer.Options{IssuerURL: "http://127.0.0.1:8080/dev/bankid", KeyFile: filepath.Join(t.TempDir(), "k"),
				People: []issuer.Person{kari}}
			tc.change(&o)
			_, err := issuer.New(o)
			if tc.fault == "" && err != nil || tc.fault != "" && (err == nil || !strings.Contains(err.Error(), tc.fault)) {
				t.Errorf("%s: %v", tc.reason, err)
			}
			if err != nil && (strings.Contains(err.Error(), "13527248013") || strings.Contains(err.Error(), kari.NationalID)) {
				t.Errorf("the error holds the number: %v", err)
			}
		})
	}
}
