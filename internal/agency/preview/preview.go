// Package preview shows what some of an agency's debtors would see, by the reads and the
// reckoning that serve them, and compares balances with the core's own.
package preview

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/sample"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Options says what is shown.
type Options struct {
	Role    string        // that Oversikt connects as, spec.DefaultRole unless given
	Schema  string        // that holds the contract, spec.Schema unless given
	Sample  int           // debtors that are shown, DefaultSample unless given
	Timeout time.Duration // of each read, sample.DefaultTimeout unless given
	Today   norway.Date   // the day of the balances
	Cases   []string      // keys of cases whose debtors are taken in place of a sample, all of them
}

// DefaultSample is how many debtors are shown unless the options say.
const DefaultSample = 20

// Preview is what debtors would see, and what every case of theirs comes to.
type Preview struct {
	Today   norway.Date
	Persons []Person
	Figures []Figure  // of the open cases of all whom it looked at
	LeftOut []LeftOut // what no debtor is shown
	Unread  int       // debtors that cannot be read
	looked  int       // debtors
	closed  map[string]bool
}

// Person is one debtor: nothing here tells who it is but the agency's own keys.
type Person struct {
	Overview *debt.Overview
	Cases    []Reckoning
}

// Reckoning is a case with the lines that its balance is the sum of.
type Reckoning struct {
	*debt.Case
	debt.Balance
	Lines []debt.BalanceLine
}

// Figure is what a case comes to.
type Figure struct {
	Case string // the agency's key
	debt.Balance
}

// LeftOut is a case, or a debtor, that is not shown.
type LeftOut struct{ What, Why string }

const wanted = debt.OfAgency | debt.OfDebtors | debt.OfCreditors | debt.OfNextDue | debt.OfNextCost

// Run looks at a database as it serves debtors, in one snapshot, and changes nothing.
func Run(ctx context.Context, conn *pgx.Conn, o Options) (*Preview, error) {
	o.Sample = cmp.Or(o.Sample, DefaultSample)
	v, err := sample.Open(ctx, conn, sample.Options{Role: o.Role, Schema: o.Schema, Timeout: o.Timeout})
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	defer func() { _ = v.Rollback(context.WithoutCancel(ctx)) }() // it has changed nothing
	var scopes []caller.Scope
	if o.Cases != nil {
		scopes, err = v.Of(ctx, o.Cases)
	} else {
		scopes, err = v.Persons(ctx, o.Sample)
	}
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	if len(scopes) == 0 {
		return nil, errors.New("preview: no debtor with a national identity number has such a case: nothing can be shown")
	}
	p := &Preview{Today: o.Today, closed: map[string]bool{}}
	for _, scope := range scopes {
		if err := p.add(ctx, v, scope, o.Sample); err != nil {
			return nil, fmt.Errorf("preview: %w", err)
		}
	}
	return p, nil
}

// add looks at a debtor, who is shown if fewer than most are.
func (p *Preview) add(ctx context.Context, v *sample.View, scope caller.Scope, most int) error {
	p.looked++
	part, err := v.Try(ctx, scope, wanted, p.Today)
	if ctx.Err() != nil || v.Conn().IsClosed() {
		return err
	}
	if err != nil {
		p.Unread++
		p.LeftOut = append(p.LeftOut, LeftOut{fmt.Sprintf("debtor %d", p.looked), fmt.Sprintf("cannot be read: %v", err)})
		return nil
	}
	shown := debt.Person{Today: p.Today, Parts: []debt.Part{*part}}
	overview, err := shown.Overview(nil, nil)
	if err != nil {
		return err
	}
	person := Person{Overview: overview}
	for _, x := range part.Cases {
		b := x.BalanceOn(p.Today)
		switch {
		case x.Status != debt.Open:
			p.leave(x.ID, "it is closed, and nothing is demanded")
			p.closed[x.ID.ID] = true
			continue
		case x.OpenedOn > p.Today:
			p.leave(x.ID, "it is opened later than today")
			continue
		}
		p.Figures = append(p.Figures, Figure{x.ID.ID, b})
		if len(p.Persons) < most {
			person.Cases = append(person.Cases, Reckoning{x, b, b.Lines()})
		}
	}
	for _, w := range part.Withheld {
		what := "a row of " + w.Relation
		if w.ID != nil {
			what = "case " + w.ID.ID
		}
		p.LeftOut = append(p.LeftOut, LeftOut{what, fmt.Sprintf("%s.%s: %s", w.Relation, w.Column, w.Cause)})
	}
	if len(p.Persons) < most {
		p.Persons = append(p.Persons, person)
	}
	return nil
}

func (p *Preview) leave(key debt.Key, why string) {
	p.LeftOut = append(p.LeftOut, LeftOut{"case " + key.ID, why})
}
