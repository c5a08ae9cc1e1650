package service

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
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
