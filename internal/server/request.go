package server

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/oversikt/oversikt/internal/fault"
)

// maxRequestErrors is enough to mend a document by; a document can be wrong in
// thousands of places.
const maxRequestErrors = 5

// presentRequest turns the errors of parsing, validation and coercion into what
// a client sees. Names and types may be shown; values may not, as somebody's
// national identity number may be among them.
func (s *Server) presentRequest(x *exchange, op *graphql.OperationContext, list gqlerror.List) gqlerror.List {
	out := make(gqlerror.List, 0, min(len(list), maxRequestErrors))
	for _, e := range list[:min(len(list), maxRequestErrors)] {
		code := fault.ValidationFailed
		switch given := e.Extensions["code"].(type) {
		case string:
			code = fault.Code(given)
		case fault.Code:
			code = given
		}
		var shown *gqlerror.Error
		switch {
		case len(e.Path) > 1 && e.Path[0] == ast.PathName("variable"):
			shown = variableError(op, e)
		case len(e.Path) > 1 && e.Path[0] == ast.PathName("argument"):
			field := joinPath(e.Path[1:])
			shown = wrongValue(field, field+" "+valueReason(e.Message))
			shown.Locations = e.Locations
		case ofValue(e.Rule):
			shown = wrongValue(placeOf(x.params.Query, s.opts.TokenLimit, e.Locations), s.requestMessage(code, e))
			shown.Locations = e.Locations
		default:
			shown = coded(code, s.requestMessage(code, e))
			if code == fault.Unauthenticated || code == fault.Forbidden { // a person meets these, too
				shown.Message = fault.New(code, "%s", shown.Message).In(x.speaks())
			}
			shown.Locations = e.Locations
		}
		out = append(out, shown)
	}
	return out
}

func (s *Server) requestMessage(code fault.Code, e *gqlerror.Error) string {
	message := e.Message
	switch {
	case code == fault.ParseFailed:
		message = parseMessage(message)
	case ofValue(e.Rule):
		message = valueMessage(message)
	case e.Rule == "" && strings.HasPrefix(message, "operation ") && strings.HasSuffix(message, " not found"):
		message = "operationName names no operation of the document, or is missing where there are several"
	}
	if !s.opts.Suggestions {
		message, _, _ = strings.Cut(message, " Did you mean")
	}
	return maskDigits(message, 6)
}

// parseMessage drops the text of literals, and the rest of the document that the
// lexer quotes after a bad escape.
func parseMessage(message string) string {
	if strings.HasPrefix(message, "Invalid character escape sequence") {
		return "Invalid character escape sequence."
	}
	if strings.Contains(message, "<Invalid>") {
		return "Invalid character, number or string."
	}
	for _, kind := range [...]string{`String "`, `Int "`, `Float "`, `Comment "`} {
		if at := strings.Index(message, kind); at >= 0 {
			return message[:at+len(kind)-2] + "."
		}
	}
	return message
}

// valueMessage drops the value from the messages of one rule, whose forms are
// `Expected value of type "T", found V.`, `T cannot represent ...: V` and
// `Value "V" does not exist in "T" enum.`; what names a field has none.
func valueMessage(message string) string {
	if rest, ok := strings.CutPrefix(message, `Value "`); ok {
		if _, after, found := strings.Cut(rest, `" does not exist in `); found {
			return "The value does not exist in " + after
		}
		return "The value does not exist."
	}
	if before, _, ok := strings.Cut(message, `, found `); ok {
		return before + "."
	}
	if before, _, ok := strings.Cut(message, ` value: `); ok {
		return before + " value."
	}
	return message
}

// variableError names the variable and where in it the fault lies.
func variableError(op *graphql.OperationContext, e *gqlerror.Error) *gqlerror.Error {
	field := joinPath(e.Path[1:])
	shown := wrongValue(field, "Variable $"+field+" "+valueReason(e.Message))
	if op == nil || op.Operation == nil {
		return shown
	}
	if name, ok := e.Path[1].(ast.PathName); ok {
		if definition := op.Operation.VariableDefinitions.ForName(string(name)); definition != nil &&
			definition.Position != nil {
			shown.Locations = []gqlerror.Location{{Line: definition.Position.Line, Column: definition.Position.Column}}
		}
	}
	return shown
}

// valueReason lets through only the texts that are known to hold no value.
func valueReason(message string) string {
	switch {
	case message == "must be defined", message == "cannot be null", message == oneMember, message == oddText:
		return message
	case message == "unknown field":
		return "is no field of its type"
	case strings.HasPrefix(message, "must be a "): // a number is a string to gqlparser
		kind, _, _ := strings.Cut(message, ",")
		return kind
	case strings.HasPrefix(message, "cannot use value "):
		return "is out of range of its type"
	case message == "enums must be ints or strings":
		return "is no value of its enum"
	case strings.HasPrefix(message, "cannot use ") && strings.HasSuffix(message, " as Boolean"):
		return "is neither true nor false"
	case strings.HasPrefix(message, "cannot use "):
		return kinds.Replace(message)
	}
	if at := strings.LastIndex(message, " is not a valid "); at >= 0 {
		if name := message[at+len(" is not a valid "):]; graphQLName(name) {
			return "is not a valid " + name
		}
	}
	return "has a value that cannot be used"
}

// kinds writes what gqlparser calls the kinds of Go as JSON calls them.
var kinds = strings.NewReplacer("cannot use map as", "cannot use object as", "cannot use slice as", "cannot use list as",
	"cannot use bool as", "cannot use boolean as", "cannot use float64 as", "cannot use number as")

// wrongValue is the error of a value, in an argument or a variable, that does not fit its type.
// field is where it stands, from the argument or the variable.
func wrongValue(field, message string) *gqlerror.Error {
	shown := coded(fault.BadUserInput, message)
	if field != "" {
		shown.Extensions["field"] = field
	}
	return shown
}
