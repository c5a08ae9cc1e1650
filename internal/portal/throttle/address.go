package throttle

import "net/netip"

// Network returns the part of an address that is counted: an IPv4 address whole, and the /64 of
// an IPv6 address, since one household or machine has that many. A text that is not an address
// is counted as it is.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}

// Block returns the /48 that a network of Network lies in, for IPv6 only: one customer of a
// hosting company may have all of its 65,536 networks. It is empty for others.
func Block(network string) string {
	p, err := netip.ParsePrefix(network)
	if err != nil || !p.Addr().Is6() {
		return ""
	}
	return netip.PrefixFrom(p.Addr(), 48).Masked().String()
}
