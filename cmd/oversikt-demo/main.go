// Command oversikt-demo is Oversikt with everything around it that is somebody else's when it is
// in use: four agencies with synthetic people in an embedded PostgreSQL, an issuer that stands
// in for BankID, and the agencies' post. None of that is linked into the product's binary.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/workshop/demo"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// commands are the flags and the subcommands.
type commands struct {
	Dir    string `default:".oversikt" help:"Folder of the demo's databases and keys." type:"path" env:"OVERSIKT_DEMO_DIR"`
	Listen string `default:"127.0.0.1:8080" help:"Loopback address to serve on." env:"OVERSIKT_LISTEN"`

	Frontend string `help:"Address of a frontend's development server, such as http://127.0.0.1:5173, whose pages the demo serves too." env:"OVERSIKT_FRONTEND"`

	Deadline time.Duration `help:"How long an agency, or the service's own database, may take to answer." env:"OVERSIKT_DEMO_DEADLINE"`

	Run    runCommand    `cmd:"" default:"1" help:"Start everything (the default)."`
	People peopleCommand `cmd:"" help:"List people worth looking at."`
	Token  tokenCommand  `cmd:"" help:"Print a bearer token for a person."`
	Seed   seedCommand   `cmd:"" help:"Fill an empty agency database with synthetic people."`
	Line   lineCommand   `cmd:"" help:"Make the line to the agency lita slow, cut it, or mend it."`
	Clean  cleanCommand  `cmd:"" help:"Delete the demo's databases and keys, unless it runs."`
}

// checkListen refuses addresses that others can reach.
func (c *commands) checkListen() error {
	host, port, err := net.SplitHostPort(c.Listen)
	if ip := net.ParseIP(host); err != nil || port == "" || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("the demo vouches for anybody, so it listens on loopback only: %q is not such as 127.0.0.1:8080",
			c.Listen)
	}
	return nil
}

// issuer describes the demo's own BankID.
func (c *commands) issuer() (issuer.Options, error) {
	if err := c.checkListen(); err != nil {
		return issuer.Options{}, err
	}
	day, err := demo.Born(c.Dir)
	if err != nil {
		return issuer.Options{}, err
	}
	o := issuer.Options{IssuerURL: "http://" + c.Listen + "/dev/bankid", KeyFile: filepath.Join(c.Dir, "issuer.pem")}
	for _, p := range people.DemoPeople(day) {
		o.People = append(o.People, issuer.Person{
			NationalID: p.NationalID.Reveal(), Name: p.Name, Agencies: p.Agencies, OpenCases: p.OpenCases, Note: p.Note,
		})
	}
	return o, nil
}

// staffIssuer describes the issuer of the demo agencies' staff.
func (c *commands) staffIssuer() issuer.StaffOptions {
	o := issuer.StaffOptions{IssuerURL: "http://" + c.Listen + "/dev/staff", KeyFile: filepath.Join(c.Dir, "staff.pem")}
	for _, a := range people.Agencies() {
		o.Agencies = append(o.Agencies, a.Code)
	}
	return o
}

func main() {
	server.TuneMemory()
	var cli commands
	parser := kong.Must(&cli, kong.Name("oversikt-demo"), kong.UsageOnError(),
		kong.Description("Oversikt over four demo agencies, for developers."))
	run, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	// SIGHUP: the terminal is closed.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	run.BindTo(ctx, (*context.Context)(nil))
	err = run.Run()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "oversikt-demo:", err)
		os.Exit(1)
	}
}
