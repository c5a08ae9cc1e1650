// Package fault is the one error type of Oversikt: a stable code for clients,
// a message that is safe to show to them, and the cause for operators.
//
// Any other error is an internal one: clients see INTERNAL, and the log has the
// whole chain.
package fault

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/oversikt/oversikt/internal/text"
)

// Error is a failure that a client may be told about.
type Error struct {
	Code    Code
	Field   string // the argument or input field at fault, empty when none is
	Agency  string // the agency concerned, empty when none is
	Message string // shown to clients: no personal data, no SQL, no cause
	Cause   error  // for the log alone
	After   int    // seconds until it may be tried again; 0: nobody knows

	text string // the key of a text of its own; empty: that of the code
	args []text.Arg
}

// New returns an error with a code and a message that clients may see.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid says that the value of an input field is not usable, and why.
func Invalid(field, format string, args ...any) *Error {
	return &Error{Code: BadUserInput, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Because returns a copy of e with the cause that operators need.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Saying returns a copy of e whose text for a person is that of a key of package text, in place
// of the code's. pairs are names of placeholders, each with its value.
func (e *Error) Saying(key string, pairs ...any) *Error {
	c := *e
	c.text, c.args = key, nil
	for i := 0; i+1 < len(pairs); i += 2 {
		c.args = append(c.args, text.With(pairs[i].(string), pairs[i+1]))
	}
	return &c
}

// In returns what a person is told in a language. English is Message, and so is what only a
// program can mend: the catalogue has no text for its code.
func (e *Error) In(l text.Language) string {
	key := cmp.Or(e.text, "error."+string(e.Code))
	if l == text.EN || !text.Has(key) {
		return e.Message
	}
	return text.Of(l, key, e.args...)
}

// Wait returns a copy of e that says how long to wait, in whole seconds.
func (e *Error) Wait(d time.Duration) *Error {
	c := *e
	c.After = int(math.Ceil(d.Seconds()))
	return &c
}

// At returns a copy of e that names the agency concerned.
func (e *Error) At(agency string) *Error {
	c := *e
	c.Agency = agency
	return &c
}

// Error returns the text for logs, cause included.
func (e *Error) Error() string {
	text := string(e.Code)
	if e.Agency != "" {
		text += " " + e.Agency
	}
	if e.Field != "" {
		text += " " + e.Field
	}
	text += ": " + e.Message
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is makes errors.Is match two faults by their code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Of returns the fault in err's chain; an error without one is INTERNAL.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: Internal, Message: "something went wrong here; it has been logged", Cause: err}
}
