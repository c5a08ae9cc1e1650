package token

import (
	"errors"
	"slices"

	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/oversikt/oversikt/internal/caller"
)

// StaffConfig says where the tokens of an issuer for agencies' staff carry what they may do.
type StaffConfig struct {
	// RoleClaim names the claim with the role: a string, or a list in which exactly one
	// is known to Roles.
	RoleClaim string `yaml:"roleClaim" validate:"required"`
	// AgencyClaim names the claim with the code of the agency that they work at.
	AgencyClaim string `yaml:"agencyClaim" validate:"required"`
	// Roles are the roles by the value of the claim.
	Roles map[string]caller.Role `yaml:"roles" validate:"required,min=1,dive,keys,required,endkeys,oneof=CASE_WORKER SUPERVISOR AUDITOR"`
	// Agencies are the codes that the agency claim may hold: those of the configured
	// agencies. They are filled in by the program, never by the file.
	Agencies []string `yaml:"-"`
}

// faults returns every fault of s.
func (s *StaffConfig) faults() []error {
	var all []error
	if s.RoleClaim == "" {
		all = append(all, errors.New("staff.roleClaim is missing"))
	}
	if s.AgencyClaim == "" {
		all = append(all, errors.New("staff.agencyClaim is missing"))
	}
	if len(s.Roles) == 0 {
		all = append(all, errors.New("staff.roles is empty"))
	}
	for value, role := range s.Roles {
		if value == "" || role != caller.CaseWorker && role != caller.Supervisor && role != caller.Auditor {
			all = append(all, errors.New("staff.roles has an empty value, or a role that is none"))
		}
	}
	if len(s.Agencies) == 0 || slices.Contains(s.Agencies, "") {
		all = append(all, errors.New("staff: no agency that they could work at"))
	}
	return all
}

// staff makes the Principal of a token whose signature, times and assurance level are good.
func (i *issuer) staff(standard jwt.Claims, all map[string]any) (caller.Principal, error) {
	role, ok := i.Staff.role(all[i.Staff.RoleClaim])
	if !ok {
		return caller.Principal{}, refuse(reasonRole)
	}
	agency, _ := all[i.Staff.AgencyClaim].(string)
	if !slices.Contains(i.Staff.Agencies, agency) {
		return caller.Principal{}, refuse(reasonAgency)
	}
	if standard.Subject == "" {
		return caller.Principal{}, refuse(reasonNoSubject)
	}
	return caller.Principal{Kind: caller.Staff, Agency: agency, Role: role}, nil
}

func (s *StaffConfig) role(claim any) (role caller.Role, ok bool) {
	values, isList := claim.([]any)
	if !isList {
		values = []any{claim}
	}
	for _, v := range values {
		name, _ := v.(string)
		known := s.Roles[name]
		if known == "" || known == role {
			continue
		}
		if role != "" {
			return "", false // two roles: which one would count is a guess
		}
		role = known
	}
	return role, role != ""
}
