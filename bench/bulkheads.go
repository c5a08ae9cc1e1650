package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/oversikt/oversikt/internal/workshop/demo"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
)

// bulkheads measures one logged-in person over one connection, alone and beside each neighbour
// that could cost others something, at bin/oversikt and three of the demo agencies.
func bulkheads(ctx context.Context, o options) error {
	_, query, err := sources()
	if err != nil {
		return err
	}
	// The first one has cases at all three agencies.
	return served(ctx, o, 41, func(d *demo.Demo, service *oversikt, tokens []string) error {
		w := watched{oversikt: service, request: postRequests(query, tokens[:1])[0],
			url: "http://" + service.address + "/graphql", tokens: tokens[1:], line: d.Line}
		return w.rows(ctx, o)
	})
}

// served calls f with bin/oversikt over the demo agencies, and the tokens of n people.
func served(ctx context.Context, o options, n int, f func(*demo.Demo, *oversikt, []string) error) (err error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	progress("opening the demo agencies")
	d, err := demo.Open(ctx, filepath.Join(o.dir, "demo"), log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	today, err := demo.Born(filepath.Join(o.dir, "demo"))
	if err != nil {
		return err
	}
	bank, err := openIssuer(o.dir)
	if err != nil {
		return err
	}
	defer bank.close()
	asked, err := (&data{today: today, agencies: d.Agencies()}).people(ctx, n)
	if err != nil {
		return err
	}
	tokens, err := bank.tokens(ctx, asked)
	if err != nil {
		return err
	}
	service, err := startOversikt(ctx, o, d, bank.options.Accept())
	if err != nil {
		return err
	}
	defer service.close()
	return f(d, service, tokens)
}

// watched is the person who is measured, and all that is needed to disturb them.
type watched struct {
	*oversikt
	request string
	url     string
	tokens  []string // of other people
	line    *line.Line
}

// seen is a row of the table.
type seen struct {
	took       []time.Duration // ascending
	incomplete int
	failed     int
	beside     got
	most       int // MiB that the service had at most so far
}

func (w *watched) rows(ctx context.Context, o options) error {
	length := time.Duration(o.seconds * float64(time.Second))
	if _, err := w.watch(ctx, crowd{}, length/4); err != nil { // warm
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(os.Stdout, "load before: %s\n", loadAverage())
	fmt.Fprintln(out, "beside\tp50 ms\tx\tp99 ms\tanswers\tincomplete\terrors\tneighbours' 200/s\trefused/s\tlost\tMiB\t")
	var alone time.Duration
	for _, row := range w.neighbours() {
		if o.only != "" && row.name != "nobody" && !strings.Contains(row.name, o.only) {
			continue
		}
		progress("beside %s", row.name)
		if err := w.line.Set(line.Quality{Silent: row.silent}); err != nil {
			return err
		}
		if row.silent {
			length += untilGivenUp
		}
		s, err := w.watch(ctx, row.crowd, length)
		if err != nil {
			return fmt.Errorf("beside %s: %w", row.name, err)
		}
		p50 := at(s.took, 50)
		if row.name == "nobody" {
			alone = p50
		}
		fmt.Fprintf(out, "%s\t%.1f\t%.1f\t%.1f\t%d\t%d\t%d\t%.0f\t%.0f\t%d\t%d\t\n", row.name, milliseconds(p50),
			milliseconds(p50)/milliseconds(alone), milliseconds(at(s.took, 99)), len(s.took), s.incomplete, s.failed,
			float64(s.beside.Answers)/length.Seconds(), float64(s.beside.Refused)/length.Seconds(), s.beside.Lost, s.most)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "load after: %s\n", loadAverage())
	return nil
}

// at returns a percentile.
func at(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}

// untilGivenUp is how long the person waits in all for an agency that does not answer, until
// nobody asks it any more.
const untilGivenUp = 5 * time.Second

type neighbour struct {
	name   string
	silent bool // the small agency's line
	crowd  crowd
}

// neighbours are those beside whom a person is measured. The silent agency is the last, as its
// connections are not whole at once when its line is.
func (w *watched) neighbours() []neighbour {
	facts := &strings.Builder{}
	for i := range 99 {
		fmt.Fprintf(facts, " a%dxNUMBER: agencies { name phone email website orgNumber postalAddress }", i)
	}
	document := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("%PDF-1.7 "), 5<<20/9))
	crowded := func(conns int, tokens []string, query, variables string) crowd {
		text, _ := json.Marshal(query) // a string always can be
		return crowd{URL: w.url, Conns: conns, Tokens: tokens,
			Body: fmt.Sprintf(`{"query":%s,"variables":%s}`, text, variables)}
	}
	logins := crowded(16, nil, `mutation { loginWithLetter(input: {agency: "fjord", caseNumber: "NUMBER",
		password: "AAAA-BBBB-CCCC"}) { userErrors { code } } }`, "{}")
	logins.Many = true
	return []neighbour{
		{name: "nobody"},
		{name: "8 solvers", crowd: crowded(8, w.tokens, `{ viewer { paymentSolutions(input: {monthlyBudget: "3NUMBER.00"}) {
			suggestions { cost { amount } } } } }`, "{}")},
		{name: "40 anonymous", crowd: crowded(40, nil, "{"+facts.String()+"}", "{}")},
		{name: "16 uploads", crowd: crowded(16, w.tokens, `mutation($input: GivePowerOfAttorneyInput!) {
			givePowerOfAttorney(input: $input) { userErrors { code } } }`, fmt.Sprintf(`{"input": {"idempotencyKey": "UUID",
			"attorney": {"person": {"nationalId": "00000000000", "name": "Nobody"}}, "mayAct": false, "validUntil": %q,
			"signing": {"document": {"mediaType": "PDF", "base64": %q}}}}`, time.Now().AddDate(0, 0, 30).Format(time.DateOnly),
			document))},
		{name: "16 bogus logins", crowd: logins},
		{name: "a silent agency", silent: true},
	}
}

// watch asks as the person, over and over, while others ask.
func (w *watched) watch(ctx context.Context, beside crowd, length time.Duration) (s seen, err error) {
	if beside.Conns > 0 {
		end, err := beside.start(ctx)
		if err != nil {
			return s, err
		}
		defer func() {
			var ended error
			s.beside, ended = end()
			err = errors.Join(err, ended)
		}()
		time.Sleep(300 * time.Millisecond)
	}
	c, err := dial(w.address)
	if err != nil {
		return s, err
	}
	defer c.close()
	for end := time.Now().Add(length); time.Now().Before(end) && ctx.Err() == nil; {
		start := time.Now()
		text, err := c.answer(w.request)
		s.took = append(s.took, time.Since(start))
		switch {
		case err != nil:
			s.failed++
			c.close()
			if c, err = dial(w.address); err != nil {
				return s, err
			}
		case !bytes.Contains(text, []byte(`"data":{"viewer":{"name":"`)):
			s.failed++
		case !bytes.Contains(text, []byte(`"complete":true`)):
			s.incomplete++
		}
	}
	slices.Sort(s.took)
	_, s.most = w.resident()
	return s, ctx.Err()
}
