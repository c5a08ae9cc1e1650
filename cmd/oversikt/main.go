// Command oversikt is the GraphQL backend-for-frontend for debt-collection
// self-service: the server, and the tools of its operators and of an agency's DBA. Its demo is
// cmd/oversikt-demo.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/oversikt/oversikt/cmd/internal/service"
	"github.com/oversikt/oversikt/internal/server"
)

type commands struct {
	Version kong.VersionFlag `help:"Say which program this is, and end."`

	Serve     serveCommand     `cmd:"" help:"Serve with a configuration file."`
	Ready     readyCommand     `cmd:"" help:"Ask a running service whether it is ready, for health checks; exit status 1 when not."`
	Agency    agencyCommand    `cmd:"" help:"For an agency's DBA: install, check and describe the contract."`
	Documents documentsCommand `cmd:"" help:"Print the manifest of GraphQL documents, for the safelist."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the portal database up to date."`
	Privacy   privacyCommand   `cmd:"" help:"For the portal's operators: what people ask about their personal data."`
	AccessLog accessLogCommand `cmd:"" help:"For the portal's operators: whether the access log is whole."`
	Reseal    resealCommand    `cmd:"" help:"Give what is in the portal database the first of the listed keys."`
	Retain    retainCommand    `cmd:"" help:"Delete now what the retention schedule no longer keeps in the portal database."`
	Solve     solveCommand     `cmd:"" help:"Read a payment-solution instance in JSON from standard input and print the plan."`
}

func main() {
	server.TuneMemory()
	var cli commands
	parser := kong.Must(&cli, kong.Name("oversikt"), kong.UsageOnError(), kong.Exit(usage),
		kong.Vars{"version": "oversikt " + service.Version()},
		kong.Description("One GraphQL schema over the core databases of many collection agencies."))
	run, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	run.BindTo(ctx, (*context.Context)(nil))
	err = run.Run()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "oversikt:", err)
		if e, ok := errors.AsType[exit](err); ok {
			os.Exit(e.status)
		}
		os.Exit(1)
	}
}

// usage ends the program: 2 says that it was called wrongly.
func usage(status int) {
	if status != 0 {
		status = 2
	}
	os.Exit(status)
}
