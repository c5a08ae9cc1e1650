package attorney

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document"
)

// AtAgency returns the powers that a person has given and that cover something at the agency
// of a member of staff, in force or not, the newest first. Of each, it has the agency's part.
func (r *Register) AtAgency(ctx context.Context, right caller.Lookup, grantor norway.NationalID) ([]Power, error) {
	given, err := r.read(ctx, givenSQL, caller.Principal{NationalID: grantor}, pgx.NamedArgs{"id": nil, "act": nil})
	if err != nil {
		return nil, err
	}
	var covering []Power
	for _, p := range given {
		if part, ok := p.at(right.Agency()); ok {
			covering = append(covering, part)
		}
	}
	return covering, nil
}

// FindAtAgency returns a power that covers something at the agency of a member of staff, in
// force or not: the agency's part of it. Any other is NOT_FOUND.
func (r *Register) FindAtAgency(ctx context.Context, right caller.Lookup, id uuid.UUID) (Power, error) {
	found, err := r.read(ctx, atAgencySQL, caller.Principal{}, pgx.NamedArgs{"id": id})
	if err != nil {
		return Power{}, err
	}
	if len(found) > 0 {
		if part, ok := found[0].at(right.Agency()); ok {
			return part, nil
		}
	}
	return Power{}, agency.ErrNotFound
}

// covers says whether a power covers anything at an agency.
func (p Power) covers(code string) bool {
	_, ok := p.at(code)
	return ok
}

// at returns an agency's part of a power; ok is false where it covers nothing there. The rest
// is left out: it tells where else the person has cases.
func (p Power) at(code string) (part Power, ok bool) {
	part = p
	part.Agencies, part.Cases, part.Told = nil, nil, nil
	if slices.Contains(p.Agencies, code) {
		part.Agencies = []string{code}
	}
	for _, c := range p.Cases {
		if c.Agency == code {
			part.Cases = append(part.Cases, c)
		}
	}
	return part, code != "" && (p.CoversAll || len(part.Agencies)+len(part.Cases) > 0)
}

// Document is what a power was signed on.
type Document struct {
	document.Info
	Grantor norway.NationalID // who has signed it
	Content []byte
}

// Document returns the document of a power to whoever gave it, and to staff who may look
// people up at an agency that it covers. The attorney never gets it: it may show what is
// hidden from them elsewhere, such as the giver's whole number. A power that is missing,
// another's or without a document is NOT_FOUND, with the Grantor alone where staff of another
// agency asked; a caller who may see none is FORBIDDEN.
func (r *Register) Document(ctx context.Context, p caller.Principal, id uuid.UUID) (Document, error) {
	right, noStaff := p.Lookup()
	isStaff := noStaff == nil
	if !isStaff && !p.OnOwnBehalf() {
		return Document{}, ErrNotYours
	}
	rows, err := r.rows(ctx, documentSQL, p, pgx.NamedArgs{"id": id, "staff": isStaff})
	if err != nil {
		return Document{}, err
	}
	if len(rows) == 0 {
		return Document{}, agency.ErrNotFound
	}
	power, err := r.open(rows[0])
	if err != nil {
		return Document{}, err
	}
	if isStaff && !power.covers(right.Agency()) {
		return Document{Grantor: power.Grantor}, agency.ErrNotFound
	}
	content, err := r.Secret.Unseal(rows[0].Document, boundDocument(id))
	if err != nil {
		return Document{}, fmt.Errorf("open document of power of attorney %s: %w", id, err)
	}
	return Document{power.Document, power.Grantor, content}, nil
}
