package resolvers

import (
	"context"
	"net/http"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// Acting returns a context in which the caller acts under the power of attorney that
// attorney.Header names; without that header it is ctx, at no cost. A header that is not
// the id of one of the caller's powers in force gives caller.ErrNoAuthority. Without a login
// it gives caller.ErrUnauthenticated.
func (r *Resolver) Acting(ctx context.Context, h http.Header) (context.Context, error) {
	named := h[attorney.Header]
	if named == nil {
		return ctx, nil
	}
	p, ok := caller.FromContext(ctx)
	if !ok {
		return ctx, caller.ErrUnauthenticated
	}
	if len(named) != 1 {
		return ctx, caller.ErrNoAuthority
	}
	key, err := r.IDs.Open(named[0])
	id, ok := attorney.OfGlobalID(key)
	if err != nil || !ok {
		return ctx, caller.ErrNoAuthority
	}
	if p, err = r.Powers.Act(ctx, p, id); err != nil {
		return ctx, err
	}
	return caller.NewContext(ctx, p), nil
}

// PowerDocument returns the document that a power of attorney was signed on, by its global
// id, to a caller who may see it. The look is recorded first. Staff give a reason.
func (r *Resolver) PowerDocument(ctx context.Context, id, reason string) (attorney.Document, error) {
	p, err := caller.Require(ctx)
	if err != nil {
		return attorney.Document{}, err
	}
	if p.Kind == caller.Staff {
		if reason, err = reasonOf(reason, "reason"); err != nil {
			return attorney.Document{}, err
		}
		if err := r.countReveal(ctx, p); err != nil {
			return attorney.Document{}, err
		}
	}
	key, err := r.IDs.Open(id)
	if err != nil {
		return attorney.Document{}, err
	}
	power, ok := attorney.OfGlobalID(key)
	if !ok {
		return attorney.Document{}, agency.ErrNotFound
	}
	document, refused := r.Powers.Document(ctx, p, power)
	outcome := audit.OK
	switch code := fault.Of(refused).Code; {
	case refused == nil:
	case code == fault.NotFound || code == fault.Forbidden:
		outcome = audit.Denied
	default:
		return attorney.Document{}, refused
	}
	if err := r.Recorder.File(ctx, p, "powerOfAttorneyDocument", document.Grantor, reason, outcome); err != nil {
		return attorney.Document{}, err
	}
	return document, refused
}

// given returns the power of attorney that an act is about.
func (r *Resolver) given(ctx context.Context, done model.Outcome) (*model.PowerOfAttorney, error) {
	if done.Record == nil {
		return nil, nil
	}
	p, err := caller.Require(ctx)
	if err != nil {
		return nil, err
	}
	power, err := r.Powers.OfAct(ctx, p, done.Record.ID)
	if err != nil {
		return nil, err
	}
	return new(model.NewPowerOfAttorney(power, done.Parts)), nil
}
