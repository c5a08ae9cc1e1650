package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
)

type callerKey struct{}

// withCallers knows one token, and fails in other ways by name.
func withCallers(o Options) Options {
	o.Authenticate = func(r *http.Request) (context.Context, error) {
		switch r.Header.Get("Authorization") {
		case "":
			if r.Header.Get("Cookie") == "lapsed" {
				ResponseHeader(r.Context()).Set("Set-Cookie", "gone")
				return nil, caller.ErrUnauthenticated.Because(errors.New("bad signature"))
			}
			return r.Context(), nil
		case "Bearer both":
			return nil, fault.New(fault.AmbiguousCredentials, "a cookie too")
		case "Bearer tricked":
			return nil, fault.New(fault.ClientHeaderRequired, "no name")
		case "Bearer alone":
			return nil, fault.New(fault.PortalUnavailable, "later").Because(errors.New("dial tcp 10.0.0.1: refused"))
		case "Bearer good":
			return context.WithValue(r.Context(), callerKey{}, "somebody"), nil
		case "Bearer revoked":
			return nil, fmt.Errorf("under a power of attorney: %w", caller.ErrNoAuthority)
		case "Bearer outage":
			return nil, errors.New("dial tcp 10.0.0.1: refused")
		case "Bearer early":
			return nil, fmt.Errorf("%w: %w", caller.ErrIssuerUnavailable, errors.New("fetch the keys: status 502"))
		}
		return nil, fmt.Errorf("verify: %w", caller.ErrUnauthenticated.Because(errors.New("bad signature")))
	}
	o.Caller = func(ctx context.Context) string { name, _ := ctx.Value(callerKey{}).(string); return name }
	return o
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		token     string
		want      int
		code      string
		challenge string
		retry     string
		reason    string
	}{
		"none":    {"", 200, "", "", "", "anonymous requests execute; fields decide"},
		"good":    {"Bearer good", 200, "", "", "", "a caller"},
		"bad":     {"Bearer bad", 401, "UNAUTHENTICATED", `Bearer error="invalid_token"`, "", "never treated as anonymous"},
		"revoked": {"Bearer revoked", 403, "FORBIDDEN", "", "", "a caller, but not for this"},
		"outage":  {"Bearer outage", 503, "INTERNAL", "", "5", "says nothing about the caller"},
		"early":   {"Bearer early", 503, "LOGIN_UNAVAILABLE", "", "5", "the keys cannot be fetched now"},
		"lapsed":  {"", 401, "UNAUTHENTICATED", "Bearer", "", "no token was bad"},
		"both":    {"Bearer both", 400, "AMBIGUOUS_CREDENTIALS", "", "", "a fault of the client"},
		"tricked": {"Bearer tricked", 403, "CLIENT_HEADER_REQUIRED", "", "", "a fault of the client"},
		"alone":   {"Bearer alone", 503, "PORTAL_UNAVAILABLE", "", "5", "says nothing about the caller"},
	}
	b := setup(t, nil, withCallers(Options{}))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, accept := range []string{"application/json", acceptGraphQL} {
				cookie := ""
				if name == "lapsed" {
					cookie = name
				}
				w := b.do(request(document("{hello}"), "Authorization", tt.token, "Accept", accept, "Cookie", cookie))
				if (w.Header().Get("Set-Cookie") == "gone") != (cookie != "") {
					t.Errorf("cookie %q", w.Header().Get("Set-Cookie"))
				}
				a := parse(t, w)
				if w.Code != tt.want || a.code() != tt.code || (a.Data != nil) != (tt.want == 200) {
					t.Errorf("status %d, body %s: %s", w.Code, w.Body, tt.reason)
				}
				h := w.Header()
				if h.Get("WWW-Authenticate") != tt.challenge || h.Get("Retry-After") != tt.retry ||
					!strings.HasPrefix(h.Get("Content-Type"), accept) {
					t.Errorf("headers %v", h)
				}
				if strings.Contains(w.Body.String(), "signature") || strings.Contains(w.Body.String(), "10.0.0.1") ||
					strings.Contains(w.Body.String(), "502") {
					t.Errorf("body tells the cause: %s", w.Body)
				}
			}
		})
	}
	t.Cleanup(func() {
		log := b.log.String()
		if strings.Contains(log, "Bearer") {
			t.Errorf("log %s", log)
		}
		for _, pattern := range []string{`level=ERROR .*request_id=\S.*10\.0\.0\.1`,
			`level=ERROR .*LOGIN_UNAVAILABLE.*status 502`, `level=INFO .*UNAUTHENTICATED.*bad signature`} {
			if !regexp.MustCompile(pattern).MatchString(log) {
				t.Errorf("no %s in the log %s", pattern, log)
			}
		}
	})
}

// refusing is a schema that refuses what it does not show to the caller, before it runs.
type refusing struct {
	stub
	code fault.Code
}

func (r refusing) Exec(ctx context.Context) graphql.ResponseHandler {
	graphql.AddError(ctx, &fault.Error{Code: r.code, Field: "Query.hello", Message: "Query.hello is closed"})
	return nil
}

func TestRefusedOperation(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code   fault.Code
		status int
		reason string
	}{
		"forbidden":       {fault.Forbidden, 403, "who calls is known, and may not"},
		"unauthenticated": {fault.Unauthenticated, 401, "who calls is not known"},
		"other":           {fault.BadUserInput, 400, "a request that was not executed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := New(refusing{newStub(nil), tt.code}, Options{Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			for accept, status := range map[string]int{acceptGraphQL: tt.status, "application/json": 200} {
				w := httptest.NewRecorder()
				s.ServeHTTP(w, request(document("{hello}"), "Accept", accept))
				a := parse(t, w)
				if challenge := w.Header().Get("WWW-Authenticate"); (challenge == "Bearer") != (status == 401) {
					t.Errorf("%s: %s: challenge %q", tt.reason, accept, challenge)
				}
				if w.Code != status || a.code() != string(tt.code) || len(a.Errors) != 1 ||
					a.Errors[0].Extensions.Field != "Query.hello" || len(a.Errors[0].Path) > 0 ||
					strings.Contains(w.Body.String(), "data") {
					t.Errorf("%s: %s: status %d, %s", tt.reason, accept, w.Code, w.Body)
				}
			}
		})
	}
}

func TestPersistedQueries(t *testing.T) {
	t.Parallel()
	const query = "{p: hello}"
	sum := sha256.Sum256([]byte(query))
	hash := hex.EncodeToString(sum[:])
	extension := func(version, hash string) string {
		return `"extensions":{"persistedQuery":{"version":` + version + `,"sha256Hash":"` + hash + `"}}`
	}
	onlyHash, both := `{`+extension("1", hash)+`}`, `{"query":"`+query+`",`+extension("1", hash)+`}`
	type step struct {
		body, token string
		status      int
		code        string
	}
	tests := map[string]struct {
		off    bool
		steps  []step
		reason string
	}{
		"caller registers": {false, []step{{onlyHash, "Bearer good", 400, "PERSISTED_QUERY_NOT_FOUND"},
			{both, "Bearer good", 200, ""}, {onlyHash, "Bearer good", 200, ""},
			{onlyHash, "", 200, ""}}, "what Apollo's clients do"},
		"stranger cannot": {false, []step{{both, "", 200, ""}, {onlyHash, "", 400, "PERSISTED_QUERY_NOT_FOUND"}},
			"executed, not kept"},
		"wrong hash": {false, []step{{`{"query":"{hello}",` + extension("1", hash) + `}`, "Bearer good", 400,
			"BAD_REQUEST"}, {onlyHash, "Bearer good", 400, "PERSISTED_QUERY_NOT_FOUND"}}, "never under a hash not its own"},
		"empty query": {false, []step{{`{"query":"",` + extension("1", hash) + `}`, "Bearer good", 400,
			"PERSISTED_QUERY_NOT_FOUND"}}, "some clients send an empty one"},
		"wrong version": {false, []step{{`{` + extension("2", hash) + `}`, "Bearer good", 400, "BAD_REQUEST"}},
			"one version is known"},
		"no hash": {false, []step{{`{"extensions":{"persistedQuery":{"version":1}}}`, "Bearer good", 400,
			"BAD_REQUEST"}}, "nothing to look up"},
		"short hash": {false, []step{{`{` + extension("1", hash[:62]) + `}`, "Bearer good", 400, "BAD_REQUEST"}},
			"not a SHA-256"},
		"long hash": {false, []step{{`{` + extension("1", hash+"00") + `}`, "Bearer good", 400, "BAD_REQUEST"}},
			"not a SHA-256"},
		"no hexadecimal": {false, []step{{`{` + extension("1", strings.Repeat("z", 64)) + `}`, "Bearer good", 400,
			"BAD_REQUEST"}}, "not a SHA-256"},
		"wrong type": {false, []step{{`{"extensions":{"persistedQuery":"x"}}`, "Bearer good", 400, "BAD_REQUEST"}},
			"not an object"},
		"off, hash alone": {true, []step{{onlyHash, "Bearer good", 400, "PERSISTED_QUERY_NOT_SUPPORTED"}},
			"clients then send documents"},
		"off, both": {true, []step{{both, "Bearer good", 200, ""},
			{onlyHash, "Bearer good", 400, "PERSISTED_QUERY_NOT_SUPPORTED"}}, "executed, not kept"},
		"null is not asking": {false, []step{{`{"query":"{hello}","extensions":{"persistedQuery":null}}`, "", 200, ""}},
			"as if absent"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, nil, withCallers(Options{PersistedQueries: !tt.off}))
			for i, s := range tt.steps {
				w := b.do(request(s.body, "Authorization", s.token, "Accept", acceptGraphQL))
				if a := parse(t, w); w.Code != s.status || a.code() != s.code {
					t.Errorf("step %d: status %d, body %s; want %d %s: %s", i, w.Code, w.Body, s.status, s.code, tt.reason)
				}
			}
			w := b.do(request(`{`+extension("1", strings.Repeat("0", 64))+`}`, "Authorization", "Bearer good"))
			if w.Code != 200 || !strings.Contains(w.Body.String(), "PersistedQuery") {
				t.Errorf("application/json: status %d, body %s", w.Code, w.Body)
			}
		})
	}
}

func TestRegisterIsBounded(t *testing.T) {
	t.Parallel()
	p := newPersisted(true)
	for i := range 3 * maxPersisted {
		sum := sha256.Sum256([]byte(fmt.Sprint(i)))
		p.byHash.Add(sum, "")
	}
	if n := p.byHash.Len(); n > maxPersisted {
		t.Errorf("%d documents", n)
	}
}
