package session

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/oauth2"

	"github.com/oversikt/oversikt/internal/fault"
)

const (
	callbackTimeout = 15 * time.Second // three questions to the issuer
	retryAfter      = "60"             // seconds
)

// serveLogin sends the browser to the issuer.
func (m *Manager) serveLogin(w http.ResponseWriter, r *http.Request) {
	if !m.login.allow(r) {
		tooMany(w)
		return
	}
	query := r.URL.Query()
	returnTo, ok := localPath(query.Get("returnTo"))
	if !ok {
		m.refuse(w, r, "", errors.New("returnTo is not a path on this host"))
		return
	}
	if asked := query.Get("issuer"); asked != "" && asked != m.login.config.Issuer {
		m.refuse(w, r, "", errors.New("nobody logs in at the issuer that was asked for"))
		return
	}
	p, err := m.login.provider(r.Context())
	if err != nil {
		m.refuse(w, r, returnTo, err)
		return
	}
	a := attempt{
		State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), ReturnTo: returnTo,
		Until: m.now().Add(attemptLifetime),
	}
	if k, ok := sessionKey(r); ok {
		a.Replaces = k[:]
	}
	sealed, err := m.sealAttempt(a)
	if err != nil {
		m.refuse(w, r, returnTo, err)
		return
	}
	setCookie(w.Header(), loginCookie, sealed, http.SameSiteLaxMode, attemptLifetime)
	http.Redirect(w, r, m.login.authorizationURL(p, a), http.StatusSeeOther)
}

// sessionKey returns the key of the browser's session, without asking whether the session is
// valid.
func sessionKey(r *http.Request) (key, bool) {
	id, present, err := cookieOf(r, sessionCookie)
	if err != nil || !present {
		return key{}, false
	}
	return parseID(id)
}

// serveCallback takes the browser back from the issuer, logged in or not.
func (m *Manager) serveCallback(w http.ResponseWriter, r *http.Request) {
	if !m.login.allow(r) {
		tooMany(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), callbackTimeout)
	defer cancel()
	query := r.URL.Query()
	a, err := m.attemptOf(r, query["state"])
	if err != nil {
		m.refuse(w, r, "", err)
		return
	}
	clearCookie(w.Header(), loginCookie) // from here on the state is spent
	l, err := m.login.answer(ctx, a, query)
	if err != nil {
		m.refuse(w, r, a.ReturnTo, err)
		return
	}
	q := Request{manager: m, header: w.Header()}
	var replaces []key
	if len(a.Replaces) == len(key{}) {
		replaces = append(replaces, key(a.Replaces))
	}
	if k, ok := sessionKey(r); ok {
		replaces = append(replaces, k)
	}
	if err := q.start(ctx, l, replaces...); err != nil {
		m.refuse(w, r, a.ReturnTo, err)
		return
	}
	http.Redirect(w, r, a.ReturnTo, http.StatusSeeOther)
}

// answer reads what the issuer sent the browser back with.
func (l *login) answer(ctx context.Context, a attempt, query url.Values) (Login, error) {
	// RFC 9207: an answer of another issuer was mixed up with this one's.
	if issuer, given := query["iss"]; given && (len(issuer) != 1 || issuer[0] != l.config.Issuer) {
		return Login{}, errors.New("the answer is of another issuer")
	}
	switch query.Get("error") {
	case "":
	case "access_denied":
		return Login{}, errors.New("the person did not log in")
	default:
		return Login{}, errors.New("the issuer answers with an error")
	}
	code := query["code"]
	if len(code) != 1 || code[0] == "" {
		return Login{}, errors.New("the issuer gave no code")
	}
	return l.exchange(ctx, a, code[0])
}

// status tells a frontend whether its browser is logged in.
type status struct {
	Authenticated bool       `json:"authenticated"`
	Kind          Kind       `json:"kind,omitempty"`
	ExpiresAt     *time.Time `json:"expiresAt,omitempty"` // if it is not used before
}

// serveSession says how the session stands. It does not prolong the session: a frontend may ask
// every minute.
func (m *Manager) serveSession(w http.ResponseWriter, r *http.Request) {
	id, present, err := cookieOf(r, sessionCookie)
	if err != nil {
		m.fail(w, r, err)
		return
	}
	if !present {
		writeJSON(w, http.StatusOK, status{})
		return
	}
	_, s, err := m.find(r.Context(), id, m.now())
	switch {
	case errors.Is(err, errUnknown):
		clearCookie(w.Header(), sessionCookie)
		writeJSON(w, http.StatusOK, status{})
	case err != nil:
		m.fail(w, r, err)
	default:
		until := s.SeenAt.Add(m.store.limits.Idle)
		if s.ExpiresAt.Before(until) {
			until = s.ExpiresAt
		}
		until = until.UTC() // wherever the server stands
		writeJSON(w, http.StatusOK, status{true, s.Kind, &until})
	}
}

// serveLogout ends the session and says where to end the issuer's session: to a script in JSON,
// to a form by sending the browser there.
func (m *Manager) serveLogout(w http.ResponseWriter, r *http.Request) {
	if m.protection.Check(r) != nil {
		m.fail(w, r, errCrossOrigin)
		return
	}
	var issuer string
	if k, ok := sessionKey(r); ok {
		var err error
		if issuer, err = m.end(r.Context(), k); err != nil {
			m.fail(w, r, err)
			return
		}
	}
	clearCookie(w.Header(), sessionCookie)
	next := "/"
	if m.login != nil {
		next = m.login.logoutURL(r.Context(), issuer)
	}
	if namesItself(r) {
		writeJSON(w, http.StatusOK, struct {
			Location string `json:"location"`
		}{next})
		return
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
}

// serveFrontChannel ends the sessions that the issuer says have ended. The issuer makes the
// browser load this in a frame, so without any cookie (OpenID Connect Front-Channel Logout 1.0).
func (m *Manager) serveFrontChannel(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if sid := query.Get("sid"); query.Get("iss") != m.login.config.Issuer || sid == "" || !utf8.ValidString(sid) ||
		strings.ContainsRune(sid, 0) {
		m.refuse(w, r, "", errors.New("a front-channel logout without the issuer's name or a session of it"))
		return
	}
	ended, err := m.store.endSID(r.Context(), m.login.config.Issuer, query.Get("sid"))
	if err != nil {
		m.fail(w, r, err)
		return
	}
	m.log.InfoContext(r.Context(), "the issuer ended sessions", "sessions", ended)
	w.Header().Set("Content-Security-Policy", "default-src 'none'") // empty, and made for a frame
	w.WriteHeader(http.StatusOK)
}

//go:embed page/refused.html
var refusedHTML string

var refused = template.Must(template.New("refused.html").Parse(refusedHTML))

// refusedPage is what a person is told whose login did not work.
type refusedPage struct {
	Again        string // where to try again; empty: there is no use
	NoNationalID bool
}

// refuse tells a person that the login did not work, and why only where no other try would. again
// is where the person wanted to go. When it is empty, the page has no link to try again.
func (m *Manager) refuse(w http.ResponseWriter, r *http.Request, again string, cause error) {
	code, level := http.StatusBadRequest, slog.LevelInfo
	var f *fault.Error
	if errors.As(cause, &f) && f.Code.Status() == http.StatusServiceUnavailable {
		code, level = http.StatusServiceUnavailable, slog.LevelWarn
		w.Header().Set("Retry-After", retryAfter)
	}
	m.refusals.Add(1)
	m.log.Log(r.Context(), level, "login refused", "cause", cause)
	page := refusedPage{NoNationalID: errors.As(cause, &f) && f.Code == fault.NoNationalID}
	if again != "" && !page.NoNationalID {
		page.Again = loginPath + "?" + url.Values{"returnTo": {again}}.Encode()
	}
	writePage(w, code, page)
}

func tooMany(w http.ResponseWriter) {
	w.Header().Set("Retry-After", retryAfter)
	writePage(w, http.StatusTooManyRequests, refusedPage{})
}

func writePage(w http.ResponseWriter, code int, page refusedPage) {
	var body bytes.Buffer
	if err := refused.Execute(&body, page); err != nil {
		http.Error(w, "something went wrong here", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	_, _ = body.WriteTo(w)
}

// fail answers a script as /graphql does.
func (m *Manager) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	if f.Cause != nil {
		m.log.WarnContext(r.Context(), "session request failed", "code", f.Code, "cause", err)
	}
	code := max(f.Code.Status(), http.StatusBadRequest)
	if code == http.StatusServiceUnavailable || code == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", retryAfter)
	}
	writeFault(w, code, f)
}

func writeFault(w http.ResponseWriter, code int, f *fault.Error) {
	type extensions struct {
		Code fault.Code `json:"code"`
	}
	type failure struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	writeJSON(w, code, map[string][]failure{"errors": {{f.Message, extensions{f.Code}}}})
}

func writeJSON(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // the client has gone: nobody is left to tell
}
