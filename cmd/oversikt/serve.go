package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"

	"github.com/oversikt/oversikt/cmd/internal/service"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/server/playground"
)

type serveCommand struct {
	Config string `required:"" type:"existingfile" help:"The configuration file." env:"OVERSIKT_CONFIG"`
}

// Run serves until the context ends.
func (c *serveCommand) Run(ctx context.Context) error {
	conf, err := service.Read(c.Config)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	slog.SetDefault(log)
	opts := server.Options{
		Introspection: conf.Introspection, AllowedOrigins: conf.AllowedOrigins, PersistedQueries: conf.PersistedQueries,
		DrainDelay: conf.DrainDelay, Logger: log,
	}
	if conf.Playground {
		opts.Playground = playground.Handler(playground.Config{})
	}
	s, err := service.New(conf, opts, log)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.CheckKeys(ctx, log); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", conf.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	log.Info("serving", "address", "http://"+listener.Addr().String())
	return s.Serve(ctx, listener)
}
