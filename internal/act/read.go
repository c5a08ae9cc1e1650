package act

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// List returns the acts that a caller may see of the person whose cases these are, the newest
// first, at most a thousand.
func (e *Engine) List(ctx context.Context, p caller.Principal) ([]*Record, error) {
	subjects := e.subjects(By{Principal: p})
	if subjects == nil {
		return nil, nil
	}
	all, err := e.store.list(ctx, subjects)
	if err != nil {
		return nil, fmt.Errorf("list acts: %w", err)
	}
	me := audit.ActorsOf(e.Secret, p)
	var seen []*Record
	for _, s := range all {
		if !e.hidden(s.Name) && s.visible(p, me) {
			seen = append(seen, &s.Record)
		}
	}
	return seen, nil
}

// ListOf returns the acts of a person whom staff has looked up, by what stands for them. They are of all agencies:
// compute with them, and show none.
func (e *Engine) ListOf(ctx context.Context, subjects [][]byte) ([]*Record, error) {
	all, err := e.store.list(ctx, subjects)
	if err != nil {
		return nil, fmt.Errorf("list acts: %w", err)
	}
	records := make([]*Record, len(all))
	for i, s := range all {
		records[i] = &s.Record
	}
	return records, nil
}

// hidden says whether an act of that name is the service's own.
func (e *Engine) hidden(name Name) bool {
	a := e.acts[name]
	return a != nil && a.Hidden
}

// Filter chooses acts; what is nil or empty chooses all.
type Filter struct {
	Names    []Name    `json:"names"`
	Statuses []Status  `json:"statuses"`
	CaseID   *debt.Key `json:"caseId"`
}

// Has says whether the filter chooses an act.
func (f *Filter) Has(r *Record) bool {
	if f == nil {
		return true
	}
	return (f.Names == nil || slices.Contains(f.Names, r.Name)) &&
		(f.Statuses == nil || slices.Contains(f.Statuses, r.Status)) &&
		(f.CaseID == nil || slices.Contains(r.Cases, *f.CaseID))
}

// AtAgency returns an act as the staff of an agency may see it: what it is about there and how far
// it is there, and nothing of other agencies. subject stands for the person whose act it must be.
// [agency.ErrNotFound] where there is no such act.
func (e *Engine) AtAgency(ctx context.Context, right caller.Lookup, id uuid.UUID) (r *Record, subject audit.Reference,
	err error) {
	s, err := e.store.(*database).first(ctx, pgx.NamedArgs{"id": id})
	if err != nil {
		return nil, subject, fmt.Errorf("find act: %w", err)
	}
	if s == nil || e.hidden(s.Name) {
		return nil, subject, agency.ErrNotFound
	}
	current, _ := e.Secret.Current(s.subject)
	copy(subject[:], current)
	at := s.Record
	at.Agencies, at.Cases, at.Kept, at.Summary = nil, nil, nil, nil
	for _, a := range s.Agencies {
		if a.Code == right.Agency() {
			at.Agencies = append(at.Agencies, a)
		}
	}
	for _, k := range s.Cases {
		if k.Agency == right.Agency() {
			at.Cases = append(at.Cases, k)
		}
	}
	if len(at.Agencies)+len(at.Cases) == 0 {
		return nil, subject, agency.ErrNotFound
	}
	if len(at.Agencies) > 0 {
		at.Status, at.EndedAt = at.Agencies[0].status()
	}
	return &at, subject, nil
}

// status says how far an act is as far as this agency goes, and when it ended there.
func (a Agency) status() (Status, *time.Time) {
	switch a.State {
	case PartDone:
		return Done, &a.ChangedAt
	case PartRefused:
		return Refused, &a.ChangedAt
	case PartWithdrawn:
		return Withdrawn, &a.ChangedAt
	}
	return Pending, nil
}
