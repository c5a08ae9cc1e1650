package server

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestSecurityText(t *testing.T) {
	t.Parallel()
	now := time.Now()
	good := Security{Contact: []string{"mailto:security@example.no", "https://example.no/sikkerhet"},
		Policy: "https://example.no/policy", Expires: now.Add(time.Hour)}
	s, err := New(newStub(nil), Options{Security: &good, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/.well-known/security.txt", nil))
		return w
	}
	want := "Contact: mailto:security@example.no\nContact: https://example.no/sikkerhet\nExpires: " +
		good.Expires.UTC().Format(time.RFC3339) + "\nPolicy: https://example.no/policy\nPreferred-Languages: nb, nn, en\n"
	if w := ask(); w.Code != 200 || w.Body.String() != want || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	s.opts.Security = &Security{Contact: good.Contact, Expires: now.Add(-time.Second)}
	if w := ask(); w.Code != 404 {
		t.Errorf("expired: %d", w.Code)
	}
	s.opts.Security = nil
	if w := ask(); w.Code != 404 {
		t.Errorf("none: %d", w.Code)
	}
	for name, tc := range map[string]struct {
		change func(*Security)
		says   string
	}{
		"nobody":    {func(s *Security) { s.Contact = nil }, "security.contact is missing"},
		"no scheme": {func(s *Security) { s.Contact = []string{"security@example.no"} }, "security.contact[0]"},
		"a line":    {func(s *Security) { s.Contact[1] = "https://x\nContact: mailto:y" }, "security.contact[1]"},
		"http":      {func(s *Security) { s.Policy = "http://example.no" }, "security.policy"},
		"never":     {func(s *Security) { s.Expires = time.Time{} }, "security.expires is missing"},
		"past":      {func(s *Security) { s.Expires = now }, "security.expires is past"},
	} {
		bad := Security{Contact: append([]string{}, good.Contact...), Policy: good.Policy, Expires: good.Expires}
		tc.change(&bad)
		if err := bad.Check(now); err == nil || !strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), "example") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := good.Check(now); err != nil {
		t.Error(err)
	}
}

// TestSecurityHeaders walks all routes, with methods that are served and others.
func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	s, err := New(newStub(nil), Options{HSTS: true, Introspection: true, QueriesByGet: true,
		Logger: slog.New(slog.DiscardHandler), Playground: page("playground"),
		Mounts:    map[string]http.Handler{"GET /auth/session": page("{}"), "/dev/": page("dev")},
		Security:  &Security{Contact: []string{"tel:+4712345678"}, Expires: time.Now().Add(time.Hour)},
		Downloads: map[string]Download{"/personal-data": {}}})
	if err != nil {
		t.Fatal(err)
	}
	public := map[string]bool{"/texts/nb.json": true, "/schema.graphql": true, "/.well-known/security.txt": true}
	for _, path := range []string{"/graphql", "/healthz", "/readyz", "/playground", "/playground/x.js", "/texts/nb.json",
		"/schema.graphql", "/personal-data", "/.well-known/security.txt", "/auth/session", "/dev/x", "/", "/nothing"} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"} {
			for host, secure := range map[string]bool{"minside.example.no": true, "minside.example.no:443": true,
				"127.0.0.1:8080": false, "localhost": false, "[::1]:8080": false, "oversikt.localhost": false} {
				r := httptest.NewRequest(method, "http://"+host+path, strings.NewReader(document("{hello}")))
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				h := w.Header()
				kept := public[path] && w.Code == http.StatusOK
				if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" ||
					!strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
					!strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") ||
					(h.Get("Cross-Origin-Resource-Policy") == "same-origin") == kept ||
					(h.Get("Strict-Transport-Security") != "") != secure || (h.Get("Cache-Control") != "no-store") != kept {
					t.Errorf("%s %s%s: %d %v", method, host, path, w.Code, h)
				}
			}
		}
	}
}
