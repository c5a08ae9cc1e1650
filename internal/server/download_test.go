package server

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/fault"
)

func TestDownload(t *testing.T) {
	t.Parallel()
	archive := Download{Make: func(_ context.Context, query url.Values, body []byte) (File, error) {
		switch query.Get("say") {
		case "broken":
			return File{}, errors.New("dial tcp 10.0.0.1: refused for " + secret)
		case "often":
			return File{}, fault.New(fault.RateLimited, "wait")
		case "gone":
			return File{}, fault.New(fault.NotFound, "there is no such file")
		case "bad":
			return File{}, fault.Invalid("say", "no")
		}
		return File{"archive.zip", "application/zip", append([]byte("PK"), body...)}, nil
	}}
	asked := Download{Asks: true, Make: archive.Make}
	b := setup(t, nil, withCallers(Options{AllowedOrigins: []string{portal},
		Downloads: map[string]Download{"/archive": archive, "/asked": asked}}))
	tests := map[string]struct {
		method, url, body string
		headers           []string
		want              int
		code              string
		reason            string
	}{
		"good": {"POST", "/archive", "", []string{"Authorization", "Bearer good"}, 200, "", "a caller"},
		"allowed origin": {"POST", "/archive", "", []string{"Authorization", "Bearer good", "Origin", portal,
			"Sec-Fetch-Site", "cross-site"}, 200, "", "configured"},
		"nobody": {"POST", "/archive", "", nil, 401, "UNAUTHENTICATED", "an archive is somebody's"},
		"bad token": {"POST", "/archive", "", []string{"Authorization", "Bearer bad"}, 401, "UNAUTHENTICATED",
			"as for /graphql"},
		"issuer is away": {"POST", "/archive", "", []string{"Authorization", "Bearer early"}, 503, "LOGIN_UNAVAILABLE",
			"as for /graphql"},
		"foreign page": {"POST", "/archive", "", []string{"Authorization", "Bearer good", "Origin",
			"https://evil.example", "Sec-Fetch-Site", "cross-site"}, 403, "CROSS_ORIGIN", "as for /graphql"},
		"old foreign page": {"POST", "/archive", "", []string{"Authorization", "Bearer good", "Origin",
			"https://evil.example"}, 403, "CROSS_ORIGIN", "as for /graphql"},
		"get": {"GET", "/archive", "", []string{"Authorization", "Bearer good"}, 405, "METHOD_NOT_ALLOWED",
			"no link gives an archive"},
		"head": {"HEAD", "/archive", "", []string{"Authorization", "Bearer good"}, 405, "", "the same"},
		"body": {"POST", "/archive", `{"person": 1}`, []string{"Authorization", "Bearer good"}, 400,
			"BAD_REQUEST", "the caller is all that it is about"},
		"asked": {"POST", "/asked", `{"which": 1}`, []string{"Authorization", "Bearer good"}, 200, "",
			"it says which file"},
		"asked by nobody": {"POST", "/asked", `{"which": 1}`, nil, 401, "UNAUTHENTICATED",
			"which file does not say whose"},
		"asked at length": {"POST", "/asked", strings.Repeat(" ", 8<<10+1), []string{"Authorization", "Bearer good"}, 400,
			"BAD_REQUEST", "no upload"},
		"broken query": {"POST", "/archive?say=%zz", "", []string{"Authorization", "Bearer good"}, 400, "BAD_REQUEST",
			"no half understood request"},
		"below": {"POST", "/archive/1", "", []string{"Authorization", "Bearer good"}, 404, "NOT_FOUND",
			"there is no id in the address"},
		"fault": {"POST", "/archive?say=bad", "", []string{"Authorization", "Bearer good"}, 400,
			"BAD_USER_INPUT", "the fault's own code"},
		"no such file": {"POST", "/archive?say=gone", "", []string{"Authorization", "Bearer good"}, 404, "NOT_FOUND",
			"as HTTP has it"},
		"too often": {"POST", "/archive?say=often", "", []string{"Authorization", "Bearer good"}, 429,
			"RATE_LIMITED", "the fault's own status"},
		"a fault on our side": {"POST", "/archive?say=broken", "", []string{"Authorization", "Bearer good"}, 500, "INTERNAL",
			"nothing of the cause goes out"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tt.method, tt.url, strings.NewReader(tt.body))
			for i := 0; i < len(tt.headers); i += 2 {
				r.Header.Set(tt.headers[i], tt.headers[i+1])
			}
			w := b.do(r)
			h := w.Header()
			if w.Code != tt.want || tt.code != "" && parse(t, w).code() != tt.code || strings.Contains(w.Body.String(), secret) {
				t.Errorf("status %d, body %s: %s", w.Code, w.Body, tt.reason)
			}
			if tt.code == "BAD_USER_INPUT" && parse(t, w).Errors[0].Extensions.Field != "say" {
				t.Errorf("no field in %s", w.Body)
			}
			if h.Get("Cache-Control") != "no-store" && tt.code != "CROSS_ORIGIN" ||
				h.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers %v", h)
			}
			if got := h.Get("Content-Disposition") == `attachment; filename="archive.zip"` &&
				h.Get("Content-Type") == "application/zip"; got != (tt.want == 200) {
				t.Errorf("headers %v", h)
			}
			if tt.want == 200 && w.Body.String() != "PK"+tt.body {
				t.Errorf("got %q", w.Body)
			}
			if tt.want == 429 && h.Get("Retry-After") == "" {
				t.Error("nobody knows when to come again")
			}
		})
	}
	t.Run("preflight", func(t *testing.T) {
		r := httptest.NewRequest(http.MethodOptions, "/archive", nil)
		r.Header.Set("Origin", portal)
		r.Header.Set("Access-Control-Request-Method", "POST")
		r.Header.Set("Access-Control-Request-Headers", "authorization")
		if w := b.do(r); w.Header().Get("Access-Control-Allow-Origin") != portal {
			t.Errorf("status %d, headers %v", w.Code, w.Header())
		}
	})
}
