package throttle

import "net/netip"

// Network returns what of an address is counted: an IPv4 address whole, of an IPv6 address
// the /64, as one household or machine has that many. What is no address is counted as it is.
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
