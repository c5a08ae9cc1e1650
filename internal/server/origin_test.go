package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
)

const portal = "https://portal.example"

func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		headers []string
		want    int
		reason  string
	}{
		"no browser": {nil, 200, "neither header: curl, a mobile app"},
		"same origin": {[]string{"Origin", "http://example.com", "Sec-Fetch-Site", "same-origin"}, 200,
			"the playground"},
		"same origin, old": {[]string{"Origin", "http://example.com"}, 200, "Origin is this host"},
		"user":             {[]string{"Sec-Fetch-Site", "none"}, 200, "typed by the user"},
		"cross-site": {[]string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, 403,
			"a foreign page"},
		"cross-site, no origin": {[]string{"Sec-Fetch-Site", "cross-site"}, 403, "a foreign page"},
		"same-site": {[]string{"Origin", "https://sibling.example.com", "Sec-Fetch-Site", "same-site"}, 403,
			"a sibling is not this origin"},
		"foreign, old browser": {[]string{"Origin", "https://evil.example"}, 403, "Origin is another host"},
		"null origin":          {[]string{"Origin", "null", "Sec-Fetch-Site", "cross-site"}, 403, "a sandboxed frame"},
		"allowed":              {[]string{"Origin", portal, "Sec-Fetch-Site", "cross-site"}, 200, "configured"},
		"allowed, look-alike": {[]string{"Origin", portal + ".evil.example", "Sec-Fetch-Site", "cross-site"}, 403,
			"compared whole"},
		"allowed, other scheme": {[]string{"Origin", "http://portal.example", "Sec-Fetch-Site", "cross-site"}, 403,
			"compared whole"},
	}
	b := setup(t, nil, Options{AllowedOrigins: []string{portal}})
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := b.do(request(document("{hello}"), tt.headers...))
			if w.Code != tt.want {
				t.Fatalf("status %d, want %d: %s", w.Code, tt.want, tt.reason)
			}
			if a := parse(t, w); tt.want == 403 && (a.code() != "CROSS_ORIGIN" || a.Data != nil) {
				t.Errorf("body %s", w.Body)
			}
		})
	}
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		allowed                 []string
		origin, method, headers string
		want                    string
		reason                  string
	}{
		"allowed": {[]string{portal}, portal, "POST", "authorization,content-type", portal,
			"what a web client sends"},
		"request id":       {[]string{portal}, portal, "POST", "accept-language,x-request-id", portal, "headers of ours"},
		"foreign":          {[]string{portal}, "https://evil.example", "POST", "content-type", "", "not configured"},
		"other method":     {[]string{portal}, portal, "DELETE", "content-type", "", "POST alone"},
		"other header":     {[]string{portal}, portal, "POST", "x-evil", "", "not in the list"},
		"none configured":  {nil, portal, "POST", "content-type", "", "an empty list means nobody, not everybody"},
		"null":             {[]string{portal}, "null", "POST", "content-type", "", "a sandboxed frame"},
		"none, null asked": {nil, "null", "POST", "content-type", "", "a sandboxed frame"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodOptions, "/graphql", nil)
			r.Header.Set("Origin", tt.origin)
			r.Header.Set("Access-Control-Request-Method", tt.method)
			r.Header.Set("Access-Control-Request-Headers", tt.headers)
			w := setup(t, nil, Options{AllowedOrigins: tt.allowed}).do(r)
			if got := w.Header().Get("Access-Control-Allow-Origin"); got != tt.want {
				t.Errorf("allowed origin %q, want %q: %s", got, tt.want, tt.reason)
			}
			if w.Header().Get("Access-Control-Allow-Credentials") != "" || w.Code >= 500 {
				t.Errorf("status %d, headers %v", w.Code, w.Header())
			}
		})
	}
}

func TestActualCrossOriginAnswer(t *testing.T) {
	t.Parallel()
	w := setup(t, nil, Options{AllowedOrigins: []string{portal}}).do(request(document("{"), "Origin", portal))
	if w.Header().Get("Access-Control-Allow-Origin") != portal || w.Header().Get("Access-Control-Expose-Headers") == "" {
		t.Errorf("a script must be able to read errors and Retry-After: %v", w.Header())
	}
}

func TestOriginsAreExact(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{"*", "https://*.example", "portal.example", "https://portal.example/",
		"https://u@portal.example", ""} {
		if _, err := New(newStub(nil), Options{AllowedOrigins: []string{origin}}); err == nil {
			t.Errorf("origin %q is accepted", origin)
		}
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		on      bool
		query   string
		headers []string
		want    int
		reason  string
	}{
		"off":         {false, "{hello}", []string{"Sec-Fetch-Mode", "cors"}, 405, "the default"},
		"link":        {true, "{hello}", []string{"Sec-Fetch-Mode", "navigate"}, 405, "nothing can be asked by a link"},
		"image":       {true, "{hello}", []string{"Sec-Fetch-Mode", "no-cors"}, 405, "nor by a tag"},
		"old browser": {true, "{hello}", nil, 405, "could be a link"},
		"script":      {true, "{hello}", []string{"Sec-Fetch-Mode", "cors"}, 200, "a script's fetch"},
		"preflight":   {true, "{hello}", []string{"GraphQL-Require-Preflight", "1"}, 200, "no link can set this"},
		"cross-site": {true, "{hello}", []string{"Sec-Fetch-Mode", "cors", "Sec-Fetch-Site", "cross-site"}, 405,
			"another site's script"},
		"mutation":        {true, "mutation{act(input:{})}", []string{"Sec-Fetch-Mode", "cors"}, 405, "GET is safe"},
		"subscription":    {true, "subscription{tick}", []string{"Sec-Fetch-Mode", "cors"}, 400, "one response"},
		"broken document": {true, "{", []string{"Sec-Fetch-Mode", "cors"}, 200, "as over POST"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ran := false
			b := setup(t, resolvers{"act": func(context.Context, map[string]any) (string, error) { ran = true; return "", nil }},
				Options{QueriesByGet: tt.on})
			r := httptest.NewRequest(http.MethodGet, "/graphql", nil)
			r.URL.RawQuery = "query=" + tt.query
			for i := 0; i < len(tt.headers); i += 2 {
				r.Header.Set(tt.headers[i], tt.headers[i+1])
			}
			w := b.do(r)
			if w.Code != tt.want || ran {
				t.Errorf("status %d, want %d, ran %v: %s", w.Code, tt.want, ran, tt.reason)
			}
			if w.Code == 405 && w.Header().Get("Allow") != "POST" {
				t.Errorf("Allow %q", w.Header().Get("Allow"))
			}
		})
	}
}
