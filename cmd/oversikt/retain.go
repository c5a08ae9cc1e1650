package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"text/tabwriter"
	"time"

	"github.com/oversikt/oversikt/cmd/internal/service"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/retention"
)

type retainCommand struct {
	Config string `required:"" type:"existingfile" help:"The configuration file." env:"OVERSIKT_CONFIG"`
}

// Run makes a run of the retention schedule, also when today's has been made.
func (c *retainCommand) Run(ctx context.Context) error {
	conf, err := service.Read(c.Config)
	if err != nil {
		return err
	}
	return withPortal(c.Config, func(db *portal.DB, secret *portal.Secret) error {
		also, end, err := service.Sweeps(ctx, conf, db, secret)
		if err != nil {
			return err
		}
		defer end()
		return retainNow(ctx, db, also)
	})
}

// withPortal calls f with the portal database that a configuration file names.
func withPortal(file string, f func(*portal.DB, *portal.Secret) error) error {
	conf, err := service.Read(file)
	if err != nil {
		return err
	}
	db, secret, err := service.OpenPortal(conf)
	if err != nil {
		return err
	}
	defer db.Close()
	return f(db, secret)
}

func retainNow(ctx context.Context, db *portal.DB, also []retention.Sweep) error {
	job := retention.Job{Portal: db, Clock: time.Now, Log: slog.New(slog.DiscardHandler), Also: also}
	done, ran, err := job.Now(ctx)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, d := range done {
		fmt.Fprintf(w, "%s\t%d\n", d.Rule, d.N)
	}
	switch err := errors.Join(err, w.Flush()); {
	case err != nil:
		return err
	case !ran:
		return errors.New("another replica is doing this: try again in a minute")
	}
	return nil
}
