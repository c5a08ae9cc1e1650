package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/schollz/progressbar/v3"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

type seedCommand struct {
	DSN     string `arg:"" help:"Connection string, such as postgres://dba@host/core."`
	Debtors int    `default:"2000" help:"How many people are known to all agencies together, 100 to 2000000."`
	Agency  string `default:"fjord" enum:"fjord,tradisjon,lita,journal" help:"Whose part of them is loaded (${enum})."`
	Layout  string `default:"reference" enum:"reference,legacy,journal" help:"The kind of tables in the database (${enum})."`
	Seed    uint64 `default:"1" help:"The same seed gives the same people."`
	AsOf    string `help:"The last day of the records; today when left out." placeholder:"2026-03-01"`
}

// Run fills the database.
func (c *seedCommand) Run(ctx context.Context) error {
	day := norway.DateOf(time.Now())
	if c.AsOf != "" {
		var err error
		if day, err = norway.ParseDate(c.AsOf); err != nil {
			return err
		}
	}
	connecting, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(connecting, c.DSN)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(ctx)
	load := people.LoadReference
	switch c.Layout {
	case "legacy":
		load = people.LoadLegacy
	case "journal":
		load = people.LoadJournal
	}
	bar := progressbar.NewOptions(parts, progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionSetDescription("people, keys, indexes"),
		progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionOnCompletion(func() { _, _ = os.Stderr.WriteString("\n") }))
	err = load(ctx, conn, people.New(c.Seed, day), c.Agency, c.Debtors,
		func(share float64) { _ = bar.Set(int(share * parts)) })
	if errors.Is(err, people.ErrNoTables) && c.Layout == "reference" {
		return fmt.Errorf("%w: install the reference core first, with oversikt agency init DSN", err)
	}
	return err
}

// parts is how many steps the bar shows.
const parts = 1000
