package main

import (
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/oversikt/oversikt/internal/workshop/demo"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

type peopleCommand struct {
	JSON bool `help:"As JSON."`
}

// listed is somebody worth looking at. Who has no national identity number has a letter.
type listed struct {
	issuer.Person
	Letter *letter `json:"letter,omitempty"`
}

// letter is what stands in one.
type letter struct {
	Agency     string `json:"agency"` // code
	CaseNumber string `json:"caseNumber"`
	Password   string `json:"password"`
}

// listed returns those who log in with BankID, and then those who have nothing but a letter.
func (c *commands) listed() ([]listed, error) {
	o, err := c.issuer()
	if err != nil {
		return nil, err
	}
	day, err := demo.Born(c.Dir)
	if err != nil {
		return nil, err
	}
	var all []listed
	for _, p := range o.People {
		all = append(all, listed{Person: p})
	}
	for _, b := range people.New(demo.Seed, day).ByLetter(demo.Debtors) {
		note := "A person without a national identity number at this agency"
		if b.Company {
			note = "A company, which has no national identity number"
		}
		all = append(all, listed{
			issuer.Person{Name: b.Name, Agencies: []string{b.Agency}, OpenCases: b.OpenCases,
				Note: note + ": logs in with this letter, and sees this one case."},
			&letter{b.Agency, b.CaseNumber, people.Password},
		})
	}
	return all, nil
}

// Run lists the demo people.
func (p *peopleCommand) Run(c *commands) error {
	all, err := c.listed()
	if err != nil {
		return err
	}
	if !p.JSON {
		return printPeople(all)
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(all)
}

func printPeople(all []listed) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, p := range all {
		by := p.NationalID
		if p.Letter != nil {
			by = p.Letter.Agency + " " + p.Letter.CaseNumber
		}
		fmt.Fprintf(w, "  %s\t%s\t%d open\t%s\n", by, p.Name, p.OpenCases, p.Note)
	}
	return w.Flush()
}
