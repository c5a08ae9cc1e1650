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

func TestGracefulShutdown(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	b := setup(t, resolvers{"hello": func(ctx context.Context, _ map[string]any) (string, error) {
		close(entered)
		<-release
		return "late", ctx.Err()
	}}, Options{DrainDelay: 200 * time.Millisecond})
	address, stop, ended := listen(t, b)
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Post("http://"+address+"/graphql", "application/json", strings.NewReader(document("{hello}")))
		if err != nil {
			answered <- err.Error()
			return
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		answered <- string(text)
	}()
	<-entered
	stop()
	eventually(t, "readiness is off while the listener is open", func() bool {
		resp, err := http.Get("http://" + address + "/readyz")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		return resp.StatusCode == http.StatusServiceUnavailable
	})
	eventually(t, "the listener is closed", func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
	close(release)
	if got := <-answered; got != `{"data":{"hello":"late"}}` {
		t.Errorf("the request in flight got %s", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never: %s", what)
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

// TestDrainIsBounded lets a request hang for ever; the clock is the bubble's.
func TestDrainIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, served := net.Pipe()
		listener := &oneConn{conn: make(chan net.Conn, 1), closed: make(chan struct{})}
		listener.conn <- served
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
		go fmt.Fprintf(client, "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
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

type oneConn struct {
	conn   chan net.Conn
	closed chan struct{}
}

func (l *oneConn) Accept() (net.Conn, error) {
	select {
	case c := <-l.conn:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *oneConn) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }
