package act

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/oversikt/oversikt/internal/text"
)

// Code says what is wrong, as the code enums of the schema's error types have it.
type Code string

// The codes that every act has.
const (
	Invalid   Code = "INVALID"
	KeyReused Code = "KEY_REUSED"
	NotFound  Code = "NOT_FOUND"
)

// Further codes that several acts have.
const (
	NotOffered        Code = "NOT_OFFERED"
	TooMany           Code = "TOO_MANY"
	AgencyUnavailable Code = "AGENCY_UNAVAILABLE"
	CaseClosed        Code = "CASE_CLOSED"
	Disputed          Code = "DISPUTED"
	AgreementExists   Code = "AGREEMENT_EXISTS"
	NotThePolicy      Code = "NOT_THE_POLICY"
	Other             Code = "OTHER"
)

// common are the codes that the error type of every act has.
var common = []Code{Invalid, KeyReused, NotFound}

// AllCodes returns all codes that the act's userErrors may have.
func (a *Act) AllCodes() []Code {
	all := slices.Concat(common, a.Codes)
	if a.Who&AtDesk != 0 {
		all = append(all, atDesk...)
	}
	if a.Alone != "" {
		all = append(all, a.Alone)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Fault is one thing that the person can mend.
type Fault struct {
	Code  Code
	Field []string // the path from the argument, such as ["input", "caseIds", "0"]; empty for none
	Text  string   // the key of its message in the catalogue, where the code alone does not say it
	Args  []text.Arg
	After int // seconds until it may be tried again; 0: that does not help
}

// Faults is everything that is wrong: nothing was done.
type Faults []Fault

// Error names the codes and fields: messages are in the catalogue.
func (f Faults) Error() string {
	all := make([]string, len(f))
	for i, one := range f {
		all[i] = string(one.Code) + " " + strings.Join(one.Field, ".")
	}
	return strings.Join(all, "; ")
}

// Invalid adds a fault at a member of the input, such as "files.0.mediaType"; key is that of its text in the
// catalogue.
func (f *Faults) Invalid(member, key string, args ...text.Arg) {
	*f = append(*f, Fault{Code: Invalid, Field: strings.Split("input."+member, "."), Text: key, Args: args})
}

// Wrong is one fault at a member of the input.
func Wrong(code Code, path ...string) Faults {
	return Faults{{Code: code, Field: append([]string{"input"}, path...)}}
}

// errKeyReused says that the key came before, from the same person with another input.
var errKeyReused = Faults{{Code: KeyReused, Field: []string{"input", "idempotencyKey"}}}

// errNoKey says that what was sent could not be sent again.
var errNoKey = Faults{{Code: Invalid, Field: []string{"input", "idempotencyKey"}, Text: "input.KEY"}}

// mendable returns the faults in an error's chain.
func mendable(err error) (f Faults, ok bool) {
	ok = errors.As(err, &f)
	return f, ok
}

// MarshalGQL writes the code as the value of an enum.
func (c Code) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(c))) }

// UnmarshalGQL never runs: codes are never given.
func (c *Code) UnmarshalGQL(any) error { return errors.New("codes come out alone") }
