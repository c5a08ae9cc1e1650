package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/cmd/internal/service"
	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/agency/manual"
	"github.com/oversikt/oversikt/internal/agency/preview"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/agency/scaffold"
	"github.com/oversikt/oversikt/internal/agency/wrapper"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/tcp"
)

type agencyCommand struct {
	Init     agencyInit     `cmd:"" help:"Install the reference core and the contract in a database."`
	Upgrade  agencyUpgrade  `cmd:"" help:"Bring a reference core of an earlier release up to this one. Rows stay."`
	Check    agencyCheck    `cmd:"" help:"Prove a database against the contract. Exit status: 0 kept; 1 a breach; 2 it could not run; 3 kept as far as seen, with --strict."`
	Preview  agencyPreview  `cmd:"" help:"Show what some debtors would see, and compare balances with the core's own; exit status 1 where they differ."`
	Rehearse agencyRehearse `cmd:"" help:"Try the acts with some debtors, undo them and compare all views; exit status 1 on a difference."`
	Scaffold agencyScaffold `cmd:"" help:"Write a first draft of the contract's schema for the tables of a database. Changes nothing."`
	Wrappers agencyWrappers `cmd:"" help:"Print SQL that makes the functions of acts on an agency's own rules."`
	Doc      agencyDoc      `cmd:"" help:"Print the contract's description, docs/contract.md."`
}

type target struct {
	DSN string `arg:"" help:"Connection string, such as postgres://dba@host/core?sslmode=verify-full."`
}

func (t target) connect(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	config, err := pgx.ParseConfig(t.DSN)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	if err := tcp.CheckPlain(&config.Config); err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	config.RuntimeParams["client_encoding"] = "UTF8"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return conn, nil
}

type migrateCommand struct{ target }

// Run migrates the portal database, and adds what the retention schedule lacks of the acts.
func (c *migrateCommand) Run(ctx context.Context) error {
	n, err := migrate.Up(ctx, c.DSN, service.Rules()...)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "portal database is up to date: %d migrations ran\n", n)
	return nil
}

type agencyInit struct {
	target
	Role   string `help:"Role that Oversikt will connect as; it is made if it does not exist." default:"oversikt_app"`
	Schema string `help:"Schema that Oversikt will read. The tables are in schema core, or in NAME_core when another schema is named." default:"oversikt"`
}

// Run installs the reference core.
func (c *agencyInit) Run(ctx context.Context) error {
	conn, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return reference.Install(ctx, conn, reference.Options{Role: c.Role, Schema: c.Schema})
}

type agencyUpgrade struct {
	target
	Schema string `help:"Schema that Oversikt reads, as it was given to init." default:"oversikt"`
}

// Run upgrades the reference core.
func (c *agencyUpgrade) Run(ctx context.Context) error {
	conn, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return reference.Upgrade(ctx, conn, reference.Options{Schema: c.Schema})
}

type agencyCheck struct {
	target
	Role     string        `help:"Role that Oversikt connects as; by default the connected user, or oversikt_app if that is an owner."`
	Schema   string        `help:"Schema that Oversikt reads." default:"oversikt"`
	Full     bool          `help:"Look at every row of every view, however long it takes; else at the first 100,000, for 5 s each."`
	Strict   bool          `help:"End with exit status 3 where nothing is wrong and not everything was seen."`
	JSON     bool          `name:"json" help:"Print all findings as one JSON document; docs/contract.md describes it."`
	Deadline time.Duration `help:"Deadline of the agency in Oversikt's configuration: lower limits of the role are warned of." default:"1.5s"`
}

// Run proves the database against the contract.
func (c *agencyCheck) Run(ctx context.Context) error {
	conn, err := c.connect(ctx)
	if err != nil {
		return exit{2, err}
	}
	defer conn.Close(ctx)
	found, err := check.Run(ctx, conn, check.Options{Role: c.Role, Schema: c.Schema, Full: c.Full, Deadline: c.Deadline})
	if err != nil {
		return exit{2, err}
	}
	write := check.WriteReport
	if c.JSON {
		write = check.WriteJSON
	}
	switch err := write(os.Stdout, found); {
	case err != nil:
		return exit{2, err}
	case len(found.Breaches) > 0:
		return exit{1, errors.New("the database does not keep the contract")}
	case c.Strict && !found.Complete():
		return exit{3, errors.New("not everything was seen")}
	}
	return nil
}

type agencyPreview struct {
	target
	Role    string `help:"Role that Oversikt connects as, whose rights are used." default:"oversikt_app"`
	Schema  string `help:"Schema that Oversikt reads." default:"oversikt"`
	Sample  int    `help:"How many debtors are shown." default:"20"`
	Out     string `help:"File to write the balances to, a row for each open case, as CSV." placeholder:"FILE"`
	Compare string `help:"File with the core's own balances, CSV with case_id and total_ore: its cases are looked at." placeholder:"FILE"`
}

// Run shows what debtors would see.
func (c *agencyPreview) Run(ctx context.Context) error {
	if c.Sample < 1 {
		return errors.New("--sample is at least 1")
	}
	o := preview.Options{Role: c.Role, Schema: c.Schema, Sample: c.Sample, Today: norway.DateOf(time.Now())}
	own, err := c.own()
	if err != nil {
		return err
	}
	for _, x := range own {
		o.Cases = append(o.Cases, x.Case)
	}
	conn, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	p, err := preview.Run(ctx, conn, o)
	if err != nil {
		return err
	}
	if err := preview.WriteReport(os.Stdout, p); err != nil {
		return err
	}
	if c.Out != "" {
		var balances bytes.Buffer
		if err := preview.WriteCSV(&balances, p.Figures); err != nil {
			return err
		}
		if err := replace(c.Out, balances.Bytes()); err != nil {
			return fmt.Errorf("write the balances: %w", err)
		}
	}
	if own != nil {
		compared := p.Compare(own)
		if err := preview.WriteComparison(os.Stdout, compared); err != nil {
			return err
		}
		if len(compared.Differ) > 0 || compared.Compared == 0 {
			return errors.New("the balances are not those of the core")
		}
	}
	if p.Unread > 0 {
		return errors.New("not every debtor can be read: run agency check")
	}
	return nil
}

// own reads the core's own balances, nil where no file is named.
func (c *agencyPreview) own() ([]preview.Own, error) {
	if c.Compare == "" {
		return nil, nil
	}
	file, err := os.Open(c.Compare)
	if err != nil {
		return nil, fmt.Errorf("read the core's balances: %w", err)
	}
	defer file.Close()
	own, err := preview.ReadOwn(file)
	if err != nil {
		return nil, fmt.Errorf("read the core's balances: %w", err)
	}
	if len(own) == 0 {
		return nil, errors.New("read the core's balances: the file has no case")
	}
	return own, nil
}

type agencyRehearse struct {
	target
	Role   string `help:"Role that Oversikt connects as, whose rights are rehearsed." default:"oversikt_app"`
	Schema string `help:"Schema that Oversikt reads." default:"oversikt"`
	Sample int    `help:"How many debtors the acts are tried with." default:"3"`

	Act      []string      `help:"Function to rehearse, once for each: all that the database offers unless given."`
	ViewTime time.Duration `help:"A view that takes longer is compared as far as those debtors go." default:"100ms"`
}

// Run rehearses the acts that the database offers.
func (c *agencyRehearse) Run(ctx context.Context) error {
	if c.Sample < 1 {
		return errors.New("--sample is at least 1")
	}
	if c.ViewTime < time.Millisecond {
		return errors.New("--view-time is at least 1ms")
	}
	conn, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	r, err := rehearse.Run(ctx, conn, rehearse.Options{Role: c.Role, Schema: c.Schema, Sample: c.Sample,
		Acts: c.Act, View: c.ViewTime})
	if err != nil {
		return err
	}
	if err := rehearse.WriteReport(os.Stdout, r); err != nil {
		return err
	}
	if len(r.Differences) > 0 {
		return errors.New("the acts do not keep the contract")
	}
	return nil
}

// exit is an error with the exit status that it ends in.
type exit struct {
	status int
	error
}

func (e exit) Unwrap() error { return e.error }

type agencyScaffold struct {
	target
	Role   string `help:"Role that Oversikt will connect as." default:"oversikt_app"`
	Schema string `help:"Schema that Oversikt will read." default:"oversikt"`
	Out    string `help:"File to write, which must not exist; standard output unless given." type:"path"`
}

// Run writes the draft.
func (c *agencyScaffold) Run(ctx context.Context) error {
	conn, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var draft bytes.Buffer
	if err := scaffold.Write(ctx, &draft, conn, scaffold.Options{Role: c.Role, Schema: c.Schema}); err != nil {
		return err
	}
	out := os.Stdout
	if c.Out != "" {
		if out, err = os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644); err != nil {
			return err
		}
	}
	_, err = draft.WriteTo(out)
	if err = errors.Join(err, out.Close()); err != nil && c.Out != "" {
		err = errors.Join(err, os.Remove(c.Out)) // half a draft, which would be in the way of the next
	}
	return err
}

type agencyWrappers struct {
	Schema string `help:"Schema that Oversikt reads; the rules are in the schema of that name with _rules." default:"oversikt"`
	Role   string `help:"Role that Oversikt connects as, which may call the functions." default:"oversikt_app"`
}

// Run prints the functions of acts.
func (c *agencyWrappers) Run() error {
	return wrapper.Write(os.Stdout, wrapper.Options{Schema: c.Schema, Role: c.Role})
}

type agencyDoc struct{}

// Run prints the contract for DBAs.
func (*agencyDoc) Run() error { return manual.WriteMarkdown(os.Stdout) }
