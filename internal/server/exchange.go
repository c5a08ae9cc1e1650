package server

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
)

// Header values that never change are shared: a literal slice has no spare
// capacity, so that whoever adds to one gets a copy.
var (
	noSniff    = []string{"nosniff"}
	noStore    = []string{"no-store"}
	noReferrer = []string{"no-referrer"}
	closes     = []string{"close"} // or a client would send on a connection that ends just then
)

// exchange is one request and its answer: the response writer that notes what
// was sent, and what the log line at the end tells.
type exchange struct {
	http.ResponseWriter
	log     *slog.Logger
	id      string
	started time.Time
	level   slog.Level

	route     string
	operation string
	media     mediaType
	params    params

	status  int
	bytes   int64
	outcome Outcome
	observe func(context.Context, Observed)

	accepts  []string // Accept-Language
	asked    sync.Once
	language text.Language
	logged   atomic.Int32
	sample   *sample
	known    bool   // who asks is logged in
	leave    func() // ends that it counts as in flight; nil: it does not
}

type exchangeKey struct{}

func newExchange(w http.ResponseWriter, r *http.Request, opts Options) *exchange {
	x := &exchange{ResponseWriter: w, log: opts.Logger, id: requestID(r, opts.Proxy), started: time.Now(),
		level: slog.LevelDebug, accepts: r.Header["Accept-Language"]}
	h := w.Header()
	h["X-Request-Id"] = []string{x.id}
	return x
}

func (x *exchange) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// RequestID returns the id of the request that ctx belongs to, for logs; it is
// empty outside of a request.
func RequestID(ctx context.Context) string {
	if x := exchangeOf(ctx); x != nil {
		return x.id
	}
	return ""
}

// ResponseHeader returns the headers of the answer to the request that ctx belongs to, for
// who has a cookie to set; it is nil outside of a request.
func ResponseHeader(ctx context.Context) http.Header {
	if x := exchangeOf(ctx); x != nil {
		return x.Header()
	}
	return nil
}

// maxRequestID is long enough for a UUID, a ULID and a W3C trace id.
const maxRequestID = 64

// requestID takes the id of a proxy of ours when it is a short plain token, since it goes into logs
// and a header: nobody else names what stands there. Many digits could be anybody's number.
func requestID(r *http.Request, proxy func(*http.Request) bool) string {
	if given := r.Header["X-Request-Id"]; len(given) == 1 && plainToken(given[0]) && proxy(r) {
		return given[0]
	}
	raw := binary.NativeEndian.AppendUint64(make([]byte, 0, 12), rand.Uint64())
	return hex.EncodeToString(binary.NativeEndian.AppendUint32(raw, rand.Uint32()))
}

func plainToken(s string) bool {
	plain := func(c rune) bool {
		return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.ContainsRune("-_.", c)
	}
	if s == "" || len(s) > maxRequestID || strings.ContainsFunc(s, func(c rune) bool { return !plain(c) }) {
		return false
	}
	// Eleven digits within a longer hexadecimal number are chance.
	digits := strings.FieldsFunc(s, func(c rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", c) })
	return !slices.ContainsFunc(digits, func(part string) bool {
		return len(part) >= 11 &&
			strings.Trim(part, "0123456789") == ""
	})
}

// WriteHeader notes the status.
func (x *exchange) WriteHeader(status int) {
	if x.status == 0 && status >= 200 {
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (x *exchange) Write(p []byte) (int, error) {
	if x.status == 0 {
		x.status = http.StatusOK
	}
	n, err := x.ResponseWriter.Write(p)
	x.bytes += int64(n)
	return n, err
}

// Unwrap lets [http.ResponseController] reach the connection.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// finish is deferred around a request: it turns a panic into a 500 and writes
// the one log line. Neither has a value of the request in it.
func (x *exchange) finish(r *http.Request) {
	broken := recover()
	if x.leave != nil {
		defer x.leave()
	}
	if broken != nil && broken != any(http.ErrAbortHandler) {
		x.log.LogAttrs(r.Context(), slog.LevelError, "request panicked", slog.String("request_id", x.id),
			slog.String("cause", panicText(broken)), slog.String("stack", string(debug.Stack())))
		if x.status == 0 {
			x.refuse(http.StatusInternalServerError, fault.Internal, internalMessage)
			broken = nil
		} else {
			broken = http.ErrAbortHandler
		}
	}
	x.access(r)
	x.observed(r.Context())
	if broken != nil {
		panic(broken)
	}
}

func (x *exchange) access(r *http.Request) {
	if !x.log.Enabled(r.Context(), x.level) {
		return
	}
	route := x.route
	if route == "" {
		route = "none"
	}
	left := 0
	if 400 <= x.status && x.status < 500 && !x.known {
		var ok bool
		if left, ok = x.sample.line(route, x.status, time.Now()); !ok {
			return
		}
	}
	x.log.LogAttrs(r.Context(), x.level, "request",
		slog.String("request_id", x.id), slog.String("method", method(r)), slog.String("route", route),
		slog.String("operation", x.operation), slog.Int("status", x.status), slog.Int64("bytes", x.bytes),
		slog.Duration("took", time.Since(x.started)), slog.Int("left_out", left))
}

// method keeps invented methods, which may be any text, out of the log.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect:
		return r.Method
	}
	return "other"
}
