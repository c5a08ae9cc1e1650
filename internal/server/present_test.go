package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/internal/fault"
)

type resolver = func(context.Context, map[string]any) (string, error)

func fails(text string) resolver {
	return func(context.Context, map[string]any) (string, error) { return "", errors.New(text) }
}

func failsWith(err error) resolver {
	return func(context.Context, map[string]any) (string, error) { return "", err }
}

func TestPresent(t *testing.T) {
	t.Parallel()
	argument := func(err error) resolver {
		return func(ctx context.Context, _ map[string]any) (string, error) {
			ctx = graphql.WithPathContext(ctx, graphql.NewPathWithField("filter"))
			ctx = graphql.WithPathContext(ctx, graphql.NewPathWithField("nationalId"))
			return "", graphql.ErrorOnPath(ctx, err)
		}
	}
	tests := map[string]struct {
		resolve             resolver
		code, message       string
		field, agency       string
		retryable           bool
		logged, neverLogged string
		reason              string
	}{
		"fault": {
			resolve: failsWith(fault.New(fault.NotFound, "no such case")), code: "NOT_FOUND", message: "no such case",
			neverLogged: "field failed", reason: "what the client got wrong is no event",
		},
		"wrapped fault": {
			resolve: failsWith(fmt.Errorf("load: %w", fault.Invalid("input.amount", "too large"))), code: "BAD_USER_INPUT",
			message: "too large", field: "input.amount", neverLogged: "field failed", reason: "found in the chain",
		},
		"agency": {
			resolve: failsWith(fault.New(fault.AgencyUnavailable,
				"no answer").At("nord").Because(errors.New("dial tcp: refused"))),
			code: "AGENCY_UNAVAILABLE", message: "no answer", agency: "nord", retryable: true,
			logged: "dial tcp: refused", reason: "the operator sees the cause, the client does not",
		},
		"anything else": {
			resolve: fails("SQLSTATE 42P01 for 01010112345"), code: "INTERNAL", message: internalMessage, retryable: true,
			logged: "SQLSTATE 42P01 for #11", neverLogged: "01010112345", reason: "constant message, masked cause",
		},
		"panic": {
			resolve: func(context.Context, map[string]any) (string, error) { panic("index 01010112345 out of range") },
			code:    "INTERNAL", message: internalMessage, retryable: true,
			logged: "present_test.go", neverLogged: "01010112345", reason: "the stack is logged",
		},
		"argument": {
			resolve: argument(errors.New("strconv: parsing 01010112345")), code: "BAD_USER_INPUT",
			message: "the value cannot be used",
			field:   "filter.nationalId", neverLogged: "field failed", reason: "the scalar's text repeats the value",
		},
		"argument with a fault": {
			resolve: argument(fault.New(fault.BadUserInput, "eleven digits")), code: "BAD_USER_INPUT", message: "eleven digits",
			field: "filter.nationalId", neverLogged: "field failed", reason: "the scalar's own message, at its place",
		},
		"long message": {
			resolve: failsWith(fault.New(fault.NotFound, "%s", strings.Repeat("å", 150))), code: "NOT_FOUND",
			message: strings.Repeat("å", 98) + "…", neverLogged: "field failed", reason: "cut to 200 bytes of whole characters",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, resolvers{"hello": tt.resolve}, Options{})
			w := b.do(request(document("{a: hello}")))
			a := parse(t, w)
			if w.Code != http.StatusOK || len(a.Errors) != 1 {
				t.Fatalf("status %d, body %s", w.Code, w.Body)
			}
			e := a.Errors[0]
			if e.Message != tt.message || e.Extensions.Code != tt.code || e.Extensions.Field != tt.field ||
				e.Extensions.Agency != tt.agency || e.Extensions.Retryable != tt.retryable {
				t.Errorf("%s: got %+v", tt.reason, e)
			}
			if len(e.Path) != 1 || e.Path[0] != "a" || len(e.Locations) != 1 || e.Locations[0].Column != 2 {
				t.Errorf("path %v, locations %v", e.Path, e.Locations)
			}
			if log := b.log.String(); !strings.Contains(log, tt.logged) || tt.neverLogged != "" &&
				strings.Contains(log, tt.neverLogged) {
				t.Errorf("%s: log %s", tt.reason, log)
			}
		})
	}
}

func TestPanicIsLoggedOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, resolvers{"hello": func(context.Context, map[string]any) (string, error) { panic("x") }}, Options{})
	id := b.do(request(document("{hello}"))).Header().Get("X-Request-Id")
	log := b.log.String()
	if strings.Count(log, "level=ERROR") != 1 || strings.Count(log, "request_id="+id) != 2 ||
		!strings.Contains(log, "path=hello") {
		t.Errorf("log %s", log)
	}
}

func TestCancelledRequestIsNoError(t *testing.T) {
	t.Parallel()
	b := setup(t, resolvers{"hello": func(ctx context.Context, _ map[string]any) (string, error) {
		<-ctx.Done()
		return "", fmt.Errorf("query: %w", ctx.Err())
	}}, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	b.opts.Around = func(ctx context.Context) context.Context { cancel(); return ctx }
	b.do(request(document("{hello}")).WithContext(ctx))
	if log := b.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("log %s", log)
	}
}

func TestExecutionErrorsAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t, resolvers{"hello": fails("broken")}, Options{})
	var query strings.Builder
	for i := range 50 {
		fmt.Fprintf(&query, " a%d:hello", i)
	}
	a := parse(t, b.do(request(document("{"+query.String()+"}"))))
	if len(a.Errors) != maxExecutionErrors {
		t.Errorf("%d errors", len(a.Errors))
	}
	if got := strings.Count(b.log.String(), "field failed"); got != maxLogged {
		t.Errorf("%d log lines", got)
	}
}

func TestErrorsAroundThePresenter(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Options{})
	ctx := (&exchange{id: "req-1"}).context(t.Context())
	got := b.boundExecution(ctx, gqlerror.List{gqlerror.Errorf("no number 01010112345"),
		coded(fault.NotFound, "no such case")})
	if got[0].Message != internalMessage || got[1].Message != "no such case" {
		t.Errorf("%v", got)
	}
	if log := b.log.String(); !strings.Contains(log, "request_id=req-1") || !strings.Contains(log, "no number #11") ||
		strings.Count(log, "\n") != 1 {
		t.Errorf("log %s", log)
	}
}

func TestMaskNumbers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want, reason string }{
		"none":      {"no number", "no number", "unchanged"},
		"short":     {"port 5432, 1234567890", "port 5432, 1234567890", "ten digits are no national id"},
		"eleven":    {"for 01010112345", "for #11", "hidden"},
		"beginning": {"01010112345 twice 01010112345!", "#11 twice #11!", "each of them"},
		"longer":    {"x123456789012345", "x#15", "KID and account numbers too"},
		"empty":     {"", "", "unchanged"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := maskNumbers(tt.in); got != tt.want {
				t.Errorf("maskNumbers(%q) = %q, want %q: %s", tt.in, got, tt.want, tt.reason)
			}
		})
	}
}
