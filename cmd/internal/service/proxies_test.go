package service

import (
	"net/http"
	"testing"
)

func TestClientAddress(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason    string
		trusted   []string
		peer      string
		forwarded []string
		want      string
	}{
		"no proxy": {"the peer is the client", nil, "198.51.100.7:4711", nil, "198.51.100.7"},
		"forged": {"nobody is trusted, so nobody is believed", nil, "198.51.100.7:4711", []string{"203.0.113.9"},
			"198.51.100.7"},
		"forged, by-pass": {"the peer is no proxy of ours", []string{"10.0.0.0/8"}, "198.51.100.7:4711",
			[]string{"203.0.113.9"}, "198.51.100.7"},
		"proxy": {"what the proxy saw", []string{"10.0.0.0/8"}, "10.0.0.2:4711", []string{"198.51.100.7"},
			"198.51.100.7"},
		"forged, by proxy": {"the client sent the first entry itself", []string{"10.0.0.0/8"}, "10.0.0.2:4711",
			[]string{"203.0.113.9, 198.51.100.7"}, "198.51.100.7"},
		"forged, as proxy": {"an address of a proxy before the client's is as little worth", []string{"10.0.0.0/8"},
			"10.0.0.2:4711", []string{"10.0.0.9, 198.51.100.7"}, "198.51.100.7"},
		"two proxies": {"the last that is no proxy", []string{"10.0.0.0/8", "192.0.2.1/32"}, "10.0.0.2:4711",
			[]string{"203.0.113.9, 198.51.100.7,192.0.2.1"}, "198.51.100.7"},
		"two headers": {"are one list", []string{"10.0.0.0/8"}, "10.0.0.2:4711", []string{"198.51.100.7", "10.0.0.3"},
			"198.51.100.7"},
		"all proxies": {"an inner client", []string{"10.0.0.0/8"}, "10.0.0.2:4711", []string{"10.1.2.3"}, "10.1.2.3"},
		"no header":   {"the proxy itself asks", []string{"10.0.0.0/8"}, "10.0.0.2:4711", nil, "10.0.0.2"},
		"no address": {"garbage is no client of its own", []string{"10.0.0.0/8"}, "10.0.0.2:4711",
			[]string{"198.51.100.7, unknown"}, "10.0.0.2"},
		"with port": {"as some proxies write", []string{"10.0.0.0/8"}, "10.0.0.2:4711", []string{"198.51.100.7:999"},
			"198.51.100.7"},
		"version 6": {"brackets only with a port", []string{"fd00::/8"}, "[fd00::1]:4711", []string{"2001:db8::7"},
			"2001:db8::7"},
		"mapped": {"one address, two spellings", []string{"10.0.0.0/8"}, "[::ffff:10.0.0.2]:4711",
			[]string{"::ffff:198.51.100.7"}, "198.51.100.7"},
	}
	for name, c := range cases {
		trusted, err := parseProxies(c.trusted)
		if err != nil {
			t.Fatal(err)
		}
		r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": c.forwarded}}
		if got := trusted.client(r); got != c.want {
			t.Errorf("%s (%s): %s, want %s", name, c.reason, got, c.want)
		}
	}
	if _, err := parseProxies([]string{"10.0.0.1"}); err == nil {
		t.Error("an address alone is no network")
	}
}
