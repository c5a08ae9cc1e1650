package service

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// proxies are the networks whose X-Forwarded-For is believed.
type proxies []netip.Prefix

func parseProxies(networks []string) (proxies, error) {
	all := make(proxies, len(networks))
	for i, text := range networks {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("trustedProxies[%d]: %w", i, err)
		}
		all[i] = network.Masked()
	}
	return all, nil
}

func (p proxies) trust(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(a) })
}

// client returns the address that sent the request to the outermost trusted proxy. Each proxy
// adds its peer at the end, so what comes before the last untrusted address is only a claim by
// that address.
func (p proxies) client(r *http.Request) string {
	peer, ok := address(r.RemoteAddr)
	if !ok {
		return r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !p.trust(peer) {
			break
		}
		next, ok := address(strings.TrimSpace(hop))
		if !ok {
			break
		}
		peer = next
	}
	return peer.String()
}

// address reads an IP address with or without a port.
func address(text string) (netip.Addr, bool) {
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(text)
	return a.Unmap().WithZone(""), err == nil
}

// sent says that a request comes from a trusted proxy.
func (p proxies) sent(r *http.Request) bool {
	peer, ok := address(r.RemoteAddr)
	return ok && p.trust(peer)
}

// listen says once, naming nobody, that a proxy seems to be in front whose clients cannot be told
// apart.
func (p proxies) listen(next http.Handler, log *slog.Logger) http.Handler {
	var once sync.Once
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if what := p.unheard(r); what != "" {
			once.Do(func() {
				log.Warn("proxies: if a proxy is in front, all its clients count as one network: see trustedProxies",
					"cause", what)
			})
		}
		next.ServeHTTP(w, r)
	})
}

// unheard is why what a request says of its client's address counts for nothing; empty: it counts,
// or nothing is said.
func (p proxies) unheard(r *http.Request) string {
	by, other := r.Header["X-Forwarded-For"] != nil, r.Header["Forwarded"] != nil
	switch {
	case (by || other) && !p.sent(r):
		return "X-Forwarded-For or Forwarded comes from an address that is not in trustedProxies"
	case other && !by:
		return "a trusted proxy sends Forwarded without X-Forwarded-For, and only the latter is read"
	}
	return ""
}
