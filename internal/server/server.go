// Package server puts a GraphQL schema on HTTP, after the GraphQL over HTTP
// specification: routes, strict decoding, media types and status codes, errors
// that tell clients enough and strangers nothing, and a graceful shutdown.
package server

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/oversikt/oversikt/internal/fault"
)

// Server is an [http.Handler] for /graphql, /schema.graphql, /playground, /healthz, /readyz, /texts,
// and the downloads and mounts of its [Options]; everything else is a 404 in JSON.
type Server struct {
	opts      Options
	log       *slog.Logger
	schema    *ast.Schema
	exec      *executor.Executor
	post      post
	crowd     *inFlight
	graphql   http.Handler
	downloads map[string]http.Handler
	mounts    *http.ServeMux
	draining  atomic.Bool
	sample    *sample
	sdl       func() publicFile // the schema as a file
}

// New returns a server of the schema. It fails on an allowed origin that is no
// exact origin.
func New(schema graphql.ExecutableSchema, opts Options) (*Server, error) {
	opts = opts.withDefaults()
	crowd := &inFlight{of: map[sender]int{}}
	opts.Authenticate = crowd.bound(opts)
	s := &Server{opts: opts, log: opts.Logger, schema: schema.Schema(), crowd: crowd, mounts: http.NewServeMux(),
		sample: newSample()}
	guard, err := newOrigins(opts.AllowedOrigins)
	if err != nil {
		return nil, fmt.Errorf("configure origins: %w", err)
	}
	s.exec = newExecutor(schema, s)
	s.sdl = sync.OnceValue(func() publicFile {
		var file bytes.Buffer
		formatter.NewFormatter(&file, formatter.WithIndent("  ")).FormatSchema(s.schema)
		return newPublicFile(typeOfPlain, file.Bytes())
	})
	s.post = post{Server: s, persisted: newPersisted(opts.PersistedQueries), uploads: newUploads(maxUploads),
		large: make(chan struct{}, maxLarge), strangers: newStrangers(opts.Strangers)}
	s.graphql = guard.wrap(http.HandlerFunc(s.serveGraphQL))
	s.downloads = map[string]http.Handler{}
	for path, d := range opts.Downloads {
		s.downloads[path] = guard.wrap(s.serveDownload(d))
	}
	for pattern, handler := range opts.Mounts {
		s.mounts.Handle(pattern, handler)
	}
	return s, nil
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := newExchange(w, r, s.opts)
	x.observe = s.opts.Observe
	x.sample = s.sample
	s.secure(w.Header(), r)
	if s.draining.Load() {
		w.Header()["Connection"] = closes
	}
	defer x.finish(r)
	s.route(x, r.WithContext(x.context(r.Context())))
}

func (s *Server) route(x *exchange, r *http.Request) {
	switch path := r.URL.Path; {
	case path == "/graphql":
		x.route, x.level = path, slog.LevelInfo
		s.graphql.ServeHTTP(x, r)
	case path == "/healthz":
		x.route = path
		s.serveHealth(x, r, s.alive())
	case path == "/readyz":
		x.route = path
		s.serveHealth(x, r, s.health())
	case (path == "/playground" || strings.HasPrefix(path, "/playground/")) && s.opts.Playground != nil:
		x.route = "/playground"
		s.opts.Playground.ServeHTTP(x, r)
	case textFiles()[path].body != nil:
		x.route = "/texts"
		s.servePublic(x, r, textFiles()[path])
	case path == "/schema.graphql" && s.opts.Introspection:
		x.route = path
		s.servePublic(x, r, s.sdl())
	case path == securityPath && s.opts.Security != nil:
		x.route = path
		s.serveSecurity(x, r)
	case s.downloads[path] != nil:
		x.route, x.level = path, slog.LevelInfo
		s.downloads[path].ServeHTTP(x, r)
	default:
		s.serveMount(x, r)
	}
}

func (s *Server) serveMount(x *exchange, r *http.Request) {
	x.level = slog.LevelInfo
	if _, pattern := s.mounts.Handler(r); pattern != "" {
		x.route = pattern
		s.mounts.ServeHTTP(x, r)
		return
	}
	x.refuse(http.StatusNotFound, fault.NotFound, "there is nothing at this address")
}
