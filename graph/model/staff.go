package model

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// Staff is the member of staff who is logged in.
type Staff struct {
	Agency *debt.Agency
	Role   caller.Role
}

// StaffPerson is a person whom staff has looked up: the records at the one agency, and
// whose they are.
type StaffPerson struct {
	debt.Person
	Subject caller.Debtor
	Reason  string // that they were looked up for
}

// Overview sums the person's open cases at the one agency.
func (p *StaffPerson) Overview(asOf *norway.Date) (*debt.Overview, error) {
	return p.Person.Overview(asOf, nil)
}

// UnmarshalNationalID reads the scalar NationalId. Its errors do not repeat the value.
func UnmarshalNationalID(v any) (norway.NationalID, error) {
	digits, ok := v.(string)
	if !ok {
		return norway.NationalID{}, fault.New(fault.BadUserInput,
			"a national identity number is a string of eleven digits").Saying("input.NATIONAL_ID")
	}
	id, err := norway.ParseNationalID(digits)
	if err != nil {
		return norway.NationalID{}, fault.New(fault.BadUserInput, "%v", err).Saying("input.NATIONAL_ID")
	}
	return id, nil
}

// MarshalNationalID never runs, as the scalar is input alone; it would hide the number.
func MarshalNationalID(id norway.NationalID) graphql.Marshaler {
	return graphql.MarshalString(id.Masked())
}
