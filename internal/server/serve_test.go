package server

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// listen serves b on a free port until the test ends or stop is called.
func listen(t *testing.T, b *bundle) (address string, stop context.CancelFunc, ended <-chan error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.Serve(ctx, listener) }()
	t.Cleanup(cancel)
	return listener.Addr().String(), cancel, done
}

// TestGracefulShutdown: the clock is the bubble's.
func TestGracefulShutdown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		listener := newPipes()
		entered, release := make(chan struct{}), make(chan struct{})
		b := setup(t, resolvers{"hello": func(ctx context.Context, _ map[string]any) (string, error) {
			close(entered)
			<-release
			return "late", ctx.Err()
		}}, Options{DrainDelay: 200 * time.Millisecond})
		ctx, stop := context.WithCancel(t.Context())
		ended, answered := make(chan error, 1), make(chan string, 1)
		go func() { ended <- b.Serve(ctx, listener) }()
		go func() {
			_, text := listener.send(t, http.MethodPost, "/graphql", document("{hello}"))
			answered <- text
		}()
		<-entered
		stop()
		synctest.Wait()
		if status, _ := listener.send(t, http.MethodGet, "/readyz", ""); status != http.StatusServiceUnavailable {
			t.Errorf("readiness is %d while the listener is open", status)
		}
		time.Sleep(201 * time.Millisecond)
		synctest.Wait()
		select {
		case <-listener.closed:
		default:
			t.Error("the listener is open")
		}
		close(release)
		if got := <-answered; got != `{"data":{"hello":"late"}}` {
			t.Errorf("the request in flight got %s", got)
		}
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
}

func TestServeTellsWhyItFailed(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	if err := setup(t, nil, Options{}).Serve(t.Context(), listener); err == nil {
		t.Error("Serve on a closed listener gives no error")
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Options{})
	address, _, _ := listen(t, b)
	fit := `{"query":"{hello}","pad":"` + strings.Repeat("a", maxBody-28) + `"}`
	tests := map[string]struct {
		body    string
		chunked bool
		want    int
		reason  string
	}{
		"at the limit":          {fit, false, 200, "128 KiB are allowed"},
		"at the limit, chunked": {fit, true, 200, "128 KiB are allowed"},
		"one more":              {fit + " ", false, 413, "told by Content-Length"},
		"one more, chunked":     {fit + " ", true, 413, "found while reading"},
		"many, chunked":         {fit + strings.Repeat(" ", 4<<20), true, 413, "reading stops"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var body io.Reader = bytes.NewReader([]byte(tt.body))
			if tt.chunked {
				body = io.MultiReader(body)
			}
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/graphql", body)
			r.Header.Set("Content-Type", "application/json")
			resp, err := new(http.Transport).RoundTrip(r)
			if err != nil {
				if tt.want == 413 && len(tt.body) > 2*maxBody {
					return // closed while the client was still writing
				}
				t.Fatal(err)
			}
			defer resp.Body.Close()
			text, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != tt.want || tt.want == 413 && (!resp.Close || !bytes.Contains(text, []byte("BODY_TOO_LARGE"))) {
				t.Errorf("status %d, close %v, body %.100s: %s", resp.StatusCode, resp.Close, text, tt.reason)
			}
		})
	}
}

func TestSlowAndLargeHeaders(t *testing.T) {
	t.Parallel()
	address, _, _ := listen(t, setup(t, nil, Options{}))
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: x\r\nX-Big: %s\r\n\r\n", strings.Repeat("a", 32<<10))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d", resp.StatusCode)
	}
}

// TestDrainEndsConnections: who keeps a connection would otherwise send the next request while it is taken away.
func TestDrainEndsConnections(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Options{})
	address, _, _ := listen(t, b)
	for _, draining := range []bool{false, true} {
		if draining {
			b.Drain()
		}
		for path, want := range map[string]int{"/graphql": 405, "/healthz": 200, "/nothing": 404} {
			resp, err := http.Get("http://" + address + path)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != want || resp.Close != draining {
				t.Errorf("draining %v: %s is %d, close %v", draining, path, resp.StatusCode, resp.Close)
			}
		}
	}
}

// TestDrainIsBounded lets a request hang for ever; the clock is the bubble's.
func TestDrainIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, served := net.Pipe()
		listener := newPipes()
		go func() { listener.conns <- served }()
		entered := make(chan struct{})
		b := setup(t, resolvers{"hello": func(ctx context.Context, _ map[string]any) (string, error) {
			close(entered)
			<-ctx.Done()
			return "", ctx.Err()
		}}, Options{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Serve(ctx, listener) }()
		body := document("{hello}")
		go fmt.Fprintf(client,
			"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body),
			body)
		go func() { _, _ = io.Copy(io.Discard, client) }()
		<-entered
		started := time.Now()
		cancel()
		if err := <-ended; err == nil || time.Since(started) != shutdownTimeout {
			t.Errorf("Serve = %v after %v", err, time.Since(started))
		}
		_ = client.Close()
		synctest.Wait()
	})
}

// pipes is a listener in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

// send sends one request on a connection of its own.
func (l *pipes) send(t *testing.T, method, path, body string) (status int, text string) {
	client, served := net.Pipe()
	defer client.Close()
	l.conns <- served
	go fmt.Fprintf(client,
		"%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		method, path, len(body), body)
	resp, err := http.ReadResponse(bufio.NewReader(client), nil)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	all, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(all)
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }
