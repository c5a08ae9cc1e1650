package issuer_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
)

func TestLogin(t *testing.T) {
	d := start(t, nil)
	verifier, challenge := pkce()
	code := d.choose(t, authorization(challenge), "0")
	given := d.post(t, path+"/oauth/token", exchange(code, verifier), nil)
	if given.status != http.StatusOK {
		t.Fatalf("%d %s", given.status, given.body)
	}
	tokens := given.json(t)
	access, _ := tokens["access_token"].(string)
	idToken, _ := tokens["id_token"].(string)

	p, err := d.verifier(t).Verify(t.Context(), access)
	if err != nil {
		t.Fatalf("Oversikt refuses the access token: %v", err)
	}
	if p.NationalID.Reveal() != kari.NationalID || p.Name != kari.Name || p.ACR != issuer.ACR {
		t.Errorf("the token is about %+v", p)
	}
	if p.Subject == "" || strings.Contains(p.Subject, kari.NationalID) {
		t.Errorf("subject %q", p.Subject)
	}
	if _, err := d.verifier(t).Verify(t.Context(), idToken); err == nil {
		t.Error("Oversikt takes an ID token for a credential")
	}

	ctx := oidc.ClientContext(t.Context(), d.browser)
	provider, err := oidc.NewProvider(ctx, d.options.IssuerURL)
	if err != nil {
		t.Fatal(err)
	}
	login, err := provider.VerifierContext(ctx, &oidc.Config{ClientID: "portal"}).Verify(ctx, idToken)
	if err != nil {
		t.Fatal(err)
	}
	if err := login.VerifyAccessToken(access); err != nil || login.Nonce != "the-nonce" || login.Subject != p.Subject {
		t.Errorf("nonce %q, subject %q, %v", login.Nonce, login.Subject, err)
	}

	want := map[string]any{
		"nnin_altsub": kari.NationalID, "name": kari.Name, "given_name": "Kari Anne", "family_name": "Nordmann",
		"birthdate": "2021-01-12",
	}
	info := d.send(t, http.MethodGet, path+"/userinfo", map[string]string{"Authorization": "Bearer " + access},
		nil).json(t)
	delete(info, "sub")
	if diff := cmp.Diff(want, info); diff != "" {
		t.Errorf("userinfo: %s", diff)
	}
	claims := decode(t, access)
	for _, name := range []string{"iss", "sub", "aud", "iat", "nbf", "exp", "jti", "client_id", "acr", "amr"} {
		if claims[name] == nil {
			t.Errorf("the access token has no %s", name)
		}
		delete(claims, name)
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("access token: %s", diff)
	}
	if strings.Contains(d.log.String(), kari.NationalID) || strings.Contains(d.log.String(), kari.Name) {
		t.Errorf("the log names the person: %s", d.log)
	}
}

func decode(t *testing.T, token string) map[string]any {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestPublicClient(t *testing.T) {
	d := start(t, nil)
	verifier, challenge := pkce()
	query := authorization(challenge)
	query.Set("client_id", "web")
	query.Set("redirect_uri", "http://web.example/callback")
	form := exchange(d.choose(t, query, "1"), verifier)
	form.Set("client_id", "web")
	form.Set("redirect_uri", "http://web.example/callback")
	form.Del("client_secret")
	if given := d.post(t, path+"/oauth/token", form, nil); given.status != http.StatusOK {
		t.Errorf("%d %s", given.status, given.body)
	}
}

func TestExchangeRefuses(t *testing.T) {
	cases := map[string]struct {
		reason string
		form   url.Values // what differs from a good exchange; an empty value removes
		header map[string]string
	}{
		"wrong verifier": {"PKCE", url.Values{"code_verifier": {strings.Repeat("x", 43)}}, nil},
		"no verifier":    {"PKCE holds for confidential clients too", url.Values{"code_verifier": {}}, nil},
		"wrong code":     {"made up", url.Values{"code": {"made-up"}}, nil},
		"no code":        {"nothing to exchange", url.Values{"code": {}}, nil},
		"wrong secret":   {"not the client", url.Values{"client_secret": {"guess"}}, nil},
		"no secret":      {"a confidential client does not become public", url.Values{"client_secret": {}}, nil},
		"another client": {"the code was given to portal", url.Values{"client_id": {"thief"}, "client_secret": {}}, nil},
		"another redirect": {"the code went to another address",
			url.Values{"redirect_uri": {"http://portal.example/other"}}, nil},
		"refresh":            {"not offered", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}}, nil},
		"client credentials": {"not offered", url.Values{"grant_type": {"client_credentials"}}, nil},
		"assertion": {"not offered", url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"},
			"assertion": {"a.b.c"}}, nil},
		"from a page": {"of another origin", nil, map[string]string{"Origin": "https://evil.example",
			"Sec-Fetch-Site": "cross-site"}},
	}
	d := start(t, nil)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			verifier, challenge := pkce()
			form := exchange(d.choose(t, authorization(challenge), "0"), verifier)
			maps.Copy(form, tc.form)
			got := d.post(t, path+"/oauth/token", form, tc.header)
			if got.status < 400 || got.status >= 500 || strings.Contains(got.body, "access_token") {
				t.Errorf("%s: %d %s", tc.reason, got.status, got.body)
			}
		})
	}
}

func TestCodeWorksOnce(t *testing.T) {
	d := start(t, nil)
	verifier, challenge := pkce()
	form := exchange(d.choose(t, authorization(challenge), "0"), verifier)
	if first := d.post(t, path+"/oauth/token", form, nil); first.status != http.StatusOK {
		t.Fatalf("%d %s", first.status, first.body)
	}
	if again := d.post(t, path+"/oauth/token", form, nil); again.status != http.StatusBadRequest ||
		again.json(t)["error"] != "invalid_grant" {
		t.Errorf("replay: %d %s", again.status, again.body)
	}

	form = exchange(d.choose(t, authorization(challenge), "0"), strings.Repeat("x", 43))
	_ = d.post(t, path+"/oauth/token", form, nil)
	form.Set("code_verifier", verifier)
	if again := d.post(t, path+"/oauth/token", form, nil); again.status != http.StatusBadRequest {
		t.Errorf("a code whose verifier was guessed at once still works: %d", again.status)
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	cases := map[string]struct {
		reason    string
		change    url.Values
		redirects bool // the client is told; otherwise nobody is sent anywhere
	}{
		"redirect unregistered": {"an open redirect", url.Values{"redirect_uri": {"http://evil.example/callback"}}, false},
		"redirect longer":       {"compared to the letter", url.Values{"redirect_uri": {callback + "/more"}}, false},
		"redirect escaped": {"compared to the letter",
			url.Values{"redirect_uri": {"http://portal.example/c%61llback"}}, false},
		"redirect with a query":    {"compared to the letter", url.Values{"redirect_uri": {callback + "?a=b"}}, false},
		"redirect missing":         {"nowhere to go", url.Values{"redirect_uri": {}}, false},
		"client unknown":           {"not registered", url.Values{"client_id": {"nobody"}}, false},
		"client missing":           {"not registered", url.Values{"client_id": {}}, false},
		"no PKCE":                  {"required of all", url.Values{"code_challenge": {}, "code_challenge_method": {}}, true},
		"plain PKCE":               {"S256 is required", url.Values{"code_challenge_method": {"plain"}}, true},
		"implicit flow":            {"tokens in URLs", url.Values{"response_type": {"id_token token"}}, false},
		"login without being seen": {"somebody has to choose", url.Values{"prompt": {"none"}}, true},
	}
	d := start(t, nil)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, challenge := pkce()
			query := authorization(challenge)
			maps.Copy(query, tc.change)
			got := d.get(t, path+"/authorize?"+query.Encode())
			to := got.header.Get("Location")
			if tc.redirects {
				if !strings.HasPrefix(to, callback+"?") || !strings.Contains(to, "error=") || strings.Contains(to, "code=") {
					t.Errorf("%s: %d to %q", tc.reason, got.status, to)
				}
			} else if got.status != http.StatusBadRequest || to != "" {
				t.Errorf("%s: %d to %q: %s", tc.reason, got.status, to, got.body)
			}
		})
	}
}

func TestDiscoveryIsTrue(t *testing.T) {
	d := start(t, nil)
	document := d.get(t, path+"/.well-known/openid-configuration").json(t)
	if diff := cmp.Diff([]any{"authorization_code"}, document["grant_types_supported"]); diff != "" {
		t.Error(diff)
	}
	for name, value := range document {
		if address, ok := value.(string); ok && strings.HasSuffix(name, "_endpoint") {
			if got := d.get(t, address); got.status == http.StatusNotFound {
				t.Errorf("%s is at %s, where nothing is", name, address)
			}
		}
	}
}

func TestLogout(t *testing.T) {
	d := start(t, nil)
	got := d.get(t, path+"/end_session?client_id=portal&post_logout_redirect_uri="+
		url.QueryEscape("http://portal.example/"))
	if got.header.Get("Location") != "http://portal.example/" {
		t.Errorf("%d to %q", got.status, got.header.Get("Location"))
	}
	if got := d.get(t, path+"/end_session?client_id=portal&post_logout_redirect_uri="+
		url.QueryEscape("http://evil.example/")); got.status != http.StatusBadRequest {
		t.Errorf("an address that is not registered: %d to %q", got.status, got.header.Get("Location"))
	}
	own := d.get(t, path+"/end_session").header.Get("Location")
	if page := d.get(t, own); page.status != http.StatusOK || !strings.Contains(page.body, "logget ut") {
		t.Errorf("%s: %d", own, page.status)
	}
}
