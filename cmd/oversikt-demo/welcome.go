package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/workshop/demo"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

func (c *commands) welcome(d *demo.Demo, o issuer.Options) error {
	first := o.People[0]
	token, err := issuer.Mint(o, first, 0, time.Now())
	if err != nil {
		return err
	}
	base := "http://" + c.Listen
	if c.Frontend != "" {
		fmt.Printf("\n  Frontend     %s/, from %s; its login is %[1]s/auth/login?returnTo=/\n", base, c.Frontend)
	}
	fmt.Printf("\nOversikt is running.\n\n  Playground   %s/playground\n  Endpoint     %s/graphql\n  Log in       %s%s\n  Letters      %s/dev/post\n\nPeople (all synthetic):\n\n", base, base, base, loginURL, base)
	all, err := c.listed()
	if err != nil {
		return err
	}
	if err := printPeople(all); err != nil {
		return err
	}
	fmt.Printf("\nThe password of every letter is %s.\n", people.Password)
	fmt.Printf(`
A token of %s, good for 12 hours:

%s

Ask for the overview:

curl -s %s/graphql -H 'Content-Type: application/json' \
  -H "Authorization: Bearer $(%s token %s)" \
  -d '{"query":"{ viewer { name overview { total { amount } openCaseCount complete nextCost { on amount { amount } } } } }"}'

As a case worker of an agency, look a person up with { staff { person(...) } }:

%[4]s token --staff CASE_WORKER --agency fjord

Make the agency lita slow, cut its line, mend it:

%[4]s line --latency 2s
%[4]s line --down
%[4]s line

Look into the databases, for instance with %[6]s agency check DSN:

`, first.Name, token, base, c.command(), first.NationalID, quoted(filepath.Join(filepath.Dir(os.Args[0]), "oversikt")))
	for _, a := range d.Agencies() {
		fmt.Printf("  %-10s %s\n", a.Code, d.DSN(a.Code))
	}
	fmt.Printf("\nCtrl-C stops everything; the data stays in %s.\n", c.Dir)
	return nil
}

// command is how this demo is spoken to from another terminal, which has none of the variables
// of this one: with the flags that are not as by default.
func (c *commands) command() string {
	command := quoted(os.Args[0])
	if dir, err := filepath.Abs(".oversikt"); err != nil || dir != c.Dir {
		command += " --dir=" + quoted(c.Dir)
	}
	if c.Listen != "127.0.0.1:8080" {
		command += " --listen=" + c.Listen
	}
	return command
}

var plain = regexp.MustCompile(`^[\w./:@%+=-]+$`)

// quoted is a word as a shell reads it.
func quoted(word string) string {
	if plain.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
