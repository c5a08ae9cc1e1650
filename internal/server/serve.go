package server

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 10 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 60 * time.Second
	shutdownTimeout   = 25 * time.Second
	maxHeaderBytes    = 16 << 10
)

// Serve answers on the listener until ctx is done, as [Host.Serve] does.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	return Host{Handler: s, Drain: s.Drain, DrainDelay: s.opts.DrainDelay, Logger: s.log}.Serve(ctx, listener)
}

// Drain makes /readyz say that no more requests should come. They are answered all the same, and each ends its
// connection.
func (s *Server) Drain() { s.draining.Store(true) }

// Host puts a handler on a listener.
type Host struct {
	Handler http.Handler
	Drain   func() // called when no more requests should come
	// DrainDelay is how long requests are accepted after Drain, so that load balancers see it.
	DrainDelay time.Duration
	Logger     *slog.Logger
}

// Serve answers on the listener until ctx is done, then drains: readiness goes
// off, after DrainDelay no new connection is accepted, and requests in flight
// have 25 seconds to finish. It returns nil when all of them did.
func (h Host) Serve(ctx context.Context, listener net.Listener) error {
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	server := &http.Server{
		Handler:           h.Handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ErrorLog:          slog.NewLogLogger(h.Logger.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	return h.drain(server, failed)
}

func (h Host) drain(server *http.Server, failed <-chan error) error {
	h.Drain()
	h.Logger.Info("draining", slog.Duration("delay", h.DrainDelay))
	if h.DrainDelay > 0 {
		select {
		case err := <-failed:
			return fmt.Errorf("serve: %w", err)
		case <-time.After(h.DrainDelay):
		}
	}
	bounded, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(bounded); err != nil {
		_ = server.Close()
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}
