package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/internal/fault"
)

const (
	internalMessage = "something went wrong here; it has been logged"
	// maxExecutionErrors leaves room for some agencies that are down at once.
	maxExecutionErrors = 20
	// maxLogged bounds the log lines that one request can cause.
	maxLogged = 20
)

// errPanicked marks an error that recovered has logged already.
var errPanicked = errors.New("panicked")

// present is the one place where an error of a resolver becomes what a client
// sees. A fault shows its code and message; everything else shows INTERNAL.
func (s *Server) present(ctx context.Context, err error) *gqlerror.Error {
	var located *gqlerror.Error
	errors.As(err, &located)
	path, into := splitPath(ctx, located)
	argument := joinPath(into)
	f := s.faultOf(ctx, err, into)
	out := coded(f.Code, told(ctx, f))
	out.Path = path
	out.Locations = locations(ctx, located)
	// A scalar knows what it is, not where it stands.
	if field := cmp.Or(argument, f.Field); field != "" {
		out.Extensions["field"] = field
	}
	if f.After > 0 {
		out.Extensions["retryAfterSeconds"] = f.After
	}
	if f.Agency != "" {
		out.Extensions["agency"] = f.Agency
	}
	s.logFault(ctx, f, err, path)
	return out
}

func (s *Server) faultOf(ctx context.Context, err error, argument ast.Path) *fault.Error {
	if len(argument) > 0 && !errors.As(err, new(*fault.Error)) {
		// A scalar's own text would repeat the value.
		if name := s.typeAt(ctx, argument); name != "" {
			return fault.Invalid(joinPath(argument), "the value is no %s; the schema says how one is written", name)
		}
		return fault.Invalid(joinPath(argument), "the value cannot be used")
	}
	return fault.Of(err)
}

// splitPath returns the path of the field in the response and, when the error
// arose while an argument was read, the path of that argument: gqlgen puts the
// latter behind the former.
func splitPath(ctx context.Context, located *gqlerror.Error) (path, argument ast.Path) {
	if located == nil {
		return graphql.GetPath(ctx), nil
	}
	field := graphql.GetFieldContext(ctx)
	if field == nil {
		return located.Path, nil
	}
	own := field.Path()
	if len(located.Path) <= len(own) {
		return located.Path, nil
	}
	return own, located.Path[len(own):]
}

// typeAt returns the name of the type of an argument, or of what is in it; empty where the
// schema has no such argument.
func (s *Server) typeAt(ctx context.Context, argument ast.Path) string {
	field := graphql.GetFieldContext(ctx)
	if field.Field.Field == nil || field.Field.Definition == nil {
		return ""
	}
	var at *ast.Type
	for _, element := range argument {
		name, ok := element.(ast.PathName)
		if !ok {
			continue
		}
		if at == nil {
			if a := field.Field.Definition.Arguments.ForName(string(name)); a != nil {
				at = a.Type
				continue
			}
		} else if f := s.schema.Types[at.Name()].Fields.ForName(string(name)); f != nil {
			at = f.Type
			continue
		}
		return ""
	}
	if at == nil {
		return ""
	}
	return at.Name()
}

// locations falls back on the field: gqlgen gives none to panics and arguments.
func locations(ctx context.Context, located *gqlerror.Error) []gqlerror.Location {
	if located != nil && located.Locations != nil {
		return located.Locations
	}
	if field := graphql.GetFieldContext(ctx); field != nil && field.Field.Field != nil && field.Field.Position != nil {
		return []gqlerror.Location{{Line: field.Field.Position.Line, Column: field.Field.Position.Column}}
	}
	return nil
}

// joinPath writes input.items[0].amount. A key that is no GraphQL name came from
// the client, and may be anything; one with many digits may be a number of somebody's.
func joinPath(path ast.Path) string {
	var b strings.Builder
	for _, element := range path {
		switch e := element.(type) {
		case ast.PathIndex:
			fmt.Fprintf(&b, "[%d]", int(e))
		case ast.PathName:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			if graphQLName(string(e)) {
				b.WriteString(maskDigits(string(e), 6))
			} else {
				b.WriteByte('?')
			}
		}
	}
	return cut(b.String())
}

func graphQLName(s string) bool {
	if s == "" || len(s) > 64 || '0' <= s[0] && s[0] <= '9' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// logFault writes what operators need, once per error and at most maxLogged
// times per request. What a client got wrong is not logged, nor what nobody
// waits for any more.
func (s *Server) logFault(ctx context.Context, f *fault.Error, err error, path ast.Path) {
	level := slog.LevelWarn
	switch {
	case f.Code == fault.Internal, f.Code == fault.SchemaMismatch && f.Cause != nil:
		level = slog.LevelError
	case f.Cause == nil: // what is left out of an agency's part has been logged where it was read
		return
	case f.Code != fault.AgencyUnavailable:
		level = slog.LevelDebug
	}
	if errors.Is(err, errPanicked) || errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return
	}
	if x := exchangeOf(ctx); x != nil && x.logged.Add(1) > maxLogged {
		return
	}
	s.log.LogAttrs(ctx, level, "field failed", slog.String("request_id", RequestID(ctx)),
		slog.String("code", string(f.Code)),
		slog.String("agency", f.Agency), slog.String("path", joinPath(path)), slog.String("cause", maskNumbers(causeOf(err))))
}

// causeOf returns the text of the error without gqlgen's positions.
func causeOf(err error) string {
	var located *gqlerror.Error
	if errors.As(err, &located) && located.Err != nil {
		return located.Err.Error()
	}
	return err.Error()
}

// recovered takes a panic of a resolver.
func (s *Server) recovered(ctx context.Context, broken any) error {
	s.log.LogAttrs(ctx, slog.LevelError, "field panicked", slog.String("request_id", RequestID(ctx)),
		slog.String("path", joinPath(graphql.GetPath(ctx))), slog.String("cause", panicText(broken)),
		slog.String("stack", string(debug.Stack())))
	return fault.Of(errPanicked)
}

func panicText(broken any) string { return maskNumbers(fmt.Sprint(broken)) }

// boundExecution cuts a long list, and hides errors that went around present.
func (s *Server) boundExecution(ctx context.Context, list gqlerror.List) gqlerror.List {
	list = list[:min(len(list), maxExecutionErrors)]
	for i, e := range list {
		if _, ok := e.Extensions["code"]; !ok {
			s.log.LogAttrs(ctx, slog.LevelError, "operation failed", slog.String("request_id", RequestID(ctx)),
				slog.String("cause", maskNumbers(e.Error())))
			list[i] = coded(fault.Internal, told(ctx, fault.New(fault.Internal, internalMessage)))
		}
	}
	return list
}

// maxMessage is what a client needs to read; longer ones only help to amplify.
const maxMessage = 200

// cut shortens a message to maxMessage bytes of whole characters.
func cut(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	end := maxMessage - len("…")
	for end > 0 && message[end]&0xC0 == 0x80 {
		end--
	}
	return message[:end] + "…"
}

// maskNumbers hides every run of eleven digits or more: national identity
// numbers, account numbers. It is the second net, behind not logging values.
func maskNumbers(s string) string { return maskDigits(s, 11) }

func maskDigits(s string, run int) string {
	var b []byte
	kept := 0
	for i := 0; i < len(s); {
		end := i
		for end < len(s) && '0' <= s[end] && s[end] <= '9' {
			end++
		}
		if end-i >= run {
			b = strconv.AppendInt(append(append(b, s[kept:i]...), '#'), int64(end-i), 10)
			kept = end
		}
		i = max(end, i+1)
	}
	if kept == 0 {
		return s
	}
	return string(append(b, s[kept:]...))
}
