package token_test

import (
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/token"
)

func TestBearer(t *testing.T) {
	cases := map[string]struct {
		reason  string
		headers []string
		token   string
		present bool
		bad     bool
	}{
		"none":          {"anonymous", nil, "", false, false},
		"bearer":        {"RFC 6750", []string{"Bearer a.b-c_d"}, "a.b-c_d", true, false},
		"any case":      {"the scheme has no case (RFC 9110 section 11.1)", []string{"bEARER abc=="}, "abc==", true, false},
		"empty":         {"present, so never anonymous", []string{""}, "", true, true},
		"scheme alone":  {"no token", []string{"Bearer"}, "", true, true},
		"blank token":   {"no token", []string{"Bearer "}, "", true, true},
		"padding alone": {"no token", []string{"Bearer =="}, "", true, true},
		"two spaces":    {"one space separates", []string{"Bearer  abc"}, "", true, true},
		"two tokens":    {"which one counts is anyone's guess", []string{"Bearer abc, Bearer def"}, "", true, true},
		"two headers":   {"proxies differ in which one they read", []string{"Bearer abc", "Bearer abc"}, "", true, true},
		"basic":         {"another scheme", []string{"Basic YTpi"}, "", true, true},
		"DPoP":          {"another scheme", []string{"DPoP abc"}, "", true, true},
		"raw token":     {"no scheme", []string{"abc.def.ghi"}, "", true, true},
		"control bytes": {"not a token", []string{"Bearer a\x00b"}, "", true, true},
		"not ASCII":     {"not a token", []string{"Bearer æøå"}, "", true, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/graphql?access_token=never", nil)
			if tc.headers != nil {
				r.Header["Authorization"] = tc.headers
			}
			token, present, err := token.Bearer(r)
			if token != tc.token || present != tc.present || (err != nil) != tc.bad {
				t.Errorf("%s: got %q, %v, %v", tc.reason, token, present, err)
			}
			if err != nil && !errors.Is(err, caller.ErrUnauthenticated) {
				t.Errorf("%s: got %v", tc.reason, err)
			}
		})
	}
}

func TestAuthenticate(t *testing.T) {
	i := newIssuer(t, false)
	i.publish("a", rsaKey(), jose.RS256)
	v := newVerifier(t, newClock(), i)
	cases := map[string]struct {
		reason, header string
		ok, bad        bool
	}{
		"anonymous": {"no header is no error", "", false, false},
		"logged in": {"a good token", "Bearer " + i.token(t, nil), true, false},
		"bad token": {"never anonymous", "Bearer abc", false, true},
		"expired":   {"never anonymous", "Bearer " + i.token(t, map[string]any{"exp": 1}), false, true},
		"basic":     {"never anonymous", "Basic YTpi", false, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/graphql", nil)
			if tc.header != "" {
				r.Header.Set("Authorization", tc.header)
			}
			p, ok, err := v.Authenticate(r)
			if ok != tc.ok || (err != nil) != tc.bad || p.Scope().IsZero() == tc.ok {
				t.Errorf("%s: got %v, %v, %v", tc.reason, p, ok, err)
			}
		})
	}
}
