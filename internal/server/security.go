package server

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/fault"
)

// securityPath is where researchers look whom to tell (RFC 9116, section 3).
const securityPath = "/.well-known/security.txt"

// Security is whom to tell of a vulnerability, as RFC 9116 has it.
type Security struct {
	Contact []string  `yaml:"contact"` // addresses of the form mailto:, https: or tel:, the preferred first
	Policy  string    `yaml:"policy"`  // where one reads how it is dealt with; empty: nowhere
	Expires time.Time `yaml:"expires"` // from then on it is not to be relied on
}

// Check says what is wrong with it, by the names in the configuration.
func (s Security) Check(now time.Time) error {
	var faults []error
	if len(s.Contact) == 0 {
		faults = append(faults, errors.New("security.contact is missing"))
	}
	for i, address := range s.Contact {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "mailto" && u.Scheme != "https" && u.Scheme != "tel" || !oneLine(address) {
			faults = append(faults, fmt.Errorf("security.contact[%d] is none of mailto:, https: and tel: addresses", i))
		}
	}
	if u, err := url.Parse(s.Policy); s.Policy != "" && (err != nil || u.Scheme != "https" || !oneLine(s.Policy)) {
		faults = append(faults, errors.New("security.policy is not an https address"))
	}
	switch {
	case s.Expires.IsZero():
		faults = append(faults, errors.New("security.expires is missing"))
	case !now.Before(s.Expires):
		faults = append(faults, errors.New("security.expires is past: look whether the rest still holds, and set another day"))
	}
	return errors.Join(faults...)
}

func oneLine(s string) bool { return !strings.ContainsAny(s, "\r\n ") }

func (s Security) text() []byte {
	var b strings.Builder
	for _, c := range s.Contact {
		fmt.Fprintf(&b, "Contact: %s\n", c)
	}
	fmt.Fprintf(&b, "Expires: %s\n", s.Expires.UTC().Format(time.RFC3339))
	if s.Policy != "" {
		fmt.Fprintf(&b, "Policy: %s\n", s.Policy)
	}
	b.WriteString("Preferred-Languages: nb, nn, en\n")
	return []byte(b.String())
}

func (s *Server) serveSecurity(x *exchange, r *http.Request) {
	about := s.opts.Security
	if !time.Now().Before(about.Expires) {
		x.refuse(http.StatusNotFound, fault.NotFound, "there is nothing at this address")
		return
	}
	s.servePublic(x, r, newPublicFile(typeOfPlain, about.text()))
}

// Headers that every answer has, unless what serves it says otherwise: a page has a policy of its
// own, and what is public may be kept.
var (
	nothingLoads = []string{"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}
	sameOrigin   = []string{"same-origin"}
	crossOrigin  = []string{"cross-origin"}
	oneYear      = []string{"max-age=31536000"}
)

func (s *Server) secure(h http.Header, r *http.Request) {
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = noReferrer
	h["Cache-Control"] = noStore
	h["Content-Security-Policy"] = nothingLoads
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	if s.opts.HSTS && !onLoopback(r.Host) {
		h["Strict-Transport-Security"] = oneYear
	}
}

// onLoopback says whether a Host header names this machine itself, where nothing ends TLS.
func onLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback() || host == "localhost" || strings.HasSuffix(host, ".localhost") || host == ""
}
