package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func page(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	full := Options{Playground: page("playground"), Mounts: map[string]http.Handler{"/dev/bankid/": page("bankid")}}
	tests := map[string]struct {
		opts         Options
		method, path string
		want         int
		body         string
		reason       string
	}{
		"health":             {Options{}, "GET", "/healthz", 200, `{"status":"ok"}`, "the process lives"},
		"health head":        {Options{}, "HEAD", "/healthz", 200, "", "probes use HEAD too"},
		"health post":        {Options{}, "POST", "/healthz", 405, "METHOD_NOT_ALLOWED", "reading alone"},
		"ready":              {Options{}, "GET", "/readyz", 200, `{"status":"ok"}`, "nothing says otherwise"},
		"playground":         {full, "GET", "/playground", 200, "playground", "given"},
		"playground asset":   {full, "GET", "/playground/app.js", 200, "playground", "and what lies below"},
		"playground sibling": {full, "GET", "/playgrounds", 404, "NOT_FOUND", "another path"},
		"no playground":      {Options{}, "GET", "/playground", 404, "NOT_FOUND", "not given"},
		"schema": {Options{Introspection: true}, "GET", "/schema.graphql", 200, "enum Status {",
			"whoever may ask for it may have it as a file"},
		"no schema":     {full, "GET", "/schema.graphql", 404, "NOT_FOUND", "introspection is off"},
		"metrics":       {full, "GET", "/metrics", 404, "NOT_FOUND", "there are none"},
		"mount":         {full, "GET", "/dev/bankid/authorize", 200, "bankid", "given"},
		"root":          {full, "GET", "/", 404, "NOT_FOUND", "nothing there"},
		"below graphql": {full, "POST", "/graphql/x", 404, "NOT_FOUND", "one address"},
		"pprof":         {full, "GET", "/debug/pprof/", 404, "NOT_FOUND", "never mounted"},
		"get":           {Options{}, "GET", "/graphql", 405, "METHOD_NOT_ALLOWED", "POST alone"},
		"head":          {Options{}, "HEAD", "/graphql", 405, "METHOD_NOT_ALLOWED", "POST alone"},
		"put":           {Options{}, "PUT", "/graphql", 405, "METHOD_NOT_ALLOWED", "POST alone"},
		"delete":        {Options{}, "DELETE", "/graphql", 405, "METHOD_NOT_ALLOWED", "POST alone"},
		"patch":         {Options{}, "PATCH", "/graphql", 405, "METHOD_NOT_ALLOWED", "POST alone"},
		"trace":         {Options{}, "TRACE", "/graphql", 405, "METHOD_NOT_ALLOWED", "POST alone"},
		"options":       {Options{}, "OPTIONS", "/graphql", 405, "METHOD_NOT_ALLOWED", "no preflight, no origins"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, nil, tt.opts)
			w := b.do(httptest.NewRequest(tt.method, tt.path, strings.NewReader(document("{hello}"))))
			if w.Code != tt.want || !strings.Contains(w.Body.String(), tt.body) || strings.Contains(w.Body.String(), secret) {
				t.Errorf("status %d, body %s; want %d, %s: %s", w.Code, w.Body, tt.want, tt.body, tt.reason)
			}
			if w.Code == 405 && w.Header().Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			h := w.Header()
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" ||
				h.Get("Server") != "" || h.Get("X-Request-Id") == "" {
				t.Errorf("headers %v", h)
			}
			if w.Code >= 400 && h.Get("Cache-Control") != "no-store" {
				t.Errorf("Cache-Control %q", h.Get("Cache-Control"))
			}
		})
	}
}

func TestGraphQLIsNotStored(t *testing.T) {
	t.Parallel()
	w := setup(t, nil, Options{}).do(request(document("{hello}")))
	if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Length") == "" {
		t.Errorf("headers %v", w.Header())
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		given  []string
		kept   bool
		reason string
	}{
		"token":     {[]string{"req-7_a.B"}, true, "safe and short"},
		"uuid":      {[]string{"3f1c0b52-8a55-4c1e-9a4e-0a0a0a0a0a0a"}, true, "safe and short"},
		"none":      {nil, false, "generated"},
		"long":      {[]string{strings.Repeat("a", 65)}, false, "too long"},
		"line":      {[]string{"a b"}, false, "could forge a log line"},
		"two":       {[]string{"a", "b"}, false, "ambiguous"},
		"number":    {[]string{secret}, false, "may be somebody's number"},
		"number in": {[]string{"user-" + secret}, false, "may be somebody's number"},
		"trace":     {[]string{"4bf92f3577b34da6a3ce929d0e0e4736"}, true, "safe and short"},
		"hex":       {[]string{"a12345678901b"}, true, "eleven digits by chance"},
		"not ASCII": {[]string{"å"}, false, "not a token"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen string
			b := setup(t, resolvers{"hello": func(ctx context.Context, _ map[string]any) (string, error) {
				seen = RequestID(ctx)
				return "", nil
			}}, Options{Proxy: func(r *http.Request) bool { return r.RemoteAddr == "10.0.0.2:4711" }})
			r := request(document("{hello}"))
			r.Header["X-Request-Id"] = tt.given
			stranger := b.do(r).Header().Get("X-Request-Id")
			if slices.Contains(tt.given, stranger) || stranger != seen || stranger == "" {
				t.Errorf("id %q, in the context %q: a stranger has chosen it", stranger, seen)
			}
			r = request(document("{hello}"))
			r.Header["X-Request-Id"], r.RemoteAddr = tt.given, "10.0.0.2:4711"
			got := b.do(r).Header().Get("X-Request-Id")
			if kept := len(tt.given) == 1 && got == tt.given[0]; kept != tt.kept || got != seen || got == "" {
				t.Errorf("id %q, in the context %q, kept %v: %s", got, seen, kept, tt.reason)
			}
			if !strings.Contains(b.log.String(), "request_id="+got) || strings.Contains(b.log.String(), secret) {
				t.Errorf("log %s", b.log)
			}
		})
	}
}

func TestPanicOfAMount(t *testing.T) {
	t.Parallel()
	mount := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("broken " + secret) })
	b := setup(t, nil, Options{Mounts: map[string]http.Handler{"/broken": mount}})
	w := b.do(httptest.NewRequest(http.MethodGet, "/broken", nil))
	if a := parse(t, w); w.Code != 500 || a.code() != "INTERNAL" {
		t.Errorf("status %d, body %s", w.Code, w.Body)
	}
	if log := b.log.String(); !strings.Contains(log, "routes_test.go") || strings.Contains(log, secret) ||
		!strings.Contains(log, "status=500") {
		t.Errorf("log %s", log)
	}
}
