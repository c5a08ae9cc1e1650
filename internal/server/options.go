package server

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// DefaultTokenLimit is the number of lexical tokens that a document may have.
// The introspection query has about 200.
const DefaultTokenLimit = 1500

// Options says how a [Server] behaves. The zero value is the strictest server:
// nobody is logged in, no other origin is allowed, no introspection, no hints.
type Options struct {
	// Authenticate reads the credentials of a request and returns the context
	// in which the request runs. A request without credentials is anonymous,
	// which is not an error. An error refuses the whole request, with the status
	// of its fault code. It may set cookies in [ResponseHeader]. Nil leaves every
	// request anonymous. See [Provided] for when the caller is known before the
	// credentials are confirmed.
	Authenticate func(*http.Request) (context.Context, error)
	// Early says that a query only reads. Such a query may begin while the caller's credentials
	// are still being checked, and its answer waits for the check. Nil means that none does.
	// Mutations never do.
	Early func(*graphql.OperationContext) bool
	// Caller returns a name for the caller in a context of Authenticate: the same for all
	// requests of one caller, empty without a login. It is compared and never shown. Nil means
	// that there is never a caller.
	Caller func(context.Context) string
	// Network returns a name for the network that a request in a context of Authenticate comes
	// from, such as an address. Empty means unknown. Nil means that it is never known.
	Network func(context.Context) string
	// Proxy says that a request comes from a proxy of ours: its X-Request-Id is kept where it is a
	// short plain token. Nil means that none does.
	Proxy func(*http.Request) bool
	// MaxOfCaller is how many requests of one caller are answered at once, and MaxOfNetwork how
	// many of one network without a caller, on this replica; more are RATE_LIMITED with status
	// 429. 0 is [DefaultMaxOfCaller] and [DefaultMaxOfNetwork]. When neither caller nor network
	// is known, there is no bound.
	MaxOfCaller, MaxOfNetwork int
	// Strangers is how many operations without a login are parsed, validated and executed at once;
	// others wait for a moment and are RATE_LIMITED then. 0 is no bound; see [StrangersAtOnce].
	Strangers int

	// Health says what /readyz tells. Nil means that nothing is known to be wrong.
	Health func() Health
	// Version is what /healthz tells of the program.
	Version string

	// Playground serves /playground and what lies below it; nil answers 404.
	Playground http.Handler
	// Downloads are files that are made for their callers, by path. Callers and origins are
	// judged exactly as for /graphql.
	Downloads map[string]Download
	// Mounts are further handlers by their [http.ServeMux] pattern.
	Mounts map[string]http.Handler

	// AllowedOrigins are the web origins, as "https://portal.example.no", whose
	// pages may call /graphql besides those served by this host itself.
	AllowedOrigins []string

	// Scalars read what a program puts into a scalar, by the scalar's name. An argument of a
	// mutation that one of them does not take refuses the operation before anything of it is
	// done; in a query it costs the field. Their errors are not shown.
	Scalars map[string]func(any) error

	// Asks says what fields, such as "Query.status", ask databases for or compute each time that
	// they are selected; the sum of an operation is bounded. Others count nothing.
	Asks map[string]int

	// Introspection lets clients read the schema.
	Introspection bool
	// Suggestions keeps "Did you mean" in the messages of validation.
	Suggestions bool
	// PersistedQueries serves automatic persisted queries; only authenticated
	// callers can register one.
	PersistedQueries bool
	// Security is whom to tell of a vulnerability; nil: that is not said.
	Security *Security
	// HSTS tells browsers to come by TLS alone, but for hosts on loopback.
	HSTS bool
	// Documents are what clients have registered; nil: nothing, and any document runs.
	Documents *Documents
	// QueriesByGet lets scripts send queries, never mutations, by GET. The
	// document and its variables then stand in the access logs of every proxy.
	QueriesByGet bool
	// TokenLimit bounds the tokens of a document; 0 is [DefaultTokenLimit].
	TokenLimit int

	// Around returns the context in which an operation is executed: the place
	// for per-request state such as loaders. It is not called for requests that
	// are refused before execution.
	Around func(context.Context) context.Context
	// Release is called after execution, with the context of Around and the errors of the
	// answer, before anything of it is sent. Its error refuses the answer whole, with the
	// status of its fault code: what must be on record before data leaves is put there.
	Release func(context.Context, gqlerror.List) error
	// Extensions is called after execution, with the context of Around; what it
	// returns becomes an entry of the response's extensions unless key is empty.
	Extensions func(context.Context) (key string, value any)

	// Observe is told of every request when it has been answered, in its context; nil: nobody is.
	Observe func(context.Context, Observed)

	// Logger receives the access log and the causes of INTERNAL errors; nil is
	// [slog.Default].
	Logger *slog.Logger
	// DrainDelay is how long Serve goes on accepting after readiness is off, so
	// that load balancers see it.
	DrainDelay time.Duration
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.TokenLimit == 0 {
		o.TokenLimit = DefaultTokenLimit
	}
	if o.Authenticate == nil {
		o.Authenticate = func(r *http.Request) (context.Context, error) { return r.Context(), nil }
	}
	if o.Caller == nil {
		o.Caller = func(context.Context) string { return "" }
	}
	if o.Proxy == nil {
		o.Proxy = func(*http.Request) bool { return false }
	}
	if o.Network == nil {
		o.Network = func(context.Context) string { return "" }
	}
	o.MaxOfCaller = cmp.Or(o.MaxOfCaller, DefaultMaxOfCaller)
	o.MaxOfNetwork = cmp.Or(o.MaxOfNetwork, DefaultMaxOfNetwork)
	return o
}
