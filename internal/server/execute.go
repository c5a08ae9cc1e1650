package server

import (
	"context"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/oversikt/oversikt/internal/text"
)

const (
	// maxDocuments and maxDocument bound the memory of parsed documents: a tree
	// takes some hundred bytes a token.
	maxDocuments = 500
	maxDocument  = 16 << 10
	// maxPublic is the same for documents of those who are not logged in: whoever invents many
	// long ones must not push out those of everybody else.
	maxPublic = 4 << 10
)

func newExecutor(schema graphql.ExecutableSchema, s *Server) *executor.Executor {
	exec := executor.New(schema)
	exec.SetErrorPresenter(s.present)
	exec.SetRecoverFunc(s.recovered)
	exec.SetParserTokenLimit(s.opts.TokenLimit)
	exec.SetDisableSuggestion(!s.opts.Suggestions)
	valid := newDocuments()
	exec.SetQueryCache(valid)
	exec.Use(escapes{})
	exec.Use(limits{valid, s.opts.TokenLimit, s.opts.Asks})
	exec.Use(&values{scalars: s.opts.Scalars})
	exec.SetDefaultRulesFn(func() *rules.Rules {
		all := rules.NewDefaultRules()
		all.AddRule("NoDefer", noDefer)
		all.AddRule(noOddTextsName, noOddTexts)
		all.AddRule(noWideIntsName, noWideInts)
		if !s.opts.Introspection {
			all.AddRule("NoIntrospection", noIntrospection)
		}
		return all
	})
	return exec
}

// noDefer refuses @defer, which gqlgen knows in every schema: one response
// cannot carry what comes later, and the fields would just be missing.
func noDefer(observers *core.Events, addError core.AddErrFunc) {
	observers.OnDirective(func(_ *core.Walker, directive *ast.Directive) {
		if directive.Name == "defer" {
			addError(core.Message(`Directive "@defer" is not served here.`), core.At(directive.Position))
		}
	})
}

const noOddTextsName = "NoOddTexts"

// noOddTexts refuses texts in the document of a query that nobody can have typed; those of
// variables are refused by values.
func noOddTexts(observers *core.Events, addError core.AddErrFunc) {
	observers.OnValue(func(w *core.Walker, v *ast.Value) {
		if w.CurrentOperation != nil && w.CurrentOperation.Operation == ast.Mutation ||
			v.Kind != ast.StringValue && v.Kind != ast.BlockValue || v.Definition == nil || v.Definition.Name != "String" {
			return
		}
		if !text.Plain(v.Raw) {
			addError(core.Message("The text %s.", oddText), core.At(v.Position))
		}
	})
}

const noWideIntsName = "NoWideInts"

// noWideInts refuses an Int in a document that 64 bits hold and 32 do not: gqlparser refuses only
// what is larger. Those of variables are refused by values.
func noWideInts(observers *core.Events, addError core.AddErrFunc) {
	observers.OnValue(func(_ *core.Walker, v *ast.Value) {
		if v.Kind != ast.IntValue || v.Definition == nil || v.Definition.Name != "Int" {
			return
		}
		if n, err := strconv.ParseInt(v.Raw, 10, 64); err == nil && isInt(n) != nil {
			addError(core.Message("Int cannot represent non 32-bit signed integer value."), core.At(v.Position))
		}
	})
}

// ofValue says whether a rule of validation is about a value.
func ofValue(rule string) bool {
	return strings.HasPrefix(rule, "ValuesOfCorrectType") || rule == noOddTextsName || rule == noWideIntsName
}

// noIntrospection refuses in validation, because gqlgen's own refusal is an
// error of a field that cannot be told from a fault of ours.
func noIntrospection(observers *core.Events, addError core.AddErrFunc) {
	observers.OnField(func(_ *core.Walker, field *ast.Field) {
		if field.Name == "__schema" || field.Name == "__type" {
			addError(core.Message(`Introspection is not served here.`), core.At(field.Position))
		}
	})
}

// documents keeps valid documents of ordinary size, so that a repeated one is
// neither parsed nor validated again.
type documents struct {
	byText *lru.Cache[string, *ast.QueryDocument]
}

func newDocuments() documents {
	cache, err := lru.New[string, *ast.QueryDocument](maxDocuments)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return documents{cache}
}

// Get implements [graphql.Cache].
func (d documents) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	return d.byText.Get(text)
}

// Add implements [graphql.Cache].
func (d documents) Add(ctx context.Context, text string, document *ast.QueryDocument) {
	most := maxPublic
	if x := exchangeOf(ctx); x != nil && x.known {
		most = maxDocument
	}
	if len(text) <= most {
		d.byText.Add(text, document)
	}
}
