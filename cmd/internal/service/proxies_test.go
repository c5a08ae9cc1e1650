package service

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/workshop/testlog"
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

// TestUnheard: that all clients of a proxy count as one is said once, and nobody's address with it.
func TestUnheard(t *testing.T) {
	t.Parallel()
	header := func(name string) http.Header { return http.Header{name: {"for=198.51.100.7"}} }
	cases := map[string]struct {
		reason  string
		trusted []string
		peer    string
		header  http.Header
		says    string
	}{
		"nobody is trusted": {"as after a hurried set-up", nil, "10.0.0.2:4711", header("X-Forwarded-For"),
			"not in trustedProxies"},
		"another is trusted": {"the proxy has moved", []string{"10.1.0.0/16"}, "10.0.0.2:4711",
			header("X-Forwarded-For"), "not in trustedProxies"},
		"Forwarded":     {"the standard's header", nil, "[fd00::1]:4711", header("Forwarded"), "not in trustedProxies"},
		"trusted":       {"it is heard", []string{"10.0.0.0/8"}, "10.0.0.2:4711", header("X-Forwarded-For"), ""},
		"no proxy":      {"nothing is said", nil, "198.51.100.9:4711", nil, ""},
		"trusted, mute": {"the proxy's own probe", []string{"10.0.0.0/8"}, "10.0.0.2:4711", nil, ""},
		"trusted, Forwarded alone": {"it is not read", []string{"10.0.0.0/8"}, "10.0.0.2:4711", header("Forwarded"),
			"without X-Forwarded-For"},
	}
	for name, c := range cases {
		trusted, err := parseProxies(c.trusted)
		if err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		answered := 0
		h := trusted.listen(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { answered++ }),
			slog.New(slog.NewTextHandler(&log, nil)))
		for range 3 {
			h.ServeHTTP(httptest.NewRecorder(), &http.Request{RemoteAddr: c.peer, Header: c.header})
		}
		text := log.String()
		if answered != 3 || strings.Count(text, "level=WARN") != min(len(c.says), 1) || !strings.Contains(text, c.says) {
			t.Errorf("%s (%s): %d answers, %s", name, c.reason, answered, text)
		}
		if strings.Contains(text, "10.0.0") || strings.Contains(text, "198.51") || strings.Contains(text, "fd00") {
			t.Errorf("%s: an address is in the log: %s", name, text)
		}
	}
}

// TestProxiesOfConfiguration: the file's networks decide whose X-Request-Id is kept, and who is
// warned of.
func TestProxiesOfConfiguration(t *testing.T) {
	t.Setenv("OVERSIKT_LISTEN", "")
	file := filepath.Join(t.TempDir(), "oversikt.yaml")
	text := "idKey: " + strings.Repeat("0f", 64) + "\nportalKey: " + strings.Repeat("0f", 32) + `
portal: "host=/nowhere user=x dbname=x"
accessLog: ` + t.TempDir() + `
trustedProxies: [10.0.0.0/8]
log: {level: debug}
issuers: [{issuer: "https://id.example", audience: oversikt, nationalIdClaim: nin, acceptedAcr: [high]}]
agencies: [{code: fjord, name: Fjord, dsn: "host=/nowhere user=x dbname=x"}]
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	log := &testlog.Log{}
	h, err := NewHost(file, log, func(Config) server.Options { return server.Options{} })
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for peer, kept := range map[string]bool{"10.0.0.2:4711": true, "198.51.100.9:4711": false} {
		r := httptest.NewRequest(http.MethodGet, "/healthz", nil)
		r.RemoteAddr, r.Header = peer, http.Header{"X-Request-Id": {"chosen"}, "X-Forwarded-For": {"198.51.100.7"}}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if (w.Header().Get("X-Request-Id") == "chosen") != kept {
			t.Errorf("%s: kept should be %t", peer, kept)
		}
	}
	if text := log.String(); strings.Count(text, "trustedProxies") != 2 || strings.Count(text, `"chosen"`) != 1 {
		t.Error(text)
	}
}
