package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/text"
)

type privacyCommand struct {
	Config string `required:"" type:"existingfile" help:"The configuration file." env:"OVERSIKT_CONFIG"`

	List   privacyList   `cmd:"" default:"1" help:"List the requests that wait for an answer, most urgent first (the default)."`
	Show   privacyShow   `cmd:"" help:"Print what a request says, and for an agency also whom it is from."`
	Answer privacyAnswer `cmd:"" help:"Answer a request with the text on standard input."`
}

// desk calls f with the desk that the configuration leads to.
func (c *privacyCommand) desk(f func(*privacy.Desk) error) error {
	return withPortal(c.Config, func(db *portal.DB, secret *portal.Secret) error {
		return f(privacy.NewDesk(db, secret, time.Now))
	})
}

type privacyList struct{}

// Run lists requests.
func (*privacyList) Run(ctx context.Context, c *privacyCommand) error {
	return c.desk(func(d *privacy.Desk) error {
		all, err := d.Waiting(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		for _, q := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\tby %s\t%s\n", q.Number, q.Kind, addressee(q), q.AnswerBy, q.Status)
		}
		return w.Flush()
	})
}

func addressee(q privacy.Case) string {
	if q.AgencyCode == nil {
		return "portal"
	}
	return *q.AgencyCode
}

type privacyShow struct {
	ID uuid.UUID `arg:"" help:"Number of the request."`
}

// Run prints a request.
func (s *privacyShow) Run(ctx context.Context, c *privacyCommand) error {
	return c.desk(func(d *privacy.Desk) error {
		q, err := d.Find(ctx, s.ID)
		if err != nil {
			return err
		}
		fmt.Printf("%s to %s, %s, handed in %s, to be answered by %s\n", q.Kind, addressee(q), q.Status,
			norway.DateOf(q.SubmittedAt), q.AnswerBy)
		if !q.NationalID.IsZero() {
			fmt.Printf("from %s, %s\n", q.NationalID.Reveal(), strings.TrimSpace(quoted(q.Name)))
		}
		fmt.Printf("\n%s\n", quoted(q.Text))
		if q.Reply != nil {
			fmt.Printf("\nReply:\n%s\n", quoted(*q.Reply))
		}
		return nil
	})
}

// quoted returns what somebody wrote as a terminal may show it, each line set in: it must
// neither command the terminal nor look like a line of ours.
func quoted(written string) string {
	return "    " + strings.NewReplacer("\r", "", "\n", "\n    ").Replace(text.Visible(written))
}

type privacyAnswer struct {
	ID     uuid.UUID `arg:"" help:"Number of the request."`
	Extend bool      `help:"Standard input says why the answer takes up to two months more (GDPR art. 12(3))."`
}

// Run answers a request.
func (a *privacyAnswer) Run(ctx context.Context, c *privacyCommand) error {
	text, err := io.ReadAll(io.LimitReader(os.Stdin, 64<<10))
	if err != nil {
		return fmt.Errorf("read the reply: %w", err)
	}
	return c.desk(func(d *privacy.Desk) error {
		if a.Extend {
			return d.Extend(ctx, a.ID, string(text))
		}
		return d.Answer(ctx, a.ID, string(text))
	})
}
