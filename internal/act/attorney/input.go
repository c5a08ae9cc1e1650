package attorney

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"unicode"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/text"
)

// Input is what a client gives. The members are named as clients name them.
type Input struct {
	IdempotencyKey uuid.UUID    `json:"idempotencyKey" validate:"required"`
	Attorney       Who          `json:"attorney"`
	Agencies       []debt.Key   `json:"agencies" validate:"omitnil,min=1,max=100,unique"`
	Cases          []debt.Key   `json:"cases" validate:"omitnil,min=1,max=100,unique"`
	MayAct         bool         `json:"mayAct"`
	ValidFrom      *norway.Date `json:"validFrom"` // today when nil
	ValidUntil     norway.Date  `json:"validUntil"`
	Signing        SigningInput `json:"signing"`
}

// Who is the attorney: exactly one member is not nil.
type Who struct {
	Person       *PersonInput       `json:"person"`
	Organisation *OrganisationInput `json:"organisation"`
}

// PersonInput is a person, as somebody has typed it.
type PersonInput struct {
	NationalID string `json:"nationalId" validate:"nationalid"`
	Name       string `json:"name" validate:"min=2,max=120,name"`
}

// OrganisationInput is an organisation, as somebody has typed it.
type OrganisationInput struct {
	OrgNumber string `json:"orgNumber" validate:"orgnumber"`
	Name      string `json:"name" validate:"min=2,max=120,name"`
}

// SigningInput is how it is signed: exactly one member is not nil.
type SigningInput struct {
	BankID   *bool          `json:"bankID" validate:"omitnil,eq=true"`
	Document *DocumentInput `json:"document"`
}

// Code is the stable name of a Fault.
type Code string

// The codes, as UserErrorCode of the schema has them.
const (
	Invalid           Code = "INVALID"
	TooMany           Code = "TOO_MANY"
	AgencyUnavailable Code = "AGENCY_UNAVAILABLE"
)

// Fault is what is wrong with an input, for the person to mend.
type Fault struct {
	Code  Code
	Field string // such as input.attorney.person.nationalId; empty: none
	text  string // a key of package text
	args  []text.Arg
}

// In says what is wrong in a language.
func (f Fault) In(l text.Language) string { return text.Of(l, f.text, f.args...) }

// Faults are all of them.
type Faults []Fault

// Error lists the fields, not what is in them.
func (f Faults) Error() string {
	fields := make([]string, len(f))
	for i := range f {
		fields[i] = string(f[i].Code) + " " + f[i].Field
	}
	return "the input cannot be used: " + strings.Join(fields, ", ")
}

// invalid is a fault of a member, said by a text of the inputs.
func invalid(field, what string, args ...text.Arg) Faults {
	return Faults{{Invalid, "input." + field, "input." + what, args}}
}

var validating = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("json") })
	must := func(err error) {
		if err != nil {
			panic(err) // an empty tag, or no function
		}
	}
	must(v.RegisterValidation("orgnumber",
		func(f validator.FieldLevel) bool { return norway.ValidOrgNumber(f.Field().String()) }))
	must(v.RegisterValidation("nationalid", func(f validator.FieldLevel) bool {
		_, err := norway.ParseNationalID(f.Field().String())
		return err == nil
	}))
	must(v.RegisterValidation("name", func(f validator.FieldLevel) bool { return isName(f.Field().String()) }))
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
	attorney norway.NationalID // zero for an organisation
	name     string            // the attorney's
	agencies []string
	cases    []caller.CaseKey
	content  []byte // of the document
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
			faults = append(faults, invalid("attorney.person.nationalId", "ATTORNEY_SELF")...)
		}
	case to.Organisation != nil:
		r.name = to.Organisation.Name
	default:
		return r, errors.New("a power of attorney for nobody")
	}
	faults = append(faults, in.checkDates(today)...)
	if in.Signing.Document != nil {
		content, field, why := in.Signing.Document.decode()
		if why != "" {
			faults = append(faults, invalid("signing.document."+field, why, text.With("max", MaxDocument>>20))...)
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
func (in Input) tagFaults() (Faults, error) {
	var found validator.ValidationErrors
	err := validating().Struct(in)
	if err == nil {
		return nil, nil
	}
	if !errors.As(err, &found) {
		return nil, fmt.Errorf("validate input: %w", err)
	}
	var faults Faults
	for _, f := range found {
		_, field, _ := strings.Cut(f.Namespace(), ".")
		what, args := complaint(f)
		faults = append(faults, invalid(field, what, args...)...)
	}
	return faults, nil
}

// complaint returns which text says what a tag of Input has found.
func complaint(f validator.FieldError) (what string, args []text.Arg) {
	switch f.Tag() {
	case "nationalid":
		return "NATIONAL_ID", nil
	case "orgnumber":
		return "ORG_NUMBER", nil
	case "eq":
		return "SIGNING_ONE", nil
	case "name":
		return "NAME", nil
	case "unique":
		return "DUPLICATE", nil
	case "min", "max":
		if f.Field() == "name" {
			return "NAME_LENGTH", []text.Arg{text.With("min", 2), text.With("max", 120)}
		}
		return "LIST_SIZE", []text.Arg{text.With("max", 100)}
	default:
		return "KEY", nil
	}
}

func (in Input) checkDates(today norway.Date) (faults Faults) {
	from := today
	if in.ValidFrom != nil {
		from = *in.ValidFrom
	}
	last := from.AddMonths(12 * MaxYears)
	switch {
	case from < today:
		faults = invalid("validFrom", "FROM_PASSED")
	case from > today.AddMonths(12):
		faults = invalid("validFrom", "FROM_LATE")
	case in.ValidUntil < from:
		faults = invalid("validUntil", "UNTIL_BEFORE_FROM")
	case in.ValidUntil > last:
		faults = invalid("validUntil", "UNTIL_LATE", text.With("years", MaxYears), text.With("until", last))
	}
	return faults
}

// limits reads the agencies and cases. An empty list never stands for everything, and what
// is covered already is not named again: it would look like a limit.
func (r *request) limits(known func(code string) bool) (faults Faults) {
	whole := map[string]bool{}
	for i, k := range r.Input.Agencies {
		if k.Kind != debt.KindAgency || !known(k.Agency) {
			faults = append(faults, invalid(fmt.Sprintf("agencies[%d]", i), "AGENCY")...)
			continue
		}
		whole[k.Agency] = true
		r.agencies = append(r.agencies, k.Agency)
	}
	for i, k := range r.Input.Cases {
		switch {
		case k.Kind != debt.KindCase || !known(k.Agency):
			faults = append(faults, invalid(fmt.Sprintf("cases[%d]", i), noCase)...)
		case whole[k.Agency]:
			faults = append(faults, invalid(fmt.Sprintf("cases[%d]", i), "CASE_COVERED")...)
		}
		r.cases = append(r.cases, caller.CaseKey{Agency: k.Agency, ID: k.ID})
	}
	return faults
}

const noCase = "CASE"

func (r request) coversAll() bool { return r.agencies == nil && r.cases == nil }

func (r request) signing() Signing {
	if r.content != nil {
		return SignedWithDocument
	}
	return SignedWithBankID
}

// digestOf returns what must be the same when an idempotency key is used again: all that
// the client wrote. It is kept sealed, since numbers could be guessed from it.
func digestOf(in Input) ([sha256.Size]byte, error) {
	var mediaType, content string // which is long
	if in.Signing.Document != nil {
		sum := sha256.Sum256([]byte(in.Signing.Document.Base64))
		mediaType, content = string(in.Signing.Document.MediaType), hex.EncodeToString(sum[:])
		in.Signing.Document = nil
	}
	plain, err := json.Marshal([]any{in, mediaType, content})
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("digest of a power of attorney: %w", err)
	}
	return sha256.Sum256(plain), nil
}
