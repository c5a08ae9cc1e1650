// Package agency reaches the agencies: for each a pool of its own, a deadline and a
// circuit breaker, so that one that is slow or down costs its own data only.
package agency

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// Config is how to reach one agency.
type Config struct {
	Code     string        `yaml:"code" validate:"required,max=20,lowercase,alphanum"`
	Name     string        `yaml:"name" validate:"required,max=100"` // shown while the agency cannot be reached
	DSN      string        `yaml:"dsn" validate:"required"`
	Schema   string        `yaml:"schema" validate:"omitempty,max=63"`           // that has the contract; empty: oversikt
	Deadline time.Duration `yaml:"deadline" validate:"min=0,max=30s"`            // for one answer; 0: DefaultDeadline
	Grace    time.Duration `yaml:"grace" validate:"min=0,max=30s"`               // see DefaultGrace, which 0 is
	MaxConns int32         `yaml:"maxConns" validate:"omitempty,min=4,max=1000"` // 0: 16
	// Passwords is of the passwords that are hashed as they are printed; empty: none are.
	Passwords debt.PasswordForm `yaml:"passwords" validate:"omitempty,max=128,containsany=Aa*"`
	// ArchiveHosts are the hosts, with a port where it is not 443, that links to documents may lead to.
	ArchiveHosts []string `yaml:"archiveHosts" validate:"max=10,dive,hostname|hostname_port"`
	// Acts on collection, by which its cases are judged; nil: those that the law tables have.
	Acts debt.Acts `yaml:"-"`
}

// DefaultDeadline is how long one agency may take to answer.
const DefaultDeadline = 1500 * time.Millisecond

// Registry is all agencies that the service is connected to.
type Registry struct {
	agencies []*Agency
	byCode   map[string]*Agency
	clock    func() time.Time
	key      [32]byte // of who
}

// Open sets up the agencies without waiting for them: one that is down at the start is
// treated like one that goes down later. Faulty connection strings are errors.
func Open(configs []Config, clock func() time.Time, log *slog.Logger) (*Registry, error) {
	r := &Registry{byCode: map[string]*Agency{}, clock: clock, key: newKey()}
	if last := debt.LawReaches(); r.Today() > last {
		log.Warn("the table of the law's rates has ended: later rates of agencies are not compared with it", "last", last)
	}
	for _, c := range configs {
		a, err := open(c, clock, log)
		if err != nil {
			r.Close()
			return nil, fmt.Errorf("agency %s: %w", c.Code, err)
		}
		r.agencies = append(r.agencies, a)
		r.byCode[c.Code] = a
	}
	return r, nil
}

// Close closes all connections, in about the longest deadline at most.
func (r *Registry) Close() {
	var wg sync.WaitGroup
	for _, a := range r.agencies {
		wg.Go(a.close)
	}
	wg.Wait()
}

// Codes returns the codes of all agencies, in the configured order.
func (r *Registry) Codes() []string {
	codes := make([]string, len(r.agencies))
	for i, a := range r.agencies {
		codes[i] = a.facts.Code
	}
	return codes
}

// Today returns today's date in Norway.
func (r *Registry) Today() norway.Date { return norway.DateOf(r.clock()) }

// Now is the time at the agencies.
func (r *Registry) Now() time.Time { return r.clock() }

// Read asks every agency in scope at once for what is wanted of the records in scope.
// Parts has one element per agency in scope, in the configured order; errs has the reason
// of each one whose status is not OK, nil for the others. Nobody is asked for nothing, and
// nobody waits long for an agency that had nothing of the person a few minutes ago: see
// debt.Part.Presumed.
func (r *Registry) Read(ctx context.Context, scope caller.Scope, want debt.Relations) (parts []debt.Part,
	errs []error) {
	within := make([]*Agency, 0, len(r.agencies))
	for _, a := range r.agencies {
		if scope.Covers(a.facts.Code) {
			within = append(within, a)
		}
	}
	q := core.Query{Scope: scope, Want: want, Today: r.Today()}
	is, ok := r.of(scope)
	if !ok || want == 0 {
		return ask(ctx, within, q)
	}
	return r.askPerson(ctx, within, is, q)
}

// askPerson asks as ask does, and remembers who is a stranger where.
func (r *Registry) askPerson(ctx context.Context, within []*Agency, is who, q core.Query) (parts []debt.Part,
	errs []error) {
	at, known := r.clock(), make([]*Agency, 0, len(within))
	var beside []*reading // by the place in within; nil: one to wait for
	for i, a := range within {
		if !a.strangers.knows(is, q.Want, at) || q.Want.Has(debt.OfAgency) && a.lastFacts.Load() == nil {
			known = append(known, a)
			continue
		}
		if beside == nil {
			beside = make([]*reading, len(within))
		}
		beside[i] = a.beside(ctx, is, q, at)
	}
	parts, errs = ask(ctx, known, q)
	for i, a := range known {
		if parts[i].Status == debt.AgencyOK && q.Scope.Cases(a.facts.Code, nil) == nil {
			a.strangers.note(is, q.Want, &parts[i], at)
		}
	}
	if beside == nil {
		return parts, errs
	}
	all, why := make([]debt.Part, len(within)), make([]error, len(within))
	answered := time.Now()
	for i, a := range within {
		if beside[i] == nil {
			all[i], why[i] = parts[0], errs[0]
			parts, errs = parts[1:], errs[1:]
			continue
		}
		grace := time.NewTimer(a.grace - time.Since(answered))
		all[i], why[i] = a.takes(ctx, beside[i], grace.C)
		grace.Stop()
	}
	return all, why
}

// Describe tells what is wanted of every agency's public facts, as they were a few minutes ago
// at most where the agency answers. The results are those of Read. No person's records are
// read, whatever is wanted.
func (r *Registry) Describe(ctx context.Context, want debt.Relations) (parts []debt.Part, errs []error) {
	return each(r.agencies, core.Query{Want: want & debt.OfAgency, Today: r.Today()},
		func(a *Agency, q core.Query) (debt.Part, error) { return a.describe(ctx, q) })
}

func ask(ctx context.Context, agencies []*Agency, q core.Query) (parts []debt.Part, errs []error) {
	return each(agencies, q, func(a *Agency, q core.Query) (debt.Part, error) { return a.read(ctx, q) })
}

// each runs read for all agencies at once, unless nothing is wanted.
func each(agencies []*Agency, q core.Query, read func(*Agency, core.Query) (debt.Part, error)) (parts []debt.Part,
	errs []error) {
	parts, errs = make([]debt.Part, len(agencies)), make([]error, len(agencies))
	if len(agencies) == 0 {
		return parts, errs
	}
	if q.Want == 0 {
		for i, a := range agencies {
			parts[i] = debt.Part{Agency: new(a.facts), Status: debt.AgencyOK}
		}
		return parts, errs
	}
	var wg sync.WaitGroup
	for i, a := range agencies {
		ask := func() { parts[i], errs[i] = read(a, q) }
		if i == len(agencies)-1 {
			ask() // the last one needs no goroutine of its own
			break
		}
		wg.Go(ask)
	}
	wg.Wait()
	return parts, errs
}

// ReadCases asks one agency. cases are the keys of the only cases wanted; nil: all in scope.
// An agency that is not known or not in scope is NOT_FOUND.
func (r *Registry) ReadCases(ctx context.Context, code string, scope caller.Scope, want debt.Relations,
	cases []string) (debt.Part, error) {
	a, ok := r.byCode[code]
	if !ok || !scope.Covers(code) {
		return debt.Part{}, ErrNotFound
	}
	return a.read(ctx, core.Query{Scope: scope, Want: want, Cases: cases, Today: r.Today()})
}

// ErrNotFound is the one answer to an id that is missing, foreign or forbidden.
var ErrNotFound = fault.New(fault.NotFound, "there is no such object")

// Agency tells what is wanted of one agency's public facts, as Describe does. With an
// error, the facts are those that are known without its database. An agency that is not
// known is NOT_FOUND.
func (r *Registry) Agency(ctx context.Context, code string, want debt.Relations) (debt.Agency, error) {
	a, ok := r.byCode[code]
	if !ok {
		return debt.Agency{}, ErrNotFound
	}
	if want&debt.OfAgency == 0 {
		return a.facts, nil
	}
	part, err := a.describe(ctx, core.Query{Want: debt.OfAgency, Today: r.Today()})
	return *part.Agency, err
}

// FindDebtor returns whose case a number is at the agency of the look-up, zero where it has
// none of that number. An agency that does not answer is AGENCY_UNAVAILABLE.
func (r *Registry) FindDebtor(ctx context.Context, right caller.Lookup, caseNumber string) (d caller.Debtor,
	err error) {
	a, ok := r.byCode[right.Agency()]
	if !ok {
		return d, nil
	}
	_, err = a.guard(ctx, repeatable, func(ctx context.Context) error {
		return a.find(ctx, func(ctx context.Context, conn core.Querier) (err error) {
			d, err = core.FindDebtor(ctx, conn, a.facts, right, caseNumber)
			return err
		})
	})
	return d, err
}

// CaseOf returns which case a number is at an agency, and whose, for the access log alone: who asks
// may not get to know it. The key has no id where there is no such agency or case. An agency that
// does not answer is AGENCY_UNAVAILABLE.
func (r *Registry) CaseOf(ctx context.Context, code, caseNumber string) (key caller.CaseKey, debtor norway.NationalID,
	err error) {
	a, ok := r.byCode[code]
	if !ok {
		return key, debtor, nil
	}
	key.Agency = code
	_, err = a.guard(ctx, repeatable, func(ctx context.Context) error {
		return a.find(ctx, func(ctx context.Context, conn core.Querier) (err error) {
			key.ID, debtor, err = core.CaseOf(ctx, conn, caseNumber)
			return err
		})
	})
	return key, debtor, err
}

// CaseStatus returns whether a case is open; empty when the agency has none of that
// number, is not known, or does not answer.
func (r *Registry) CaseStatus(ctx context.Context, code, caseNumber string) (status debt.CaseStatus) {
	a, ok := r.byCode[code]
	if !ok {
		return ""
	}
	_, _ = a.guard(ctx, repeatable, func(ctx context.Context) error {
		conn, release, err := a.connect(ctx, false)
		if err != nil {
			return err
		}
		defer release()
		ctx, cancel := lasting(ctx)
		defer cancel()
		status, err = core.CaseStatus(ctx, a.kept.Load().On(conn), caseNumber)
		return err
	})
	return status
}

// statusOf tells how an agency failed from the error of a read.
func statusOf(err error) debt.AgencyStatus {
	if errors.Is(err, context.DeadlineExceeded) {
		return debt.AgencyTimeout
	}
	return debt.AgencyUnavailable
}
