// Package contact corrects what agencies know of how to reach a person (GDPR art. 16).
package contact

import (
	"context"
	"errors"
	"reflect"
	"regexp"
	"strings"
	"unicode"

	"github.com/go-playground/validator/v10"
	"github.com/nyaruka/phonenumbers"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/text"
)

// Name is the act's name.
const Name act.Name = "CORRECT_CONTACT_DATA"

// Input is what agencies are to know of the caller. Nil leaves a value as it is; an empty
// e-mail address or telephone number takes it away. An address is whole.
type Input struct {
	act.Keyed
	Agency        *debt.Key      `json:"agency" validate:"-"` // nil: all of them
	Email         *string        `json:"email" validate:"omitnil,eq=|email,max=254,taken"`
	Phone         *string        `json:"phone" validate:"omitnil,eq=|phone"`
	StreetAddress *string        `json:"streetAddress" validate:"required_with=PostalCode City,omitnil,line"`
	PostalCode    *string        `json:"postalCode" validate:"required_with=StreetAddress City,omitnil,postal_code"`
	City          *string        `json:"city" validate:"required_with=StreetAddress PostalCode,omitnil,line"`
	Language      *debt.Language `json:"language" validate:"-"` // the schema's enum has no others
}

// change is a correction as the contract takes it.
type change struct {
	Email         *string        `json:"email"`
	Phone         *string        `json:"phone"`
	StreetAddress *string        `json:"street_address"`
	PostalCode    *string        `json:"postal_code"`
	City          *string        `json:"city"`
	Language      *debt.Language `json:"language"`
}

// Correct is the act.
func Correct(agencies *agency.Registry) *act.Of[Input] {
	correct := &act.Of[Input]{
		Act: act.Act{
			Name: Name, Reach: act.Each, Who: access.Debtor, Function: "correct_contact",
			Codes: []act.Code{act.NotOffered}, Often: throttle.Limits{PerMinute: 5, PerDay: 20},
			Keep: act.Keep{Days: 1095,
				Why: "That it was corrected, and when, can be disputed for three years (GDPR art. 5(2), foreldelsesloven § 9)"},
		},
		Check: check,
	}
	correct.Plan = func(_ context.Context, by act.By, in Input) (act.Plan, error) {
		var plan act.Plan
		known := false
		for _, code := range agencies.Codes() {
			if !by.Scope().Covers(code) || in.Agency != nil && (in.Agency.Kind != debt.KindAgency || in.Agency.Agency != code) {
				continue
			}
			known = true
			if correct.Offered(agencies, code) {
				plan.Parts = append(plan.Parts, act.Part{Agency: code, Input: in.change()})
			}
		}
		switch {
		case !known:
			return plan, act.Faults{{Code: act.Invalid, Field: []string{"input", "agency"}, Text: "input.AGENCY"}}
		case len(plan.Parts) == 0:
			return plan, act.Faults{{Code: act.NotOffered}}
		}
		return plan, nil
	}
	return correct
}

// trimmed returns the input without the space around what was typed.
func (in Input) trimmed() Input {
	for _, value := range []**string{&in.Email, &in.Phone, &in.StreetAddress, &in.PostalCode, &in.City} {
		if *value != nil {
			*value = new(strings.TrimSpace(**value))
		}
	}
	return in
}

func (in Input) change() change {
	in = in.trimmed()
	c := change{in.Email, in.Phone, in.StreetAddress, in.PostalCode, in.City, in.Language}
	if in.Phone != nil && *in.Phone != "" {
		c.Phone = new(phonenumbers.Format(number(*in.Phone), phonenumbers.E164))
	}
	return c
}

// check returns everything that cannot be used.
func check(_ act.By, in Input) (faults act.Faults) {
	in = in.trimmed()
	if in.raw() == (change{}) {
		return act.Faults{{Code: act.Invalid, Field: []string{"input"}, Text: "input.NOTHING_TO_CORRECT"}}
	}
	var wrong validator.ValidationErrors
	if err := validating.Struct(in); !errors.As(err, &wrong) {
		return nil
	}
	for _, w := range wrong {
		faults.Invalid(w.Field(), complaints[w.Field()], text.With("max", mostLine))
	}
	return faults
}

// raw is what was given, as it was typed.
func (in Input) raw() change {
	return change{in.Email, in.Phone, in.StreetAddress, in.PostalCode, in.City, in.Language}
}

var complaints = map[string]string{
	"email":         "input.EMAIL",
	"phone":         "input.PHONE",
	"streetAddress": "input.ADDRESS",
	"postalCode":    "input.POSTAL_CODE",
	"city":          "input.ADDRESS",
}

var validating = func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("json") })
	for tag, holds := range map[string]func(string) bool{
		"taken":       taken,
		"phone":       func(s string) bool { n := number(s); return n != nil && phonenumbers.IsValidNumber(n) },
		"postal_code": func(s string) bool { return len(s) == 4 && strings.Trim(s, "0123456789") == "" },
		"line":        oneLine,
	} {
		err := v.RegisterValidation(tag, func(f validator.FieldLevel) bool { return holds(f.Field().String()) })
		if err != nil {
			panic(err) // the tags are those above
		}
	}
	return v
}()

// taken says whether agencies take an e-mail address that the library does: no quoted name, which may
// have blanks in it, and a point in the domain.
func taken(s string) bool {
	_, domain, found := strings.Cut(s, "@")
	return s == "" || found && !strings.ContainsFunc(s, unicode.IsSpace) && !strings.ContainsAny(s, `"<>`) &&
		!strings.Contains(domain, "@") && strings.Contains(strings.Trim(domain, "."), ".")
}

// number reads a telephone number as one would dial it in Norway; nil when it is none. The
// library takes letters for the digits of a keypad, the first of two numbers, and what stands
// around one: somebody else's number. So it gets digits and what people put between them alone.
func number(s string) *phonenumbers.PhoneNumber {
	if !written.MatchString(s) {
		return nil
	}
	n, err := phonenumbers.Parse(s, "NO")
	if err != nil || n.GetExtension() != "" {
		return nil
	}
	return n
}

var written = regexp.MustCompile(`^\(?\+?[0-9][0-9 \x{a0}.()-]*$`)

const mostLine = 120 // characters

func oneLine(s string) bool {
	n := 0
	for _, r := range s {
		if n++; !unicode.IsPrint(r) {
			return false
		}
	}
	return 1 <= n && n <= mostLine
}
