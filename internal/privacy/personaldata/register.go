// Package personaldata turns records into what the General Data Protection Regulation asks
// for: a register of what every agency and the portal keep about a person, why, on which
// legal basis and for how long, and an archive of all of it for the person to download. It
// uses no database, no GraphQL and no clock.
package personaldata

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt"
)

// Register is what is registered on one person (GDPR art. 15).
type Register struct {
	GeneratedAt time.Time
	Sources     []Source  // the agencies that answered, and the portal
	Missing     []Missing // those that did not

	language debt.Language // when none is asked for
}

// Source is one controller that keeps personal data.
type Source struct {
	Kind       SourceKind
	Agency     *debt.Agency // nil: the portal
	Name       string
	Debtors    []*debt.Debtor
	Cases      []*debt.Case
	Categories []Category // those with a record at least

	part   *debt.Part
	portal *Portal
}

// SourceKind says whether a source is an agency or the portal.
type SourceKind string

// The sources.
const (
	FromAgency SourceKind = "AGENCY"
	FromPortal SourceKind = "PORTAL"
)

// Missing is a source that did not answer.
type Missing struct {
	Kind   SourceKind
	Agency *debt.Agency // nil: the portal
	Name   string
}

// PortalName is what the portal is called as a controller.
const PortalName = "Oversikt"

// Gather makes the register from the answers of the agencies and the portal. portal is nil when
// its database did not answer.
func Gather(at time.Time, parts []debt.Part, portal *Portal) *Register {
	l := languageOf(parts)
	r := &Register{GeneratedAt: at, language: l}
	for i := range parts {
		p := &parts[i]
		if p.Status != debt.AgencyOK {
			r.Missing = append(r.Missing, Missing{FromAgency, p.Agency, p.Agency.Name})
			continue
		}
		if len(p.Withheld) > 0 { // it has told a part of it
			r.Missing = append(r.Missing, Missing{FromAgency, p.Agency, p.Agency.Name})
		}
		r.Sources = append(r.Sources, Source{
			Kind: FromAgency, Agency: p.Agency, Name: p.Agency.Name, Debtors: p.Debtors, Cases: p.Cases,
			Categories: categoriesOf(agencyCategories, func(k *kind) int { return k.ofAgency(p) }, nil, l), part: p,
		})
	}
	if portal == nil {
		r.Missing = append(r.Missing, Missing{FromPortal, nil, PortalName})
		return r
	}
	r.Sources = append(r.Sources, Source{
		Kind: FromPortal, Name: PortalName,
		Categories: categoriesOf(portalCategories, func(k *kind) int { return k.ofPortal(portal) }, portal.Days, l),
		portal:     portal,
	})
	return r
}

// Complete says whether every source answered, with all that it has.
func (r *Register) Complete() bool { return len(r.Missing) == 0 }

// languageOf returns the language that an agency writes to the person in, else bokmål.
func languageOf(parts []debt.Part) debt.Language {
	for _, p := range parts {
		for _, d := range p.Debtors {
			return d.Language
		}
	}
	return debt.Bokmal
}
