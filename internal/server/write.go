package server

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/internal/fault"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooledResponse keeps the buffer of an unusual answer from staying for ever.
const maxPooledResponse = 512 << 10

// respond writes a response at once, with its length.
func (x *exchange) respond(status int, resp *graphql.Response) {
	x.outcome = outcomeOf(status, resp)
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	if err := appendResponse(buf, resp); err != nil {
		x.log.Error("response extensions cannot be encoded", slog.String("request_id", x.id),
			slog.String("cause", err.Error()))
	}
	if len(resp.Errors) > 0 {
		x.Header().Add("Vary", "Accept-Language")
	}
	x.write(status, x.media.contentType(), buf.Bytes())
	if buf.Cap() <= maxPooledResponse {
		buffers.Put(buf)
	}
}

// appendResponse writes errors, data, extensions in this order. The data is what
// the executor has written already; encoding/json would copy and scan it again.
// Without data there is no entry of that name: the request was not executed.
func appendResponse(buf *bytes.Buffer, resp *graphql.Response) (err error) {
	open := byte('{')
	if len(resp.Errors) > 0 {
		buf.WriteByte(open)
		buf.WriteString(`"errors":`)
		buf.Write(marshalErrors(resp.Errors))
		open = ','
	}
	if len(resp.Data) > 0 {
		buf.WriteByte(open)
		buf.WriteString(`"data":`)
		buf.Write(resp.Data)
		open = ','
	}
	if len(resp.Extensions) > 0 {
		var extensions []byte
		if extensions, err = json.Marshal(resp.Extensions); err == nil {
			buf.WriteByte(open)
			buf.WriteString(`"extensions":`)
			buf.Write(extensions)
			open = ','
		}
	}
	if open == '{' {
		buf.WriteByte('{')
	}
	buf.WriteByte('}')
	return err
}

func marshalErrors(list gqlerror.List) []byte {
	text, err := json.Marshal(list)
	if err != nil { // an extension of ours is a string or a bool, but gqlgen's handlers may add any
		text, _ = json.Marshal(gqlerror.List{{Message: internalMessage, Extensions: map[string]any{"code": fault.Internal}}})
	}
	return text
}

func (x *exchange) write(status int, contentType []string, text []byte) {
	h := x.Header()
	h["Content-Type"] = contentType
	h["Content-Length"] = []string{strconv.Itoa(len(text))}
	x.WriteHeader(status)
	_, _ = x.Write(text)
}

// refuse answers a request that was not taken up at all.
func (x *exchange) refuse(status int, code fault.Code, message string) {
	x.refuseAt(status, fault.New(code, "%s", message))
}

// refuseAt is refuse by a fault, which may name what is wrong.
func (x *exchange) refuseAt(status int, f *fault.Error) {
	x.Header()["Cache-Control"] = noStore
	x.send(x.refusal(status, f))
}

// reply is what a request comes to, of which nothing has been sent. The zero reply is none.
type reply struct {
	status        int
	body          *graphql.Response
	header, value string // one of its own, if any
}

func (r reply) with(header, value string) reply {
	r.header, r.value = header, value
	return r
}

func (x *exchange) send(r reply) {
	if r.header != "" {
		x.Header()[r.header] = []string{r.value}
	}
	if r.body != nil {
		x.respond(r.status, r.body)
	}
}

// refusal is the answer to a request that was not taken up at all.
func (x *exchange) refusal(status int, f *fault.Error) reply {
	e := coded(f.Code, f.In(x.speaks()))
	if f.Field != "" {
		e.Extensions["field"] = f.Field
	}
	if f.After > 0 {
		e.Extensions["retryAfterSeconds"] = f.After
	}
	return reply{status: status, body: &graphql.Response{Errors: gqlerror.List{e}}}
}

// refused is the refusal for an error. Those of persisted queries are GraphQL errors to a
// well-formed request, the others are not.
func (x *exchange) refused(err error) reply {
	f := fault.Of(err)
	switch f.Code {
	case fault.PersistedQueryNotFound, fault.PersistedQueryNotSupported, fault.PersistedDocumentNotFound,
		fault.PersistedDocumentIDRequired:
		return x.refusal(requestStatus(x.media), f)
	default:
		return x.refusal(max(f.Code.Status(), http.StatusBadRequest), f)
	}
}

func coded(code fault.Code, message string) *gqlerror.Error {
	extensions := map[string]any{"code": code}
	if retryable[code] {
		extensions["retryable"] = true
	}
	return &gqlerror.Error{Message: cut(message), Extensions: extensions}
}

var retryable = func() map[fault.Code]bool {
	codes := map[fault.Code]bool{}
	for _, entry := range fault.Catalogue {
		codes[entry.Code] = entry.Retry
	}
	return codes
}()
