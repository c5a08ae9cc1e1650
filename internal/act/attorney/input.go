package attorney

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unicode"

	"github.com/go-playground/validator/v10"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/text"
)

// Input is what a client gives. The members are named as clients name them.
type Input struct {
	act.Keyed
	Attorney   Who          `json:"attorney"`
	Agencies   []debt.Key   `json:"agencies" validate:"omitnil,min=1,max=100,unique"`
	Cases      []debt.Key   `json:"cases" validate:"omitnil,min=1,max=100,unique"`
	MayAct     bool         `json:"mayAct"`
	ValidFrom  *norway.Date `json:"validFrom"` // today when nil
	ValidUntil norway.Date  `json:"validUntil"`
	Signing    SigningInput `json:"signing"`
}

// Who is the attorney: exactly one member is not nil.
type Who struct {
	Person       *PersonInput       `json:"person"`
	Organisation *OrganisationInput `json:"organisation"`
}

// PersonInput is a person, as the giver has typed it.
type PersonInput struct {
	NationalID string `json:"nationalId" validate:"nationalid"`
	Name       string `json:"name" validate:"min=2,max=120,name"`
}

// OrganisationInput is an organisation, as the giver has typed it.
type OrganisationInput struct {
	OrgNumber string `json:"orgNumber" validate:"orgnumber"`
	Name      string `json:"name" validate:"min=2,max=120,name"`
}

// SigningInput is how it is signed: exactly one member is not nil.
type SigningInput struct {
	BankID   *bool           `json:"bankID" validate:"omitnil,eq=true"`
	Document *document.Input `json:"document"`
}

// String hides who it is.
func (Who) String() string { return "[attorney]" }

// GoString hides who it is.
func (w Who) GoString() string { return w.String() }

// The bounds of what is given.
const (
	leastName, mostName = 2, 120 // characters
	mostNamed           = 100    // agencies or cases
)

var validating = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("json") })
	for tag, holds := range map[string]func(string) bool{
		"nationalid": func(s string) bool { _, err := norway.ParseNationalID(s); return err == nil },
		"orgnumber":  norway.ValidOrgNumber,
		"name":       isName,
	} {
		err := v.RegisterValidation(tag, func(f validator.FieldLevel) bool { return holds(f.Field().String()) })
		if err != nil {
			panic(err) // an empty tag, or no function
		}
	}
	return v
})

// isName says that a text is a line with letters in it, and has no number that it should
// not: a national identity number belongs in its own member.
func isName(s string) bool {
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsControl(r):
			return false
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return letters > 1 && digits < 11
}

// request is an Input that has been checked as far as it goes by itself.
type request struct {
	Input
	attorney  norway.NationalID // zero for an organisation
	orgNumber string            // empty for a person
	name      string
	agencies  []string
	cases     []caller.CaseKey
	content   []byte // of the document
}

// check returns all faults that need no database, today being the date.
func (in Input) check(grantor norway.NationalID, today norway.Date, known func(code string) bool) (request, error) {
	in.Attorney = in.Attorney.plain()
	r := request{Input: in}
	faults, err := in.tagFaults()
	if err != nil {
		return r, err
	}
	switch to := in.Attorney; {
	case to.Person != nil:
		r.name = to.Person.Name
		if r.attorney, err = norway.ParseNationalID(to.Person.NationalID); err == nil && r.attorney == grantor {
			faults.Invalid("attorney.person.nationalId", "input.ATTORNEY_SELF")
		}
	case to.Organisation != nil:
		r.name, r.orgNumber = to.Organisation.Name, to.Organisation.OrgNumber
	default:
		return r, errors.New("a power of attorney for nobody")
	}
	faults = append(faults, in.checkDates(today)...)
	if (in.Signing.Document == nil) == (in.Signing.BankID == nil) {
		faults.Invalid("signing", "input.SIGNING_ONE")
	}
	if in.Signing.Document != nil {
		content, field, why := decode(*in.Signing.Document)
		if why != "" {
			faults.Invalid("signing.document."+field, why, text.With("max", document.MaxSize>>20))
		}
		r.content = content
	}
	faults = append(faults, r.limits(known)...)
	if len(faults) > 0 {
		return r, faults
	}
	if r.ValidFrom == nil {
		r.ValidFrom = &today
	}
	return r, nil
}

// plain returns what was typed without the space around names and in numbers.
func (w Who) plain() Who {
	digits := func(typed string) string { return strings.Join(strings.Fields(typed), "") }
	if w.Person != nil {
		w.Person = &PersonInput{digits(w.Person.NationalID), strings.TrimSpace(w.Person.Name)}
	}
	if w.Organisation != nil {
		w.Organisation = &OrganisationInput{digits(w.Organisation.OrgNumber), strings.TrimSpace(w.Organisation.Name)}
	}
	return w
}

// tagFaults returns what the tags of Input say.
func (in Input) tagFaults() (act.Faults, error) {
	var found validator.ValidationErrors
	err := validating().Struct(in)
	if err == nil {
		return nil, nil
	}
	if !errors.As(err, &found) {
		return nil, fmt.Errorf("validate input: %w", err)
	}
	var faults act.Faults
	for _, f := range found {
		_, member, _ := strings.Cut(f.Namespace(), ".")
		most := mostNamed
		if f.Field() == "name" {
			most = mostName
		}
		faults.Invalid(member, "input."+complaint(f), text.With("min", leastName), text.With("max", most))
	}
	return faults, nil
}

// complaint returns the name of the text that says what is wrong.
func complaint(f validator.FieldError) string {
	switch f.Tag() {
	case "eq":
		return "SIGNING_ONE"
	case "nationalid":
		return "NATIONAL_ID"
	case "orgnumber":
		return "ORG_NUMBER"
	case "name":
		return "NAME"
	case "unique":
		return "DUPLICATE"
	case "min", "max":
		if f.Field() == "name" {
			return "NAME_LENGTH"
		}
		return "LIST_SIZE"
	default:
		return "MISSING"
	}
}

func (in Input) checkDates(today norway.Date) (faults act.Faults) {
	from := today
	if in.ValidFrom != nil {
		from = *in.ValidFrom
	}
	last := from.AddMonths(12 * MaxYears)
	switch {
	case from < today:
		faults.Invalid("validFrom", "input.FROM_PASSED")
	case from > today.AddMonths(12):
		faults.Invalid("validFrom", "input.FROM_LATE")
	case in.ValidUntil < from:
		faults.Invalid("validUntil", "input.UNTIL_BEFORE_FROM")
	case in.ValidUntil > last:
		faults.Invalid("validUntil", "input.UNTIL_LATE", text.With("years", MaxYears), text.With("until", last))
	}
	return faults
}

// limits reads the agencies and cases. An empty list never stands for everything, and what
// is covered already is not named again: it would look like a limit.
func (r *request) limits(known func(code string) bool) (faults act.Faults) {
	whole := map[string]bool{}
	for i, k := range r.Input.Agencies {
		if k.Kind != debt.KindAgency || !known(k.Agency) {
			faults.Invalid(fmt.Sprintf("agencies.%d", i), "input.AGENCY")
			continue
		}
		whole[k.Agency] = true
		r.agencies = append(r.agencies, k.Agency)
	}
	for i, k := range r.Input.Cases {
		switch {
		case k.Kind != debt.KindCase || !known(k.Agency):
			faults.Invalid(fmt.Sprintf("cases.%d", i), "input.CASE")
		case whole[k.Agency]:
			faults.Invalid(fmt.Sprintf("cases.%d", i), "input.CASE_COVERED")
		}
		r.cases = append(r.cases, caller.CaseKey{Agency: k.Agency, ID: k.ID})
	}
	return faults
}

// power returns what is given, under the id of the act.
func (r request) power(by act.By) Power {
	p := Power{
		ID: by.ID, Grantor: by.NationalID, GrantorName: by.Name, Attorney: r.attorney, OrgNumber: r.orgNumber, Name: r.name,
		CoversAll: r.agencies == nil && r.cases == nil, Agencies: r.agencies, Cases: r.cases, MayAct: r.MayAct,
		From: *r.ValidFrom, Until: r.ValidUntil, Signed: SignedWithBankID, CreatedAt: by.Now, Today: by.Today,
	}
	if r.content != nil {
		p.Signed = SignedWithDocument
		p.Document = document.Info{MediaType: r.Signing.Document.MediaType, Size: len(r.content)}
	}
	return p
}
