package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/internal/server"
)

// emptySchema is for what never comes to /graphql.
type emptySchema struct{ graphql.ExecutableSchema }

func (emptySchema) Schema() *ast.Schema {
	return gqlparser.MustLoadSchema(&ast.Source{Input: "type Query { no: String }"})
}

func behindDemo(t *testing.T, frontend http.Handler) string {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	dev := httptest.NewServer(frontend)
	t.Cleanup(dev.Close)
	pages, err := frontendHandler(dev.URL, log)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(emptySchema{}, server.Options{Logger: log, Mounts: map[string]http.Handler{"/": pages}})
	if err != nil {
		t.Fatal(err)
	}
	demo := httptest.NewServer(s)
	t.Cleanup(demo.Close)
	return strings.TrimPrefix(demo.URL, "http://")
}

// TestFrontend: what is not the demo's own comes from the development server, without the cookie.
func TestFrontend(t *testing.T) {
	t.Parallel()
	address := behindDemo(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "page %s, cookie %q", r.URL, r.Header.Get("Cookie"))
	}))
	for path, want := range map[string]string{
		"/":              `page /, cookie ""`,
		"/saker/1?a=b":   `page /saker/1?a=b, cookie ""`,
		"/@vite/client":  `page /@vite/client, cookie ""`,
		"/graphql":       "METHOD_NOT_ALLOWED",
		"/healthz":       `"ok"`,
		"/texts/nb.json": "{",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.AddCookie(&http.Cookie{Name: "__Host-session", Value: "s"})
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if !strings.Contains(string(body), want) {
			t.Errorf("%s: %s, want %s", path, body, want)
		}
	}
}

// TestFrontendHeaders: its pages have the headers of the development server alone, or no script would run in them.
func TestFrontendHeaders(t *testing.T) {
	t.Parallel()
	for _, own := range []http.Header{{}, {"Content-Security-Policy": {"script-src 'self'"}, "Cache-Control": {"max-age=5"},
		"Cross-Origin-Resource-Policy": {"cross-origin"}, "Referrer-Policy": {"origin"}}} {
		address := behindDemo(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			maps.Copy(w.Header(), own)
		}))
		answer, err := http.Get("http://" + address + "/")
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		for _, name := range []string{"Date", "Content-Length"} {
			answer.Header.Del(name)
		}
		if !maps.EqualFunc(answer.Header, own, slices.Equal) {
			t.Errorf("%v, want %v", answer.Header, own)
		}
	}
}

// TestFrontendReloads: an upgraded connection carries bytes both ways.
func TestFrontendReloads(t *testing.T) {
	t.Parallel()
	address := behindDemo(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "websocket" {
			t.Errorf("the upgrade is lost: %v", r.Header)
		}
		line, bytes, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer line.Close()
		_, _ = io.WriteString(line, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		said, _ := bytes.ReadString('\n')
		_, _ = io.WriteString(line, "heard "+said)
	}))
	var dialer net.Dialer
	line, err := dialer.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	_, _ = io.WriteString(line, "GET /hmr HTTP/1.1\r\nHost: demo\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	from := bufio.NewReader(line)
	answer, err := http.ReadResponse(from, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", answer, err)
	}
	_ = answer.Body.Close()
	_, _ = io.WriteString(line, "saved\n")
	if said, err := from.ReadString('\n'); said != "heard saved\n" {
		t.Errorf("%q, %v", said, err)
	}
}

func TestFrontendIsOnThisMachine(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "127.0.0.1:5173", "https://127.0.0.1:5173", "http://example.no", "http://10.0.0.1:80",
		"http://127.0.0.1:5173/app", "http://127.0.0.1.example.no", "://"} {
		if _, err := frontendHandler(address, nil); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	for _, address := range []string{"http://localhost:5173", "http://[::1]:5173/", "http://127.0.0.1:3000"} {
		if _, err := frontendHandler(address, nil); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}
