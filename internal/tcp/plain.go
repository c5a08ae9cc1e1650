package tcp

import (
	"crypto/tls"
	"errors"
	"net/netip"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// ErrPlain says that a connection to another machine might be plain text, and nobody has said that
// it may. It names neither the host nor anything else of the connection string.
var ErrPlain = errors.New("a connection to another machine might not be encrypted: " +
	"add sslmode=verify-full, or sslmode=disable where plain text is meant")

// CheckPlain returns [ErrPlain] where a connection to another machine may fall back to plain text,
// as it does without sslmode, with prefer and with allow. Every host of the connection string and
// PGSSLMODE count. What disable says is meant.
func CheckPlain(c *pgconn.Config) error {
	type sides struct{ plain, encrypted bool }
	hosts := map[string]sides{}
	note := func(host string, t *tls.Config) {
		s := hosts[host]
		hosts[host] = sides{s.plain || t == nil, s.encrypted || t != nil}
	}
	note(c.Host, c.TLSConfig)
	for _, f := range c.Fallbacks {
		note(f.Host, f.TLSConfig)
	}
	for host, s := range hosts {
		if s.plain && s.encrypted && !here(host) {
			return ErrPlain
		}
	}
	return nil
}

// here says that what goes to a host does not leave the machine. A socket's folder is told by pgx:
// it is never encrypted.
func here(host string) bool {
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}
