package server

import (
	"context"
	"strings"

	"golang.org/x/text/language"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
)

// speaks returns the language that the messages of errors are in: the first of those there are
// that the client names in Accept-Language, English when it names none.
func (x *exchange) speaks() text.Language {
	x.asked.Do(func() { x.language = spoken(strings.Join(x.accepts, ",")) })
	return x.language
}

func spoken(accept string) text.Language {
	tags, _, err := language.ParseAcceptLanguage(accept) // the most wanted first, without those refused
	if err != nil {
		return text.EN
	}
	for _, tag := range tags {
		switch base, _ := tag.Base(); base.String() {
		case "nb", "no":
			return text.NB
		case "nn":
			return text.NN
		case "en":
			return text.EN
		}
	}
	return text.EN
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
