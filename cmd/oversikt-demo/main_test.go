package main

import "testing"

func TestCheckListen(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		good   bool
	}{
		"127.0.0.1:8080":  {"the default", true},
		"localhost:8080":  {"as people write it", true},
		"[::1]:8080":      {"the other protocol", true},
		"0.0.0.0:8080":    {"everybody could log in as anybody", false},
		":8080":           {"the same", false},
		"192.0.2.1:8080":  {"a neighbour's", false},
		"localhost.no:80": {"a name that somebody else answers for", false},
		"localhost:":      {"no port", false},
		"localhost":       {"no port either", false},
	}
	for listen, tc := range cases {
		if err := (&commands{Listen: listen}).checkListen(); (err == nil) != tc.good {
			t.Errorf("%s (%s): %v", listen, tc.reason, err)
		}
	}
}
