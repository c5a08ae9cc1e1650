package service

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oversikt/oversikt/internal/metrics"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/trace"
)

// retireTime is how long what a configuration made goes on for requests in flight, once another
// configuration holds. No request takes longer.
const retireTime = 35 * time.Second

// Host serves what a configuration file describes, and what it describes later.
type Host struct {
	path    string
	options func(Config) server.Options
	log     *slog.Logger
	level   slog.LevelVar
	metrics *metrics.Set  // nil: none
	tracer  *trace.Tracer // nil: none

	reloading sync.Mutex
	current   atomic.Pointer[generation]
	retiring  sync.WaitGroup
}

// generation is what one reading of the file made.
type generation struct {
	*Service
	conf     Config
	handler  http.Handler
	inFlight atomic.Int64
}

// NewHost makes the service that a file describes. options says what the file does not; it is asked
// again at each reload. What is logged goes to logs.
func NewHost(path string, logs io.Writer, options func(Config) server.Options) (*Host, error) {
	conf, err := Read(path)
	if err != nil {
		return nil, err
	}
	h := &Host{path: path, options: options}
	h.log = conf.Log.Logger(logs, &h.level)
	h.level.Set(conf.Log.least())
	if conf.Metrics != "" {
		h.metrics = metrics.New(Version())
	}
	if conf.Traces != nil {
		h.tracer = trace.Open(*conf.Traces, Version(), h.log)
	}
	made, err := h.make(conf)
	if err != nil {
		h.closeTracer()
		return nil, err
	}
	h.use(made)
	return h, nil
}

func (h *Host) make(conf Config) (*generation, error) {
	opts := h.options(conf)
	opts.Logger = h.log
	opts.Observe = h.observe()
	trusted, err := parseProxies(conf.TrustedProxies)
	if err != nil {
		return nil, err
	}
	made, err := New(conf, opts, h.log)
	if err != nil {
		return nil, err
	}
	if err := made.CheckKeys(context.Background(), h.log); err != nil {
		made.Close()
		return nil, err
	}
	g := &generation{Service: made, conf: conf, handler: made.server}
	if h.tracer != nil {
		made.agencies.Trace(h.tracer.Question)
		g.handler = h.tracer.Handler(made.server, trusted.sent)
	}
	g.handler = trusted.listen(g.handler, h.log)
	return g, nil
}

// observe is who is told of requests; nil: nobody is.
func (h *Host) observe() func(context.Context, server.Observed) {
	if h.metrics == nil && h.tracer == nil {
		return nil
	}
	return func(ctx context.Context, o server.Observed) {
		if h.metrics != nil {
			h.metrics.Request(o)
		}
		if h.tracer != nil {
			h.tracer.Request(ctx, o)
		}
	}
}

func (h *Host) closeTracer() {
	if h.tracer != nil {
		h.tracer.Close()
	}
}

// use makes a generation the one that answers, and that the metrics are about.
func (h *Host) use(g *generation) {
	if h.metrics != nil {
		g.measure(h.metrics)
	}
	h.current.Store(g)
}

// Log is where the host says what it does.
func (h *Host) Log() *slog.Logger { return h.log }

// Service is what answers now.
func (h *Host) Service() *Service { return h.current.Load().Service }

// Serve answers on the configured address until the context ends, and then drains.
func (h *Host) Serve(ctx context.Context) error {
	conf := h.current.Load().conf
	listener, err := net.Listen("tcp", conf.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if conf.Metrics != "" {
		end, err := serveMetrics(conf.Metrics, h.metrics)
		if err != nil {
			_ = listener.Close()
			return err
		}
		defer end()
	}
	h.log.Info("serving", "address", "http://"+listener.Addr().String(), "version", Version())
	return server.Host{
		Handler: h, Drain: func() { h.current.Load().server.Drain() }, DrainDelay: conf.DrainDelay, Logger: h.log,
	}.Serve(ctx, listener)
}

// Close ends what the host has made, also what is still on its way out.
func (h *Host) Close() {
	h.reloading.Lock()
	defer h.reloading.Unlock()
	h.retiring.Wait()
	h.current.Load().Close()
	h.closeTracer()
}

// ServeHTTP implements [http.Handler]: a request ends on what it began on.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g := h.enter()
	defer g.inFlight.Add(-1)
	g.handler.ServeHTTP(w, r)
}

// enter keeps what answers now from being retired until the request has left.
func (h *Host) enter() *generation {
	for {
		g := h.current.Load()
		g.inFlight.Add(1)
		if h.current.Load() == g {
			return g
		}
		g.inFlight.Add(-1) // it was replaced meanwhile
	}
}

// Reload reads the file again. All of it holds from then on, or, where anything is wrong, nothing.
// What holds from the next start alone is named in the log.
func (h *Host) Reload(ctx context.Context) {
	h.reloading.Lock()
	defer h.reloading.Unlock()
	old := h.current.Load()
	conf, err := Read(h.path)
	var made *generation
	if err == nil {
		if kept := keep(&conf, old.conf); len(kept) > 0 {
			h.log.WarnContext(ctx, "these settings hold from the next start: it needs a restart", "settings", kept)
		}
		made, err = h.make(conf)
	}
	if err != nil {
		h.counted(false)
		h.log.ErrorContext(ctx, "not reloaded: what was configured before still holds", "cause", err)
		return
	}
	made.health.Look(ctx) // its connections are made before anybody waits for them
	h.level.Set(conf.Log.least())
	h.use(made)
	h.counted(true)
	h.log.InfoContext(ctx, "reloaded", "changed", changed(old.conf, conf))
	h.retiring.Go(old.retire)
}

func (h *Host) counted(done bool) {
	if h.metrics != nil {
		h.metrics.Reload(done)
	}
}

// retire ends what was replaced, when the last request has left it.
func (g *generation) retire() {
	end := time.Now().Add(retireTime)
	for g.inFlight.Load() > 0 && time.Now().Before(end) {
		time.Sleep(20 * time.Millisecond)
	}
	g.Close()
}

// needRestart are the settings that a running program cannot change.
var needRestart = []string{"Listen", "DrainDelay", "Metrics", "Traces"}

// keep takes back what a running program cannot change, and returns what that was.
func keep(conf *Config, old Config) (kept []string) {
	now, before := reflect.ValueOf(conf).Elem(), reflect.ValueOf(old)
	for _, name := range needRestart {
		at, was := now.FieldByName(name), before.FieldByName(name)
		if !reflect.DeepEqual(at.Interface(), was.Interface()) {
			at.Set(was)
			kept = append(kept, yamlName(name))
		}
	}
	if conf.Log.Format != old.Log.Format {
		conf.Log.Format = old.Log.Format
		kept = append(kept, "log.format")
	}
	return kept
}

// changed names the settings that differ, and shows none.
func changed(old, conf Config) []string {
	names := []string{}
	before, now := reflect.ValueOf(old), reflect.ValueOf(conf)
	for i := range now.NumField() {
		if !reflect.DeepEqual(before.Field(i).Interface(), now.Field(i).Interface()) {
			names = append(names, yamlName(now.Type().Field(i).Name))
		}
	}
	return names
}

// yamlName is how the file writes a setting.
func yamlName(field string) string {
	f, _ := reflect.TypeFor[Config]().FieldByName(field)
	return f.Tag.Get("yaml")
}
