package server

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/internal/aside"
	"github.com/oversikt/oversikt/internal/fault"
)

// post is the transport for one request and one answer. gqlgen's own echoes a
// broken body, reads any length and answers 422, so this one takes its place.
type post struct {
	*Server
	persisted persisted
	uploads   *uploads
	large     chan struct{} // turns of large answers
	strangers *strangers
}

var _ graphql.Transport = post{}

// serveGraphQL answers requests to /graphql that the origin checks let through.
func (s *Server) serveGraphQL(w http.ResponseWriter, r *http.Request) {
	x := w.(*exchange)
	if !s.post.Supports(r) {
		x.Header()["Allow"] = []string{http.MethodPost}
		x.refuse(http.StatusMethodNotAllowed, fault.MethodNotAllowed, "use POST")
		return
	}
	s.post.Do(x, r, s.exec)
}

// Supports implements [graphql.Transport].
func (p post) Supports(r *http.Request) bool {
	return r.Method == http.MethodPost || r.Method == http.MethodGet && p.opts.QueriesByGet && byScript(r)
}

// Do implements [graphql.Transport]. The writer is the exchange of this server.
func (p post) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	x := w.(*exchange)
	media, acceptable := negotiate(r.Header["Accept"])
	x.media = media
	switch {
	case !acceptable:
		x.refuse(http.StatusNotAcceptable, fault.NotAcceptable,
			"accept application/graphql-response+json or application/json")
		return
	case r.Method == http.MethodPost && !jsonBody(r.Header):
		x.Header()["Accept-Encoding"] = []string{"identity"}
		x.refuse(http.StatusUnsupportedMediaType, fault.UnsupportedMediaType,
			"send application/json in UTF-8 without Content-Encoding")
		return
	}
	ctx, err := p.opts.Authenticate(r)
	if err != nil {
		p.refuseCaller(x, r, cmp.Or(held(ctx), err))
		return
	}
	limit, done, err := p.admit(ctx, r)
	defer done()
	made := p.reply(ctx, x, r, exec, limit, err)
	if err := held(ctx); err != nil {
		p.refuseCaller(x, r, err)
		return
	}
	x.send(made)
}

// reply makes the answer, and sends nothing of it.
func (p post) reply(ctx context.Context, x *exchange, r *http.Request, exec graphql.GraphExecutor, limit int64,
	notAdmitted error) (made reply) {
	if notAdmitted != nil {
		return x.crowded(ctx, notAdmitted, retryAfter)
	}
	if r.Method == http.MethodGet {
		return p.answer(ctx, x, r, exec, func() (bool, error) { return readURL(r.URL, &x.params) })
	}
	received, err := receive(x, r, limit)
	if err != nil {
		return x.refused(err)
	}
	decode := func() (bool, error) { return received.decode(&x.params) }
	if !received.large() {
		return p.answer(ctx, x, r, exec, decode)
	}
	done, err := p.uploads.open(ctx)
	if err != nil {
		return x.crowded(ctx, err, retryAfter)
	}
	defer done()
	aside.Do(func() { made = p.answer(ctx, x, r, exec, decode) })
	return made
}

// answer decodes the request, which may take long if it is large, and executes it.
func (p post) answer(ctx context.Context, x *exchange, r *http.Request, exec graphql.GraphExecutor,
	decode func() (hasQuery bool, err error)) reply {
	hasQuery, err := decode()
	if err == nil {
		err = p.complete(ctx, x, hasQuery)
	}
	if err != nil {
		return x.refused(err)
	}
	return p.execute(ctx, x, r, exec)
}

// admit returns how long the body may be. A large one, from a caller who is logged in, waits
// for its turn, so that memory for a few is enough; done ends it.
func (p post) admit(ctx context.Context, r *http.Request) (limit int64, done func(), err error) {
	done = func() {}
	if r.ContentLength <= maxBody {
		return maxBody, done, nil
	}
	if err := held(ctx); err != nil {
		return 0, done, err
	}
	who := p.opts.Caller(ctx)
	switch {
	case who == "":
		return maxBody, done, nil
	case r.ContentLength > maxUpload: // whose body is not read
		return maxUpload, done, nil
	}
	leave, err := p.uploads.enter(ctx, who)
	if err != nil {
		return 0, done, err
	}
	return maxUpload, leave, nil
}

// complete puts the document into the request that names one.
func (p post) complete(ctx context.Context, x *exchange, hasQuery bool) error {
	if len(x.params.Query) > maxBody {
		return tooLarge(maxBody)
	}
	if done, err := p.opts.Documents.find(&x.params, hasQuery, p.log); done || err != nil {
		return err
	}
	mayRegister := func() bool { return held(ctx) == nil && p.opts.Caller(ctx) != "" }
	return p.persisted.complete(&x.params.RawParams, hasQuery, mayRegister)
}

func (p post) execute(ctx context.Context, x *exchange, r *http.Request, exec graphql.GraphExecutor) reply {
	ctx = graphql.StartOperationTrace(ctx)
	x.params.Headers = r.Header
	stay, err := p.stay(ctx, x.params.Query)
	if err != nil {
		return x.crowded(ctx, err, "1")
	}
	defer stay.end()
	op, failures := p.prepare(ctx, exec, &x.params.RawParams)
	if len(failures) > 0 {
		return reply{status: requestStatus(x.media), body: &graphql.Response{Errors: p.presentRequest(x, op, failures)}}
	}
	x.operation = maskNumbers(op.Operation.Name[:min(len(op.Operation.Name), 64)])
	switch kind := op.Operation.Operation; {
	case kind != ast.Mutation && x.params.size > maxBody: // what is handed in is handed in by a mutation
		return x.refused(tooLarge(maxBody))
	case kind == ast.Subscription:
		return x.refusal(http.StatusBadRequest, fault.New(fault.BadRequest, "subscriptions are not served over POST"))
	case kind != ast.Query && r.Method == http.MethodGet:
		return x.refusal(http.StatusMethodNotAllowed, fault.New(fault.MethodNotAllowed, "use POST for mutations")).with("Allow",
			http.MethodPost)
	}
	if err := stay.goOn(ctx, op.Operation.Operation); err != nil {
		return x.crowded(ctx, err, "1")
	}
	if !p.early(op) && held(ctx) != nil {
		return reply{}
	}
	if p.opts.Around != nil {
		ctx = p.opts.Around(ctx)
	}
	ctx, resp := p.run(ctx, exec, op)
	if held(ctx) != nil {
		return reply{} // before it is put on record that somebody has looked
	}
	if resp == nil { // gqlgen gives none when the context is done: nobody waits for it
		return x.refusal(http.StatusServiceUnavailable, fault.New(fault.Internal, internalMessage))
	}
	if err := p.release(ctx, resp.Errors); err != nil {
		f := fault.Of(err)
		return x.refusal(max(f.Code.Status(), http.StatusInternalServerError), f).with("Retry-After", retryAfter)
	}
	p.extend(ctx, resp)
	resp.Errors = p.boundExecution(ctx, resp.Errors)
	made := reply{status: http.StatusOK, body: resp}
	if len(resp.Data) == 0 {
		made.status = refusedStatus(x.media, resp.Errors)
		if made.status == http.StatusUnauthorized {
			made = made.with("Www-Authenticate", "Bearer")
		}
	}
	return made
}

// stay takes a place for an operation without a login.
func (p post) stay(ctx context.Context, document string) (*stay, error) {
	if p.opts.Caller(ctx) != "" {
		return nil, nil
	}
	return p.strangers.enter(ctx, document)
}

// crowded is the answer to who got no place; none to who has gone.
func (x *exchange) crowded(ctx context.Context, err error, after string) reply {
	if ctx.Err() != nil {
		return reply{}
	}
	made := x.refused(err)
	if fault.Of(err) == errManyUploads { // others have all places
		made.status = http.StatusServiceUnavailable
	}
	return made.with("Retry-After", after)
}

// early says whether an operation may begin before it is certain that the caller's
// credentials hold.
func (p post) early(op *graphql.OperationContext) bool {
	return op.Operation.Operation == ast.Query && p.opts.Early != nil && p.opts.Early(op)
}

// run executes an operation, one with a large answer when it is its turn. The response is nil
// when the context is done.
func (p post) run(ctx context.Context, exec graphql.GraphExecutor, op *graphql.OperationContext) (context.Context,
	*graphql.Response) {
	if op.Stats.GetExtension(limitsName) != nil {
		select {
		case p.large <- struct{}{}:
			defer func() { <-p.large }()
		case <-ctx.Done():
			return ctx, nil
		}
	}
	next, ctx := exec.DispatchOperation(ctx, op)
	return ctx, next(ctx)
}

// prepare parses, validates and coerces. gqlparser panics on some odd variables;
// that is the request's fault, and ours to look at.
func (p post) prepare(ctx context.Context, exec graphql.GraphExecutor,
	params *graphql.RawParams) (op *graphql.OperationContext, failures gqlerror.List) {
	defer func() {
		if broken := recover(); broken != nil {
			p.log.LogAttrs(ctx, slog.LevelError, "preparing a document panicked", slog.String("request_id", RequestID(ctx)),
				slog.String("cause", panicText(broken)), slog.String("stack", string(debug.Stack())))
			failures = gqlerror.List{gqlerror.Errorf("the document or its variables cannot be used")}
		}
	}()
	op, failures = exec.CreateOperationContext(ctx, params)
	op.DisableIntrospection = !p.opts.Introspection
	return op, failures
}

func (p post) release(ctx context.Context, failures gqlerror.List) error {
	if p.opts.Release == nil {
		return nil
	}
	err := p.opts.Release(ctx, failures)
	if err != nil {
		p.log.LogAttrs(ctx, slog.LevelError, "answer withheld", slog.String("request_id", RequestID(ctx)),
			slog.String("cause", maskNumbers(err.Error())))
	}
	return err
}

func (p post) extend(ctx context.Context, resp *graphql.Response) {
	if p.opts.Extensions == nil {
		return
	}
	key, value := p.opts.Extensions(ctx)
	if key == "" {
		return
	}
	if resp.Extensions == nil {
		resp.Extensions = map[string]any{}
	}
	resp.Extensions[key] = value
}

// requestStatus is the status of a well-formed request that was not executed.
func requestStatus(media mediaType) int {
	if media == mediaGraphQL {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// refusedStatus is the status of an operation that was not executed. With
// application/graphql-response+json it is the code's own; with application/json clients look
// into the body.
func refusedStatus(media mediaType, failures gqlerror.List) int {
	if media == mediaGraphQL && len(failures) > 0 {
		if code, ok := failures[0].Extensions["code"].(fault.Code); ok &&
			(code == fault.Unauthenticated || code == fault.Forbidden) {
			return code.Status()
		}
	}
	return requestStatus(media)
}

// retryAfter is how many seconds a caller waits who could not be judged.
const retryAfter = "5"

// refuseCaller answers credentials that were presented and are no good, that do not
// entitle to what they are for, or that cannot be judged now: a key set that cannot be
// reached says nothing about the caller.
func (p post) refuseCaller(x *exchange, r *http.Request, err error) {
	f := fault.Of(err)
	status, level, text := f.Code.Status(), slog.LevelInfo, "caller refused"
	switch {
	case status < http.StatusBadRequest || status >= http.StatusInternalServerError:
		status, level, text = http.StatusServiceUnavailable, slog.LevelError, "authentication is not possible"
		x.Header()["Retry-After"] = []string{retryAfter}
	case status == http.StatusUnauthorized && r.Header["Authorization"] == nil:
		x.Header()["Www-Authenticate"] = []string{"Bearer"}
	case status == http.StatusUnauthorized:
		x.Header()["Www-Authenticate"] = []string{`Bearer error="invalid_token"`}
	}
	_, line := p.sample.line(text, status, time.Now())
	if line && !errors.Is(err, context.Canceled) {
		p.log.LogAttrs(r.Context(), level, text, slog.String("request_id", x.id),
			slog.String("code", string(f.Code)), slog.String("cause", maskNumbers(err.Error())))
	}
	x.refuseAt(status, f)
}
