package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/oversikt/oversikt/cmd/internal/service"
	"github.com/oversikt/oversikt/internal/health"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/server/playground"
)

type serveCommand struct {
	Config string `required:"" type:"existingfile" help:"The configuration file." env:"OVERSIKT_CONFIG"`
	Check  bool   `help:"Look at the file, at the portal database and at the agencies, say what was found, and end."`
}

// Run serves until the context ends. SIGHUP makes it read the configuration again.
func (c *serveCommand) Run(ctx context.Context) error {
	if c.Check {
		return c.check(ctx, os.Stdout)
	}
	host, err := service.NewHost(c.Config, os.Stderr, options)
	if err != nil {
		return err
	}
	defer host.Close()
	slog.SetDefault(host.Log())
	defer reloading(ctx, host)()
	return host.Serve(ctx)
}

// options are what the program adds to a configuration.
func options(conf service.Config) server.Options {
	opts := server.Options{
		Introspection: conf.Introspection, AllowedOrigins: conf.AllowedOrigins, PersistedQueries: conf.PersistedQueries,
		DrainDelay: conf.DrainDelay,
	}
	if conf.Playground {
		opts.Playground = playground.Handler(playground.Config{})
	}
	return opts
}

// reloading reloads at each SIGHUP, until what it returns is called.
func reloading(ctx context.Context, host *service.Host) (end func()) {
	hangup, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(hangup, syscall.SIGHUP)
	go func() {
		defer close(done)
		for range hangup {
			if ctx.Err() == nil {
				host.Reload(ctx)
			}
		}
	}()
	return func() {
		signal.Stop(hangup)
		close(hangup)
		<-done
	}
}

var errFound = errors.New("something is to be mended: docs/operations.md says what each code means")

// check prints what is found of each part, and fails unless all is well.
func (c *serveCommand) check(ctx context.Context, w io.Writer) error {
	conf, err := service.Read(c.Config)
	if err != nil {
		return err
	}
	found, err := service.Check(ctx, conf, options(conf))
	if err != nil {
		return err
	}
	for _, p := range found.Parts() {
		if _, err := io.WriteString(w, written(p)); err != nil {
			return err
		}
	}
	if !found.Well() {
		return errFound
	}
	return nil
}

// written is a line on a part, and one on each thing that is the matter with it.
func written(p health.Part) string {
	words := []string{"portal database:", string(p.State)}
	if p.Agency != "" {
		words[0] = "agency " + p.Agency + ":"
	}
	for _, code := range p.Codes {
		words = append(words, string(code))
	}
	if p.Migration > 0 {
		words = append(words, fmt.Sprintf("(migration %d)", p.Migration))
	}
	if p.ActsOf > 0 {
		words = append(words, fmt.Sprintf("(acts %d of %d)", p.Acts, p.ActsOf))
	}
	return strings.Join(append([]string{strings.Join(words, " ")}, p.What()...), "\n    ") + "\n"
}
