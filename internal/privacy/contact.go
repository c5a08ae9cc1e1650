package privacy

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"unicode"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
	"github.com/nyaruka/phonenumbers"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
	"github.com/oversikt/oversikt/internal/text"
)

// Contact is what agencies are to know of the caller (GDPR art. 16). Nil leaves a value as
// it is; an empty e-mail address or telephone number takes it away. An address is whole.
type Contact struct {
	Email         *string        `member:"email" validate:"omitnil,eq=|email,max=254"`
	Phone         *string        `member:"phone" validate:"omitnil,eq=|phone"`
	StreetAddress *string        `member:"streetAddress" validate:"required_with=PostalCode City,omitnil,line"`
	PostalCode    *string        `member:"postalCode" validate:"required_with=StreetAddress City,omitnil,postal_code"`
	City          *string        `member:"city" validate:"required_with=StreetAddress PostalCode,omitnil,line"`
	Language      *debt.Language `member:"language" validate:"-"` // the schema's enum has no others
}

// Corrected is what one agency did with a correction.
type Corrected struct {
	Agency string // its code
	Status personaldata.CorrectionStatus
}

// Faults is everything that is wrong with an input, each BAD_USER_INPUT with its member.
type Faults []*fault.Error

// Error joins the faults.
func (f Faults) Error() string {
	texts := make([]string, len(f))
	for i, one := range f {
		texts[i] = one.Error()
	}
	return strings.Join(texts, "; ")
}

// keyReused is turned into fault.ErrKeyReused.
const keyReused personaldata.CorrectionStatus = "KEY_REUSED"

// Correct corrects what an agency, or with "" all of them, knows of the caller. What cannot
// be used is Faults, and changes nothing. A key that was used with another input is
// [fault.ErrKeyReused], beside what the other agencies did. The same key and input can be sent
// again, for an agency that was not there: the others do nothing twice. An agency that is
// not known is NOT_FOUND.
func (s *Service) Correct(ctx context.Context, p caller.Principal, key uuid.UUID, at string, c Contact) ([]Corrected,
	error) {
	change, err := c.normal()
	if err != nil {
		return nil, err
	}
	parts, _ := s.o.Agencies.Read(ctx, p.Scope(), 0) // asks nobody
	var done []Corrected
	for _, part := range parts {
		if at == "" || at == part.Agency.Code {
			done = append(done, Corrected{Agency: part.Agency.Code})
		}
	}
	if len(done) == 0 {
		return nil, agency.ErrNotFound
	}
	var asking sync.WaitGroup
	for i := range done {
		asking.Go(func() { done[i].Status = s.correctAt(ctx, done[i].Agency, p.Scope(), key, change) })
	}
	asking.Wait()
	for i := range done {
		if done[i].Status == keyReused {
			done[i].Status, err = personaldata.Refused, fault.ErrKeyReused
		}
	}
	return done, err
}

func (s *Service) correctAt(ctx context.Context, code string, scope caller.Scope, key uuid.UUID,
	c debt.ContactChange) personaldata.CorrectionStatus {
	answer, err := s.o.Agencies.CorrectContact(ctx, code, scope, key, c)
	switch {
	case err != nil:
		s.o.Log.WarnContext(ctx, "contact data was not corrected", "agency", code, "cause", err)
		return personaldata.Unavailable
	case answer.Status == debt.ActDone:
		return personaldata.Corrected
	case answer.Reason == debt.ActNotFound:
		return personaldata.NotRegistered
	case answer.Reason == debt.ActKeyReused:
		return keyReused
	default:
		return personaldata.Refused
	}
}

// normal returns the values as agencies get them, or Faults.
func (c Contact) normal() (debt.ContactChange, error) {
	for _, value := range []**string{&c.Email, &c.Phone, &c.StreetAddress, &c.PostalCode, &c.City} {
		if *value != nil {
			*value = new(strings.TrimSpace(**value))
		}
	}
	if c == (Contact{}) {
		return debt.ContactChange{}, Faults{fault.Invalid("input", "say what is to be corrected").Saying("input.NOTHING_TO_CORRECT")}
	}
	var wrong validator.ValidationErrors
	if err := contacts.Struct(c); errors.As(err, &wrong) {
		faults := make(Faults, len(wrong))
		for i, w := range wrong {
			what := complaints[w.Field()]
			faults[i] = fault.Invalid("input."+w.Field(), "%s", text.Of(text.EN, what, text.With("max", mostLine))).
				Saying(what, "max", mostLine)
		}
		return debt.ContactChange{}, faults
	} else if err != nil {
		return debt.ContactChange{}, err
	}
	change := debt.ContactChange{
		Email: c.Email, Phone: c.Phone, StreetAddress: c.StreetAddress, PostalCode: c.PostalCode, City: c.City,
		Language: c.Language,
	}
	if c.Phone != nil && *c.Phone != "" {
		change.Phone = new(phonenumbers.Format(number(*c.Phone), phonenumbers.E164))
	}
	return change, nil
}

// complaints are the texts that say what is wrong with a member.
var complaints = map[string]string{
	"email":         "input.EMAIL",
	"phone":         "input.PHONE",
	"streetAddress": "input.ADDRESS",
	"postalCode":    "input.POSTAL_CODE",
	"city":          "input.ADDRESS",
}

var contacts = func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("member") })
	for tag, holds := range map[string]func(string) bool{
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

// number reads a telephone number as one would dial it in Norway; nil when it is none.
func number(s string) *phonenumbers.PhoneNumber {
	n, err := phonenumbers.Parse(s, "NO")
	if err != nil || n.GetExtension() != "" {
		return nil
	}
	return n
}

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
