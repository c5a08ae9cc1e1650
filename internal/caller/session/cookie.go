package session

import (
	"net/http"
	"time"

	"github.com/oversikt/oversikt/internal/fault"
)

// The prefix makes browsers accept these cookies only from this host, over TLS or from loopback,
// and send them to no other host (RFC 6265bis section 4.1.3.2).
const (
	sessionCookie = "__Host-oversikt"
	loginCookie   = "__Host-oversikt-login"
)

// ClientHeader is the header in which a client names itself. A client that relies on a cookie
// must send it. A page on another origin cannot: that takes a preflight, which fails.
const ClientHeader = "X-Oversikt-Client"

const maxClientName = 64

var (
	errCookies = fault.New(fault.AmbiguousCredentials, "more than one session cookie was sent")
	errBoth    = fault.New(fault.AmbiguousCredentials,
		"a session cookie and an Authorization header were sent: send one of them")
	errCrossOrigin  = fault.New(fault.CrossOrigin, "requests with a session from pages of other origins are not allowed")
	errNoClientName = fault.New(fault.ClientHeaderRequired,
		"requests with a session need a header %s with the name of the client", ClientHeader)
)

// cookieOf returns the value of a cookie that may be there once.
func cookieOf(r *http.Request, name string) (value string, present bool, err error) {
	switch all := r.CookiesNamed(name); len(all) {
	case 0:
		return "", false, nil
	case 1:
		return all[0].Value, true, nil
	default:
		return "", true, errCookies
	}
}

// checkSender refuses a request that another site may have tricked a browser into sending,
// and one with two different credentials.
func (m *Manager) checkSender(r *http.Request) error {
	if len(r.Header["Authorization"]) > 0 {
		return errBoth
	}
	if m.protection.Check(r) != nil {
		return errCrossOrigin
	}
	if !namesItself(r) {
		return errNoClientName
	}
	return nil
}

func namesItself(r *http.Request) bool {
	name := r.Header[ClientHeader]
	return len(name) == 1 && name[0] != "" && len(name[0]) <= maxClientName
}

// setCookie adds a cookie to the headers of an answer; a lifetime of zero keeps it until the
// browser is closed.
func setCookie(h http.Header, name, value string, sameSite http.SameSite, lifetime time.Duration) {
	c := http.Cookie{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: sameSite,
		MaxAge: int(lifetime.Seconds())}
	h.Add("Set-Cookie", c.String())
}

func clearCookie(h http.Header, name string) {
	c := http.Cookie{Name: name, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: -1}
	h.Add("Set-Cookie", c.String())
}
