package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
)

type peopleCommand struct {
	JSON bool `help:"As JSON."`
}

// Run lists the demo people.
func (p *peopleCommand) Run(c *commands) error {
	o, err := c.issuer()
	if err != nil {
		return err
	}
	if !p.JSON {
		return printPeople(o.People)
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(o.People)
}

func printPeople(all []issuer.Person) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, p := range all {
		fmt.Fprintf(w, "  %s\t%s\t%d open\t%s\n", p.NationalID, p.Name, p.OpenCases, p.Note)
	}
	return w.Flush()
}

type tokenCommand struct {
	NationalID string `arg:"" optional:"" help:"National identity number of a demo person, see people."`
	Staff      string `enum:",CASE_WORKER,SUPERVISOR,AUDITOR" default:"" help:"In place of a person, a member of an agency's staff: CASE_WORKER, SUPERVISOR or AUDITOR."`
	Agency     string `help:"The agency where they work, such as fjord."`
}

// Run prints a token and nothing else.
func (t *tokenCommand) Run(c *commands) error {
	if (t.NationalID == "") != (t.Staff != "") || (t.Staff == "") != (t.Agency == "") {
		return errors.New("give either a national identity number, or --staff and --agency")
	}
	if t.Staff != "" {
		token, err := issuer.MintStaff(c.staffIssuer(), caller.Role(t.Staff), t.Agency, time.Now())
		if err == nil {
			fmt.Println(token)
		}
		return err
	}
	if _, err := norway.ParseNationalID(t.NationalID); err != nil {
		return err
	}
	o, err := c.issuer()
	if err != nil {
		return err
	}
	for _, p := range o.People {
		if p.NationalID == t.NationalID {
			token, err := issuer.Mint(o, p, 0, time.Now())
			fmt.Println(token)
			return err
		}
	}
	return errors.New("no demo person has this national identity number: see people")
}
