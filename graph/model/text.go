package model

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/internal/fault"
)

// MarshalText writes a String.
func MarshalText(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalText reads a String that somebody can have typed: tabs and line breaks are the only
// control characters. PostgreSQL takes no NUL in a text, so a NUL would look like an agency's
// failure instead of the caller's.
func UnmarshalText(v any) (string, error) {
	s, err := graphql.UnmarshalString(v)
	if err != nil {
		return "", err
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, control) {
		return "", fault.New(fault.BadUserInput, "a text has no control characters but tabs and line breaks").
			Saying("input.TEXT_CHARACTERS")
	}
	return s, nil
}

func control(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' }
