package server

import (
	"context"
	"strings"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
)

// speaks returns the language that the messages of errors are in: the first of those there are
// that the client names in Accept-Language, English when it names none.
func (x *exchange) speaks() text.Language {
	x.asked.Do(func() { x.language = text.Accepted(strings.Join(x.accepts, ",")) })
	return x.language
}

// told returns the message of a fault in the language of the request that ctx belongs to.
func told(ctx context.Context, f *fault.Error) string {
	if x := exchangeOf(ctx); x != nil {
		return f.In(x.speaks())
	}
	return f.Message
}

// Language returns the language that the request of ctx asks for; English where it names none
// that there is.
func Language(ctx context.Context) text.Language {
	if x := exchangeOf(ctx); x != nil {
		return x.speaks()
	}
	return text.EN
}
