package attorney

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/norway"
)

// AtAgency returns the powers that a person has given and that cover something at the agency
// of a member of staff, in force or not, the newest first. Of each, it has the agency's part.
func (r *Register) AtAgency(ctx context.Context, right identity.Lookup, grantor norway.NationalID) ([]Power, error) {
	given, err := r.read(ctx, givenSQL, identity.Principal{NationalID: grantor}, pgx.NamedArgs{"id": nil, "key": nil})
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

// at returns an agency's part of a power; ok is false where it covers nothing there. What it
// covers elsewhere tells where else the person has cases.
func (p Power) at(code string) (part Power, ok bool) {
	part = p
	part.Agencies, part.Cases, part.Told = nil, nil, nil
	for _, a := range p.Agencies {
		if a == code {
			part.Agencies = []string{a}
		}
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
	DocumentInfo
	Grantor norway.NationalID // who has signed it
	Content []byte
}

// Document returns the document of a power to who has given it, and to staff who may look
// people up at an agency that it covers. To the attorney it is not shown: it has what is
// hidden from them elsewhere, such as the giver's whole number. One that is missing,
// another's or without a document is NOT_FOUND; who may see none at all is FORBIDDEN.
func (r *Register) Document(ctx context.Context, p identity.Principal, id uuid.UUID) (Document, error) {
	right, err := p.Lookup()
	if err != nil && !onOwnBehalf(p) {
		return Document{}, ErrNotYours
	}
	rows, failed := r.rows(ctx, documentSQL, p, pgx.NamedArgs{"id": id, "staff": err == nil})
	if failed != nil {
		return Document{}, failed
	}
	if len(rows) == 0 {
		return Document{}, agency.ErrNotFound
	}
	power, _, failed := r.open(rows[0])
	if failed != nil {
		return Document{}, failed
	}
	if _, covers := power.at(right.Agency()); err == nil && !covers {
		return Document{}, agency.ErrNotFound
	}
	content, failed := r.Secret.Unseal(rows[0].Document, boundDocument(id))
	if failed != nil {
		return Document{}, fmt.Errorf("open document of power of attorney %s: %w", id, failed)
	}
	return Document{power.Document, power.Grantor, content}, nil
}
