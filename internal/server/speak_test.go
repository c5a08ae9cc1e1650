package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
)

// TestErrorsInTheLanguageOfThePerson: the code stays, the message follows Accept-Language.
func TestErrorsInTheLanguageOfThePerson(t *testing.T) {
	t.Parallel()
	fails := func(err error) resolvers {
		return resolvers{"hello": func(context.Context, map[string]any) (string, error) { return "", err }}
	}
	denied := func(*http.Request) (context.Context, error) { return nil, fault.New(fault.Unauthenticated, "log in") }
	tests := map[string]struct {
		reason  string
		fields  resolvers
		opts    Options
		body    string
		code    string
		message map[string]string
	}{
		"a field": {"the code's text", fails(fault.New(fault.AgencyUnavailable, "Lita does not answer")), Options{},
			document("{hello}"), "AGENCY_UNAVAILABLE", map[string]string{
				"":   "Lita does not answer",
				"en": "Lita does not answer",
				"nb": "Et inkassoforetak svarer ikke nå. Opplysningene derfra mangler.",
				"nn": "Eit inkassoføretak svarer ikkje no. Opplysningane derifrå manglar.",
			}},
		"a text of its own": {"it says more than the code",
			fails(fault.Invalid("input.months", "months is 1 to 9").Saying("input.MONTHS", "max", 9)), Options{},
			document("{hello}"), "BAD_USER_INPUT", map[string]string{
				"": "months is 1 to 9", "nb": "Velg 1 til 9 måneder.", "nn": "Vel 1 til 9 månader.",
			}},
		"a fault of ours": {"nothing of the cause", fails(errors.New(secret)), Options{}, document("{hello}"), "INTERNAL",
			map[string]string{"": internalMessage, "nb": "Noe gikk galt hos oss. Feilen er loggført. Prøv igjen senere."}},
		"no login": {"the request as a whole", nil, Options{Authenticate: denied}, document("{hello}"), "UNAUTHENTICATED",
			map[string]string{"": "log in", "nn": "Du er ikkje logga inn, eller innlogginga har gått ut. Logg inn på nytt."}},
		"a program's error": {"people do not mend it", nil, Options{}, "{", "BAD_REQUEST",
			map[string]string{"": "the body is not JSON in UTF-8: see byte 1", "nb": "the body is not JSON in UTF-8: see byte 1"}},
	}
	for name, tt := range tests {
		for accept, want := range tt.message {
			w := setup(t, tt.fields, tt.opts).do(request(tt.body, "Accept-Language", accept))
			got := parse(t, w).Errors
			if len(got) != 1 || got[0].Message != want || got[0].Extensions.Code != tt.code {
				t.Errorf("%s in %q: %+v, want %q: %s", name, accept, got, want, tt.reason)
			}
			if !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Accept-Language") {
				t.Errorf("%s: Vary is %q", name, w.Header().Values("Vary"))
			}
		}
	}
}

// forPrograms are the codes without a text for people: what they tell is for who writes the program.
var forPrograms = map[fault.Code]bool{
	fault.BadRequest: true, fault.AmbiguousCredentials: true, fault.CrossOrigin: true, fault.ClientHeaderRequired: true,
	fault.MethodNotAllowed: true, fault.NotAcceptable: true, fault.UnsupportedMediaType: true, fault.ParseFailed: true,
	fault.ValidationFailed: true, fault.OperationTooLarge: true, fault.PersistedQueryNotFound: true,
	fault.PersistedQueryNotSupported: true, fault.PersistedDocumentNotFound: true,
	fault.PersistedDocumentIDRequired: true,
}

// TestEveryCodeHasAText: whatever a person can meet is said in each language.
func TestEveryCodeHasAText(t *testing.T) {
	t.Parallel()
	for _, e := range fault.Catalogue {
		if has := text.Has("error." + string(e.Code)); has == forPrograms[e.Code] {
			t.Errorf("%s has a text: %t; it is for programs: %t", e.Code, has, forPrograms[e.Code])
		}
	}
	for code := range forPrograms {
		if code.Status() == http.StatusInternalServerError {
			t.Errorf("there is no code %s", code)
		}
	}
}
