package token_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

func TestVerifyAccepts(t *testing.T) {
	i := newIssuer(t, false)
	i.publish("a", rsaKey(), jose.RS256)
	i.publish("ec", ecKey(), "")
	v := newVerifier(t, newClock(), i)

	cases := map[string]struct{ reason, token string }{
		"RS256": {"what ID-porten and most brokers sign with", i.token(t, nil)},
		"ES256": {"a default algorithm too", sign(t, jose.ES256, ecKey(), map[string]any{"kid": "ec"}, i.claims(nil))},
		"no typ": {"typ is optional (RFC 7519 section 5.1)",
			sign(t, jose.RS256, rsaKey(), map[string]any{"kid": "a"}, i.claims(nil))},
		"at+jwt": {"RFC 9068 section 2.1", sign(t, jose.RS256, rsaKey(),
			map[string]any{"kid": "a", "typ": "application/AT+jwt"}, i.claims(nil))},
		"odd name": {"nobody sees the difference", i.token(t,
			map[string]any{"name": " Kari\u202e\u200b\nNordmann\x00\ufeff"})},
		"one audience": {"aud may be a string", i.token(t, map[string]any{"aud": "oversikt"})},
		"skew": {"29 s after exp is within the leeway", i.token(t,
			map[string]any{"exp": start.Add(-29 * time.Second).Unix()})},
		"skew ahead": {"an issuer whose clock is 29 s fast", i.token(t,
			map[string]any{"iat": start.Unix() + 29, "nbf": start.Unix() + 29})},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, err := v.Verify(t.Context(), tc.token)
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			want := caller.Principal{Kind: caller.Person, Name: "Kari Nordmann", Issuer: i.url, Subject: "9578-6000-4-1",
				ACR: level}
			got := p
			got.NationalID, got.ExpiresAt = norway.NationalID{}, time.Time{}
			if got != want {
				t.Errorf("got %#v, want %#v", got, want)
			}
			if p.Scope().NationalID().Reveal() != synthetic {
				t.Error("the scope is not the caller's own number")
			}
		})
	}
	if d, k := i.discoveries.Load(), i.keyFetches.Load(); d != 1 || k != 1 {
		t.Errorf("%d discoveries and %d key fetches for all tokens, want 1 and 1", d, k)
	}
}

// TestOrgNumber: an issuer that says so vouches for the organisation that a person represents.
func TestOrgNumber(t *testing.T) {
	i := newIssuer(t, false)
	i.publish("a", rsaKey(), jose.RS256)
	conf := i.config()
	deaf := newVerifier(t, newClock(), i, conf)
	conf.OrgNumberClaim = "org"
	v := newVerifier(t, newClock(), i, conf)
	for name, tc := range map[string]struct {
		reason string
		claim  any
		want   string
		ok     bool
	}{
		"good":      {"nine digits", "987654325", "987654325", true},
		"none":      {"a person alone", nil, "", true},
		"false":     {"its last digit is wrong", "987654320", "", false},
		"empty":     {"no number", "", "", false},
		"no string": {"a number may have lost a digit", 987654325, "", false},
	} {
		token := i.token(t, map[string]any{"org": tc.claim})
		p, err := v.Verify(t.Context(), token)
		if (err == nil) != tc.ok || p.OrgNumber != tc.want {
			t.Errorf("%s (%s): %q, %v", name, tc.reason, p.OrgNumber, err)
		}
		if p, err := deaf.Verify(t.Context(), token); err != nil || p.OrgNumber != "" {
			t.Errorf("%s, of an issuer that does not vouch: %q, %v", name, p.OrgNumber, err)
		}
	}
}

// refusal is a token that must not pass. The reason is also what the log says.
type refusal = struct{ reason, token string }

// refusals are tokens that no issuer's may be, whomever it is for.
func refusals(t *testing.T, i, other *localIssuer) map[string]refusal {
	header := func(changes map[string]any) map[string]any {
		h := map[string]any{"kid": "a", "typ": "JWT"}
		for name, value := range changes {
			h[name] = value
		}
		return h
	}
	rs := func(h, claims map[string]any) string {
		return sign(t, jose.RS256, rsaKey(), header(h), i.claims(claims))
	}
	der, err := x509.MarshalPKIXPublicKey(rsaKey().Public())
	if err != nil {
		t.Fatal(err)
	}
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	good := i.token(t, nil)
	parts := strings.Split(good, ".")
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"` + i.url + `","nin":"` + synthetic + `"}`))
	otherKey := jose.JSONWebKey{Key: otherRSAKey().Public(), KeyID: "a", Algorithm: "RS256", Use: "sig"}
	at := func(d time.Duration) int64 { return start.Add(d).Unix() }

	const (
		malformed = "not a signed JWT"
		broken    = "signature or claims are broken"
	)
	return map[string]refusal{
		"empty":      {malformed, ""},
		"garbage":    {malformed, "garbage"},
		"dots":       {malformed, ".."},
		"four parts": {malformed, good + ".x"},
		"JSON serialization": {malformed, `{"payload":"` + parts[1] + `","signatures":[{"protected":"` + parts[0] +
			`","signature":"` + parts[2] + `"}]}`},
		"oversized":             {"longer than 8 KiB", i.token(t, map[string]any{"pad": strings.Repeat("x", 8<<10)})},
		"alg none":              {malformed, unsigned(t, map[string]any{"alg": "none", "kid": "a"}, i.claims(nil), "")},
		"alg None":              {malformed, unsigned(t, map[string]any{"alg": "None", "kid": "a"}, i.claims(nil), "")},
		"alg missing":           {malformed, unsigned(t, map[string]any{"kid": "a"}, i.claims(nil), parts[2])},
		"HS256 with public PEM": {malformed, sign(t, jose.HS256, publicPEM, header(nil), i.claims(nil))},
		"HS256 with public DER": {malformed, sign(t, jose.HS256, der, header(nil), i.claims(nil))},
		"algorithm not listed":  {malformed, sign(t, jose.RS512, rsaKey(), header(nil), i.claims(nil))},
		"PS256, key is RS256's": {"algorithm is not accepted", sign(t, jose.PS256, rsaKey(), header(nil), i.claims(nil))},
		"ES256, key is RS256's": {"algorithm is not accepted", sign(t, jose.ES256, ecKey(), header(nil), i.claims(nil))},
		"signature of another":  {broken, sign(t, jose.RS256, otherRSAKey(), header(nil), i.claims(nil))},
		"signature cut":         {broken, good[:len(good)-4]},
		"signature empty":       {broken, parts[0] + "." + parts[1] + "."},
		"claims swapped":        {broken, parts[0] + "." + forged + "." + parts[2]},
		"claim twice":           {malformed, twice(t, i)},
		"issuer unknown":        {"unknown issuer", rs(nil, map[string]any{"iss": "https://evil.example"})},
		"issuer with slash":     {"unknown issuer", rs(nil, map[string]any{"iss": i.url + "/"})},
		"issuer missing":        {"unknown issuer", rs(nil, map[string]any{"iss": nil})},
		"kid unknown":           {"does not publish", rs(map[string]any{"kid": "z"}, nil)},
		"kid a path":            {"does not publish", rs(map[string]any{"kid": "../../../dev/null"}, nil)},
		"kid SQL":               {"does not publish", rs(map[string]any{"kid": "' OR 1=1 --"}, nil)},
		"kid missing":           {"names no key", sign(t, jose.RS256, rsaKey(), map[string]any{"typ": "JWT"}, i.claims(nil))},
		"key of another issuer": {"does not publish", sign(t, jose.RS256, otherRSAKey(), header(map[string]any{"kid": "b"}),
			i.claims(nil))},
		"issuer of another key": {broken, sign(t, jose.RS256, rsaKey(), header(map[string]any{"kid": "b"}),
			other.claims(nil))},
		"typ of a logout": {"typ is neither", rs(map[string]any{"typ": "logout+jwt"}, nil)},
		"typ a number":    {"typ is neither", rs(map[string]any{"typ": 7}, nil)},
		"crit":            {"crit header", rs(map[string]any{"crit": []string{"exp"}}, nil)},
		"crit b64":        {"crit header", rs(map[string]any{"crit": []string{"b64"}, "b64": true}, nil)},
		"jku":             {"key of its own", rs(map[string]any{"jku": other.url + "/keys"}, nil)},
		"x5u":             {"key of its own", rs(map[string]any{"x5u": other.url + "/keys"}, nil)},
		"jwk, signed with it": {"key of its own", sign(t, jose.RS256, otherRSAKey(),
			header(map[string]any{"jwk": otherKey}), i.claims(nil))},
		"audience wrong":    {"another audience", rs(nil, map[string]any{"aud": "portal"})},
		"audience missing":  {"another audience", rs(nil, map[string]any{"aud": nil})},
		"audience a number": {broken, rs(nil, map[string]any{"aud": 5})},
		"expired":           {"has expired", rs(nil, map[string]any{"exp": at(-61 * time.Second)})},
		"exp missing":       {"never expires", rs(nil, map[string]any{"exp": nil})},
		"exp a string":      {broken, rs(nil, map[string]any{"exp": synthetic})},
		"exp in ten years":  {"maxTokenLifetime", rs(nil, map[string]any{"exp": at(10 * 365 * 24 * time.Hour)})},
		"a second too long": {"maxTokenLifetime", rs(nil, map[string]any{"exp": at(24*time.Hour + time.Second)})},
		"issued long ago": {"maxTokenLifetime",
			rs(nil, map[string]any{"iat": at(-25 * time.Hour), "nbf": nil, "exp": at(time.Minute)})},
		"exp far, no iat": {"maxTokenLifetime", rs(nil, map[string]any{"iat": nil, "exp": at(25 * time.Hour)})},
		"exp beyond time": {"maxTokenLifetime", rs(nil, map[string]any{"exp": int64(1) << 50})},
		"nbf ahead":       {"not valid yet", rs(nil, map[string]any{"nbf": at(time.Minute)})},
		"iat ahead":       {"issued in the future", rs(nil, map[string]any{"iat": at(time.Minute)})},
		"acr too low":     {"assurance level", rs(nil, map[string]any{"acr": "urn:bankid:bis;LOA=3"})},
		"acr with more":   {"assurance level", rs(nil, map[string]any{"acr": level + "0"})},
		"acr missing":     {"assurance level", rs(nil, map[string]any{"acr": nil})},
		"acr a list":      {"assurance level", rs(nil, map[string]any{"acr": []string{level}})},
	}
}

// personRefusals are further tokens that are not of a person.
func personRefusals(t *testing.T, i *localIssuer) map[string]refusal {
	with := func(claims map[string]any) string { return i.token(t, claims) }
	return map[string]refusal{
		"national id missing":    {"no national identity number", with(map[string]any{broker: nil})},
		"national id elsewhere":  {"no national identity number", with(map[string]any{broker: nil, "pid": synthetic})},
		"national id a number":   {"no national identity number", with(map[string]any{broker: 12812199631})},
		"national id mistyped":   {"number is not one", with(map[string]any{broker: "12812199632"})},
		"national id with space": {"number is not one", with(map[string]any{broker: synthetic + " "})},
		"national id of a real":  {"only synthetic ones", with(map[string]any{broker: realNumber(t)})},
		"staff's claims": {"no national identity number", with(map[string]any{broker: nil, "role": "saksbehandler",
			"agency": "fjord"})},
	}
}

// twice returns a token that names its number two times; readers differ in which they take.
func twice(t *testing.T, i *localIssuer) string {
	t.Helper()
	payload := fmt.Sprintf(`{"iss":%q,"nin":"29822099635","nin":%q}`, i.url, synthetic)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: rsaKey()},
		(&jose.SignerOptions{}).WithHeader("kid", "a"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign([]byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// realNumber returns a number of the kind that people have, of a date long past.
func realNumber(t testing.TB) string {
	t.Helper()
	for serial := 100; serial < 500; serial++ {
		if id, ok := norway.CheckNationalID(fmt.Sprintf("010101%03d", serial)); ok {
			return id.Reveal()
		}
	}
	t.Fatal("no number")
	return ""
}

func TestVerifyRefuses(t *testing.T) {
	for name, staff := range map[string]bool{"debtors": false, "staff": true} {
		t.Run(name, func(t *testing.T) {
			i, other := newIssuer(t, false), newIssuer(t, false)
			i.staff = staff
			i.publish("a", rsaKey(), jose.RS256)
			other.publish("b", otherRSAKey(), jose.RS256)
			v := newVerifier(t, newClock(), i, i.config(), other.config())

			cases := refusals(t, i, other)
			if staff {
				maps.Copy(cases, staffRefusals(t, i))
			} else {
				maps.Copy(cases, personRefusals(t, i))
			}
			for name, tc := range cases {
				t.Run(name, func(t *testing.T) { refused(t, v, tc) })
			}
			if k := i.keyFetches.Load(); k != 1 {
				t.Errorf("%d key fetches for %d bad tokens, want 1", k, len(cases))
			}
			if k := other.keyFetches.Load(); k != 1 {
				t.Errorf("%d key fetches at the other issuer, want 1", k)
			}
		})
	}
}

func refused(t *testing.T, v *token.Verifier, tc refusal) {
	p, err := v.Verify(t.Context(), tc.token)
	if err == nil {
		t.Fatalf("accepted as %v; want: %s", p, tc.reason)
	}
	f, want := fault.Of(err), caller.ErrUnauthenticated
	if strings.Contains(err.Error(), "national identity number") { // a good token of somebody from abroad
		want = caller.ErrNoNationalID
	}
	if f.Code != want.Code || f.Message != want.Message {
		t.Errorf("clients see %s: %s; want %s: %s", f.Code, f.Message, want.Code, want.Message)
	}
	if !strings.Contains(err.Error(), tc.reason) {
		t.Errorf("the log says %q; want %q", err, tc.reason)
	}
	if p != (caller.Principal{}) {
		t.Error("a refused token gives a principal")
	}
	hides(t, err, tc.token)
}

// hides fails where the text of err holds the token, a part of it, or the number.
func hides(t *testing.T, err error, token string) {
	t.Helper()
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", fault.Of(err).Cause)} {
		for _, secret := range append(strings.Split(token, "."), token, synthetic, "29822099635", realNumber(t)) {
			if len(secret) > 6 && strings.Contains(text, secret) {
				t.Errorf("%q holds %q", text, secret)
			}
		}
	}
}

func TestUnknownIssuerAsksNobody(t *testing.T) {
	i, other := newIssuer(t, false), newIssuer(t, false)
	other.publish("a", rsaKey(), jose.RS256)
	v := newVerifier(t, newClock(), i)
	if _, err := v.Verify(t.Context(), other.token(t, nil)); !errors.Is(err, caller.ErrUnauthenticated) {
		t.Errorf("got %v", err)
	}
	if n := i.discoveries.Load() + other.discoveries.Load() + other.keyFetches.Load(); n != 0 {
		t.Errorf("%d requests for a token of an unknown issuer", n)
	}
}

func TestProductionRefusesSynthetic(t *testing.T) {
	i := newIssuer(t, true)
	i.publish("a", rsaKey(), jose.RS256)
	v := newVerifier(t, newClock(), i)

	if _, err := v.Verify(t.Context(), i.token(t, map[string]any{broker: realNumber(t)})); err != nil {
		t.Errorf("a number that people have: %v", err)
	}
	for reason, number := range map[string]string{
		"Tax Administration, month + 80":        synthetic,
		"hospitals' own, and NAV's, month + 40": "13527248013",
	} {
		token := i.token(t, map[string]any{broker: number})
		if _, err := v.Verify(t.Context(), token); !errors.Is(err, caller.ErrUnauthenticated) {
			t.Errorf("%s: got %v", reason, err)
		}
	}
}

func TestRememberedTokenExpires(t *testing.T) {
	cases := map[string]struct {
		reason  string
		life    time.Duration
		advance time.Duration
		ok      bool
	}{
		"remembered":         {"the key is gone, but the token was just accepted", time.Hour, 59 * time.Second, true},
		"forgotten":          {"a withdrawn key counts for a minute at most", time.Hour, 61 * time.Second, false},
		"expired in memory":  {"what is remembered does not outlive exp", 20 * time.Second, 21 * time.Second, false},
		"expired by a while": {"nor when asked much later", 20 * time.Second, 2 * time.Hour, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			i, c := newIssuer(t, false), newClock()
			i.publish("a", rsaKey(), jose.RS256)
			v := newVerifier(t, c, i)
			token := i.token(t, map[string]any{"exp": start.Add(tc.life).Unix()})
			if _, err := v.Verify(t.Context(), token); err != nil {
				t.Fatal(err)
			}
			// A key of the same name that did not sign the token: only memory can accept it.
			i.withdrawAll()
			i.publish("a", otherRSAKey(), jose.RS256)
			c.advance(2 * time.Hour) // old enough to be fetched anew
			renewed := sign(t, jose.RS256, otherRSAKey(), map[string]any{"kid": "a"},
				i.claims(map[string]any{"exp": c.now().Add(time.Hour).Unix()}))
			waitFor(t, func() bool { // until what was fetched is stored
				_, err := v.Verify(t.Context(), renewed)
				return err == nil
			})
			c.at.Store(start.Add(tc.advance).UnixNano())

			if _, err := v.Verify(t.Context(), token); (err == nil) != tc.ok {
				t.Errorf("%s: got %v", tc.reason, err)
			}
		})
	}
}

func TestPrincipalHidesThePerson(t *testing.T) {
	id, err := norway.ParseNationalID(synthetic)
	if err != nil {
		t.Fatal(err)
	}
	p := caller.Principal{Kind: caller.Person, NationalID: id, Name: "Kari Nordmann", Subject: synthetic,
		Issuer: "https://issuer.example"}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("caller", "principal", p, "scope", p.Scope())
	for _, text := range []string{log.String(), fmt.Sprint(p), fmt.Sprintf("%+v %v %#v", p, p.Scope(), p.Scope())} {
		if strings.Contains(text, synthetic) || strings.Contains(text, "Nordmann") {
			t.Errorf("%q names the person", text)
		}
	}
}
