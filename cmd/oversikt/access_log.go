package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

type accessLogCommand struct {
	Verify accessLogVerify `cmd:"" help:"Look whether an entry of the access log was removed, altered, inserted or put elsewhere. Ends with exit status 1 where one was."`
}

type accessLogVerify struct {
	Config string `required:"" type:"existingfile" help:"The configuration file." env:"OVERSIKT_CONFIG"`
	Head   string `help:"The head that an earlier run, or the service's log, has told: it must still be in the chain."`
}

// Run goes through the whole chain of the access log.
func (c *accessLogVerify) Run(ctx context.Context) error {
	return withPortal(c.Config, func(db *portal.DB, secret *portal.Secret) error {
		chain := audit.Chain{Portal: db, Secret: secret, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
		found, err := chain.Verify(ctx, c.Head)
		if err != nil {
			return err
		}
		return tellIntegrity(found)
	})
}

func tellIntegrity(found audit.Integrity) error {
	for _, f := range found.Faults {
		fmt.Fprintln(os.Stdout, f)
	}
	day := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	fmt.Fprintf(os.Stdout, "%d entries from %s to %s were looked at; %d are not linked yet\nhead %s\n", found.Links,
		day(found.From), day(found.Through), found.Waiting, found.Head)
	if len(found.Faults) > 0 {
		return fmt.Errorf("the access log is not whole: %d faults are named above", len(found.Faults))
	}
	return nil
}
