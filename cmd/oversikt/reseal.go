package main

import (
	"context"
	"fmt"

	"github.com/oversikt/oversikt/cmd/internal/service"
)

type resealCommand struct {
	Config string `required:"" type:"existingfile" help:"The configuration file, with the new key first." env:"OVERSIKT_CONFIG"`
	DSN    string `arg:"" help:"Connection string of the portal database, as its owner: what migrate takes."`
}

// Run reseals, and says how far it is.
func (c *resealCommand) Run(ctx context.Context) error {
	conf, err := service.Read(c.Config)
	if err != nil {
		return err
	}
	n, err := service.Reseal(ctx, conf, c.DSN, func(table string, n int) { fmt.Printf("%s: %d rows renewed\n", table, n) })
	if err != nil {
		return fmt.Errorf("reseal: %d rows renewed, then: %w; run it again to go on", n, err)
	}
	fmt.Printf("%d rows renewed: the portal database needs none of the other keys\n", n)
	return nil
}
