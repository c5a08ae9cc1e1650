// Package contracttest is the conformance suite of the contract: what every database
// that holds the synthetic people of internal/workshop/demo/people must answer, whatever its own
// tables look like. It runs on each demo agency, and on a core with all that makes a mapping hard.
package contracttest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// Core is a database to be tested.
type Core struct {
	DB        *pgtest.DB
	Agency    string // its code in package people
	Generator *people.Generator
	People    int         // how many of the generator's people were loaded
	Today     norway.Date // the day that they were generated for

	// CaseKey is the key of a case in a core with keys of its own; nil: they are the generator's.
	CaseKey func(*people.Case) string

	// Touch is SQL for the owner that adds one øre to a payment and to one of its
	// allocations, for all payments of the person whose national identity number is $1.
	Touch []string

	Happen Happenings

	Again bool // its acts are those of another core: what takes long is tried there

	taken      map[int]bool                      // people that a test of acts has changed
	powersHeld map[string][]debt.PowerOfAttorney // by the attorney's number
}

// everything is all relations.
const everything = ^debt.Relations(0)

// connect opens a connection as Oversikt does.
func (c *Core) connect(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.DB.RoleDSN(spec.DefaultRole))
	if err != nil {
		t.Fatalf("connect as %s: %v", spec.DefaultRole, err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	if _, err := core.Warm(t.Context(), conn, debt.Agency{}, spec.Schema); err != nil {
		t.Fatalf("prepare the reads: %v", err)
	}
	return conn
}

// facts is what is known of the agency without its database.
func (c *Core) facts() debt.Agency {
	a, err := people.AgencyOf(c.Agency)
	if err != nil {
		panic(err) // the tests name agencies of package people
	}
	return debt.Agency{ID: debt.Key{Kind: debt.KindAgency, Agency: c.Agency}, Code: c.Agency, Name: a.Name}
}

func (c *Core) read(t *testing.T, conn core.Conn, q core.Query) *debt.Part {
	t.Helper()
	q.Today = c.Today
	part, err := core.Read(t.Context(), conn, c.facts(), q)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return part
}

func scopeOf(p *people.Person) caller.Scope {
	return caller.Principal{Kind: caller.Person, NationalID: p.NationalID}.Scope()
}

// debtors calls f for everybody whom the agency knows by national identity number.
func (c *Core) debtors(f func(*people.Person, *people.Debtor)) {
	for i := range c.People {
		p := c.Generator.Person(i)
		for k := range p.Debtors {
			if d := &p.Debtors[k]; d.Agency.Code == c.Agency && d.Identified && !p.NationalID.IsZero() {
				f(&p, d)
			}
		}
	}
}
