package server

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/internal/fault"
)

// escapes is gqlgen's extension that reads the escapes of characters beyond the first 65,536 in a
// document, since gqlparser makes two faulty characters of a surrogate pair, does not take
// \u{1f600}, and takes half a pair.
type escapes struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = escapes{}

// ExtensionName implements [graphql.HandlerExtension].
func (escapes) ExtensionName() string { return "Escapes" }

// Validate implements [graphql.HandlerExtension].
func (escapes) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters implements [graphql.OperationParameterMutator].
func (escapes) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	query, at := unescaped(params.Query)
	if at >= 0 {
		err := coded(fault.ParseFailed, complaint(params.Query[at+len(`\u`):]))
		line := strings.Count(params.Query[:at], "\n")
		column := utf8.RuneCountInString(params.Query[strings.LastIndexByte(params.Query[:at], '\n')+1 : at])
		err.Locations = []gqlerror.Location{{Line: line + 1, Column: column + 1}}
		return err
	}
	params.Query = query
	return nil
}

// complaint says what is wrong with what follows a \u that is no character.
func complaint(rest string) string {
	end := strings.IndexByte(rest, '}')
	code, err := strconv.ParseUint(strings.TrimPrefix(rest[:max(end, 0)], "{"), 16, 64)
	_, four := unit(rest)
	switch {
	case four, err == nil && code <= utf8.MaxRune: // a surrogate
		return `a string has a \u that is half a character: a surrogate comes in a pair, as \ud83d\ude00`
	case err == nil, errors.Is(err, strconv.ErrRange):
		return `a string has a \u{…} that is no character: the last one is \u{10ffff}`
	default:
		return `a string has a \u without the digits of a character: \u00e5 has four, \u{1f600} one to six`
	}
}

// unescaped returns a document without the escapes that gqlparser reads wrongly. faulty is where
// one is no character, -1 for none. The parser reports whatever else is wrong.
func unescaped(document string) (plain string, faulty int) {
	if !strings.Contains(document, `\u`) {
		return document, -1
	}
	var b strings.Builder
	copied := 0
	for i := 0; i < len(document); {
		switch rest := document[i:]; {
		case rest[0] == '#':
			i += endOf(rest, "\n\r")
		case strings.HasPrefix(rest, `"""`): // has no escape of a character
			i += 3 + endOfBlock(rest[3:])
		case rest[0] != '"':
			i++
		default:
			for i++; i < len(document) && !strings.ContainsRune("\"\n\r", rune(document[i])); {
				rest := document[i:]
				if !strings.HasPrefix(rest, `\u`) {
					i += 1 + strings.Count(rest[:1], `\`) // what is escaped ends no string
					continue
				}
				r, n := escaped(rest[2:])
				if n == 0 {
					return "", i
				}
				b.WriteString(document[copied:i])
				if r > 0xFFFF {
					b.WriteRune(r)
				} else { // it may be a quotation mark
					fmt.Fprintf(&b, `\u%04x`, r)
				}
				i += 2 + n
				copied = i
			}
			i++
		}
	}
	return b.String() + document[min(copied, len(document)):], -1
}

// escaped returns the character that follows \u, and the length of its escape; 0 for none.
func escaped(s string) (r rune, length int) {
	if strings.HasPrefix(s, "{") {
		end := strings.IndexByte(s, '}')
		if end < 2 || end > 9 {
			return 0, 0
		}
		code, err := strconv.ParseUint(s[1:end], 16, 32)
		if err != nil || code > utf8.MaxRune || !utf8.ValidRune(rune(code)) {
			return 0, 0
		}
		return rune(code), end + 1
	}
	r, ok := unit(s)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, 4
	case !strings.HasPrefix(s[4:], `\u`):
		return 0, 0
	}
	second, _ := unit(s[6:])
	if r = utf16.DecodeRune(r, second); r == utf8.RuneError {
		return 0, 0
	}
	return r, 10
}

// unit reads four hexadecimal digits.
func unit(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	code, err := strconv.ParseUint(s[:4], 16, 32)
	return rune(code), err == nil
}

// endOf returns where the first of some characters is, the length of s where none is.
func endOf(s, any string) int {
	if i := strings.IndexAny(s, any); i >= 0 {
		return i
	}
	return len(s)
}

// endOfBlock returns where a block string ends.
func endOfBlock(s string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], `\"""`):
			i += 3
		case strings.HasPrefix(s[i:], `"""`):
			return i + 3
		}
	}
	return len(s)
}
