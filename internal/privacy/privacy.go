// Package privacy lets people use their rights to their personal data: see it, download it,
// and ask, demand or complain. It gathers what the agencies and the portal's own database have
// about the caller, and about nobody else.
package privacy

import (
	"context"
	"log/slog"
	"time"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

// Options is what the service needs.
type Options struct {
	Agencies *agency.Registry
	Portal   *portal.DB // as portal.Role
	Secret   *portal.Secret
	Powers   *attorney.Register
	// Acts returns what a person has asked for: [act.Engine.List].
	Acts  func(ctx context.Context, p caller.Principal) ([]*act.Record, error)
	Clock func() time.Time
	Log   *slog.Logger
	// Allow says whether a person, by their reference, may have an archive made now.
	Allow func(reference []byte) bool
	// Record writes into the access log that a person downloads their archive, and which
	// agencies have something about them. Its error withholds the archive.
	Record func(ctx context.Context, p caller.Principal, agencies []string) error
}

// Service answers what people demand.
type Service struct {
	o     Options
	store store
}

// New returns a service.
func New(o Options) *Service { return &Service{o, store{o.Portal, o.Secret}} }

// Register returns what is registered about the caller. parts is what the agencies answered,
// read with debt.OfAll. With an error, the portal's part is missing. Everybody but a person on
// their own behalf gets FORBIDDEN and no register.
func (s *Service) Register(ctx context.Context, p caller.Principal, parts []debt.Part) (*personaldata.Register, error) {
	if err := onOwnBehalf(p); err != nil {
		return nil, err
	}
	own, err := s.store.everything(ctx, s.o.Secret.References(p.NationalID))
	if err == nil {
		if own.Powers, err = s.powers(ctx, p); err != nil {
			own = nil
		}
	}
	if err == nil {
		if own.Budgets, err = s.budgets(ctx, p); err != nil {
			own = nil
		}
	}
	if err == nil {
		if own.Files, err = s.files(ctx, p); err != nil {
			own = nil
		}
	}
	if err == nil {
		if err = s.acts(ctx, p, own); err != nil {
			own = nil
		}
	}
	return personaldata.Gather(s.o.Clock(), parts, own), err
}

// powers returns the powers of attorney that the portal has, including those that no agency has
// registered. For a power that the person holds, it leaves out what belongs to the giver (art.
// 15(4)).
func (s *Service) powers(ctx context.Context, p caller.Principal) ([]personaldata.Power, error) {
	found, err := s.o.Powers.Registered(ctx, p)
	if err != nil {
		return nil, err
	}
	all := make([]personaldata.Power, len(found))
	for i, a := range found {
		one := personaldata.Power{
			GivenAt: a.CreatedAt, Held: a.Grantor != p.NationalID, AttorneyName: a.Name, MayAct: a.MayAct,
			ValidFrom: a.From, ValidTo: a.Until, RevokedAt: a.RevokedAt,
			Signed: personaldata.PowerOfAttorneySigning(a.Signed),
		}
		if a.OrgNumber != "" {
			one.OrgNumber = &a.OrgNumber
		}
		if a.Document.Size > 0 {
			one.DocumentType, one.DocumentSize = new(a.Document.MediaType.ContentType()), &a.Document.Size
		}
		if !one.Held {
			one.AllCases, one.Agencies = a.CoversAll, a.Agencies
			for _, c := range a.Cases {
				one.Cases = append(one.Cases, debt.Key{Kind: debt.KindCase, Agency: c.Agency, ID: c.ID})
			}
		}
		all[i] = one
	}
	return all, nil
}

// onOwnBehalf refuses everybody but a person on their own behalf: an attorney, the holder of a
// letter and staff do not get what is registered about somebody.
func onOwnBehalf(p caller.Principal) error {
	if !p.OnOwnBehalf() {
		return fault.New(fault.Forbidden, "this is for the person alone, logged in with BankID").Saying("error.OWN_BEHALF")
	}
	return nil
}

// Archive returns everything that is registered about the caller as a ZIP archive. It names an
// agency that does not answer. It is FORBIDDEN to everybody but a person on their own behalf,
// RATE_LIMITED after too many, and withheld unless it is recorded.
func (s *Service) Archive(ctx context.Context, p caller.Principal, language *debt.Language) ([]byte, error) {
	if err := onOwnBehalf(p); err != nil {
		return nil, err
	}
	if !s.o.Allow(s.o.Secret.Reference(p.NationalID)) {
		return nil, fault.New(fault.RateLimited, "you have just had archives made: wait a minute")
	}
	parts, errs := s.o.Agencies.Read(ctx, p.Scope(), debt.OfAll)
	r, err := s.Register(ctx, p, parts)
	for _, err := range append(errs, err) {
		if err != nil {
			s.o.Log.WarnContext(ctx, "a source is missing in an archive of personal data", "cause", err)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	who := debt.Person{Name: p.Name}
	who.NameFrom(parts)
	content, err := r.Archive(personaldata.Person{Name: who.Name, NationalID: p.NationalID}, language)
	if err != nil {
		return nil, err
	}
	if err := s.o.Record(ctx, p, knownAt(parts)); err != nil {
		return nil, err
	}
	return content, nil
}

// knownAt returns the codes of the agencies that have something on the person.
func knownAt(parts []debt.Part) (codes []string) {
	for _, part := range parts {
		if len(part.Debtors)+len(part.PowersOfAttorney) > 0 {
			codes = append(codes, part.Agency.Code)
		}
	}
	return codes
}
