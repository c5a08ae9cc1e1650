// Package model holds the few Go types that GraphQL needs besides the records of
// internal/debt: global ids, cursors and connections.
package model

import (
	"errors"
	"io"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/page"
	"github.com/oversikt/oversikt/internal/text"
)

// Node is any object with a global id. A record cannot implement an interface of
// the schema without importing it, so a test asks node for every possible type instead.
type Node any

// The connections of the schema.
type (
	CaseConnection    = page.Connection[debt.Case]
	CaseEdge          = page.Edge[debt.Case]
	LetterConnection  = page.Connection[debt.Letter]
	LetterEdge        = page.Edge[debt.Letter]
	PaymentConnection = page.Connection[debt.Payment]
	PaymentEdge       = page.Edge[debt.Payment]
)

// MarshalCursor writes a cursor as a String.
func MarshalCursor(c page.Cursor) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, `"`+c.Text()+`"`) })
}

// UnmarshalCursor never runs: cursors come in as String arguments.
func UnmarshalCursor(any) (page.Cursor, error) {
	return page.Cursor{}, errors.New("cursors come in as String")
}

// MarshalString writes a String.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString reads a String without what nobody sees in it. Control characters are left for
// who reads the text: it refuses them by the name of the field.
func UnmarshalString(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", errors.New("a String is a string")
	}
	if !text.Plain(s) {
		return s, nil
	}
	return text.Visible(s), nil
}

// Scalars returns what reads each scalar that a program fills in, by its name; the values are
// thrown away.
func Scalars() map[string]func(any) error {
	return map[string]func(any) error{
		"Date":     func(v any) error { return new(norway.Date).UnmarshalGQL(v) },
		"DateTime": func(v any) error { _, err := UnmarshalDateTime(v); return err },
		"UUID":     func(v any) error { _, err := UnmarshalUUID(v); return err },
	}
}

// MarshalUUID writes a number, null for none.
func MarshalUUID(id uuid.UUID) graphql.Marshaler { return graphql.MarshalUUID(id) }

// UnmarshalUUID reads a number in the one form that the schema names: the library takes braces, a
// name's urn:uuid: and digits alone as well.
func UnmarshalUUID(v any) (uuid.UUID, error) {
	s, _ := v.(string)
	if len(s) != len(uuid.UUID{})*2+len("----") {
		return uuid.Nil, errors.New("a UUID is 8-4-4-4-12 hexadecimal digits")
	}
	return uuid.Parse(s)
}

// MarshalDateTime writes an instant in UTC, whatever the server's time zone: the database gives
// it in the server's own zone.
func MarshalDateTime(t time.Time) graphql.Marshaler { return graphql.MarshalTime(t.UTC()) }

// UnmarshalDateTime reads an instant in any zone, of the years that a Date has.
func UnmarshalDateTime(v any) (time.Time, error) {
	at, err := graphql.UnmarshalTime(v)
	if day := norway.DateOf(at); err == nil && (day < norway.FirstDate || day > norway.LastDate) {
		return time.Time{}, errors.New("a time is between 1900 and 2199")
	}
	return at, err
}
