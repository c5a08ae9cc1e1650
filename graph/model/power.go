package model

import (
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/debt"
)

// NewPowerOfAttorney shows a power to its giver; parts have the agencies.
func NewPowerOfAttorney(p attorney.Power, parts []debt.Part) PowerOfAttorney {
	shown := PowerOfAttorney{
		ID: attorney.GlobalID(p.ID), Status: p.Status(), Limits: limitsOf(p, parts), SignedWith: p.Signed,
		Attorney: Attorney{Name: p.Name, NationalID: orNil(p.Attorney.Masked()), OrgNumber: orNil(p.OrgNumber)},
		GivenAt:  p.CreatedAt, RevokedAt: p.RevokedAt, Agencies: []PowerOfAttorneyAgency{},
	}
	if p.Signed == attorney.SignedWithDocument {
		shown.Document = &p.Document
	}
	for _, part := range parts {
		for _, told := range p.Told {
			if told.Agency == part.Agency.Code {
				shown.Agencies = append(shown.Agencies, PowerOfAttorneyAgency{Agency: *part.Agency, Status: told.Knowledge})
			}
		}
	}
	return shown
}

// NewReceivedPowerOfAttorney shows a power to its attorney.
func NewReceivedPowerOfAttorney(p attorney.Power, parts []debt.Part) ReceivedPowerOfAttorney {
	return ReceivedPowerOfAttorney{
		ID: attorney.GlobalID(p.ID), GrantorName: orNil(p.GrantorName), GrantorNationalID: p.Grantor.Masked(),
		OrgNumber: orNil(p.OrgNumber), Limits: limitsOf(p, parts),
	}
}

// NewStaffPowerOfAttorney shows a power to staff of an agency that it covers: the agency's
// part of it.
func NewStaffPowerOfAttorney(p attorney.Power) StaffPowerOfAttorney {
	shown := StaffPowerOfAttorney{
		ID: attorney.GlobalID(p.ID), Status: p.Status(), AllCases: p.CoversAll || len(p.Agencies) > 0, CaseIds: []debt.Key{},
		MayAct: p.MayAct, ValidFrom: p.From, ValidUntil: p.Until, SignedWith: p.Signed, GivenAt: p.CreatedAt,
		RevokedAt: p.RevokedAt,
		Attorney:  Attorney{Name: p.Name, NationalID: orNil(p.Attorney.Masked()), OrgNumber: orNil(p.OrgNumber)},
	}
	for _, c := range p.Cases {
		shown.CaseIds = append(shown.CaseIds, debt.Key{Kind: debt.KindCase, Agency: c.Agency, ID: c.ID})
	}
	if p.Signed == attorney.SignedWithDocument {
		shown.Document = &p.Document
	}
	return shown
}

func limitsOf(p attorney.Power, parts []debt.Part) PowerOfAttorneyLimits {
	l := PowerOfAttorneyLimits{
		CoversAll: p.CoversAll, MayAct: p.MayAct, ValidFrom: p.From, ValidUntil: p.Until,
		Agencies: []debt.Agency{}, CaseIds: []debt.Key{},
	}
	for _, part := range parts {
		for _, code := range p.Agencies {
			if code == part.Agency.Code {
				l.Agencies = append(l.Agencies, *part.Agency)
			}
		}
	}
	for _, c := range p.Cases {
		l.CaseIds = append(l.CaseIds, debt.Key{Kind: debt.KindCase, Agency: c.Agency, ID: c.ID})
	}
	return l
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
