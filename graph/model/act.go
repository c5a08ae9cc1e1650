package model

import (
	"context"
	"time"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/page"
	"github.com/oversikt/oversikt/internal/text"
)

// Act is an act as a person sees it.
type Act struct {
	ID          debt.Key
	Name        act.Name
	Status      act.Status
	SubmittedAt time.Time
	EndedAt     *time.Time
	Cases       []*debt.Case // nil: the agency of one does not answer
	Agencies    []ActAgency
	By          *string
}

// ActAgency is one agency's answer.
type ActAgency struct {
	Agency    debt.Agency
	Status    act.State
	Code      act.Code // why it has refused, or not answered
	ChangedAt time.Time
}

// Reason explains the answer; nil where there is nothing to explain.
func (a ActAgency) Reason(ctx context.Context, language *debt.Language) *string {
	if a.Code == "" {
		return nil
	}
	return new(text.Of(Spoken(ctx, language), "reason."+string(a.Code)))
}

// ActConnection is a page of acts. It is a type of its own: gqlgen does not see that a generic
// one of this package's types is the same everywhere.
type ActConnection struct {
	Edges      []ActEdge
	Nodes      []*Act
	PageInfo   page.Info
	TotalCount int
}

// ActEdge is an act in a list.
type ActEdge struct {
	Node   *Act
	Cursor page.Cursor
}

// NewActConnection returns a page as the schema has it.
func NewActConnection(p *page.Connection[Act]) ActConnection {
	c := ActConnection{Edges: make([]ActEdge, len(p.Edges)), Nodes: p.Nodes, PageInfo: p.PageInfo,
		TotalCount: p.TotalCount}
	for i, e := range p.Edges {
		c.Edges[i] = ActEdge(e)
	}
	return c
}

type languageKey struct{}

// WithLanguage returns a context in which texts are in the language that of names, where the
// query names none.
func WithLanguage(ctx context.Context, of func(context.Context) text.Language) context.Context {
	return context.WithValue(ctx, languageKey{}, of)
}

// Spoken returns the language that is asked for, else that of the request.
func Spoken(ctx context.Context, asked *debt.Language) text.Language {
	if asked != nil {
		return *asked
	}
	if of, ok := ctx.Value(languageKey{}).(func(context.Context) text.Language); ok {
		return of(ctx)
	}
	return text.EN
}

// AvailableAct says whether an act can be done in a case.
type AvailableAct struct {
	Name    act.Name
	Allowed bool
	Code    act.Code // why not
	Until   *norway.Date
}

// Reason says why not; nil where it is allowed.
func (a AvailableAct) Reason(ctx context.Context, language *debt.Language) *string {
	if a.Allowed {
		return nil
	}
	return new(text.ActMessage(Spoken(ctx, language), a.Name.Mutation(), string(a.Code)))
}

// ActingFor is on whose behalf a caller acts.
type ActingFor struct {
	Name              string
	PowerOfAttorneyID debt.Key
	MayAct            bool
	ValidUntil        *norway.Date
}

// AnyUserError is one of the error types below.
type AnyUserError any

// UserError is what the error types of all acts have.
type UserError struct {
	act   string // the mutation
	fault act.Fault
}

// NewUserError returns a fault of a mutation as the person sees it.
func NewUserError(mutation string, f act.Fault) UserError { return UserError{mutation, f} }

// Code says what is wrong, for a program.
func (e UserError) Code() act.Code { return e.fault.Code }

// Field is the path of the member at fault; empty for none.
func (e UserError) Field() []string { return append([]string{}, e.fault.Field...) }

// Message says what is wrong, in words.
func (e UserError) Message(ctx context.Context, language *debt.Language) string {
	l := Spoken(ctx, language)
	if e.fault.Text != "" {
		return text.Of(l, e.fault.Text, e.fault.Args...)
	}
	return text.ActMessage(l, e.act, string(e.fault.Code), e.fault.Args...)
}

// RetryAfterSeconds is how long nobody may try again; nil where waiting does not help.
func (e UserError) RetryAfterSeconds() *int {
	if e.fault.After == 0 {
		return nil
	}
	return &e.fault.After
}

// Outcome is what the payloads of all acts have.
type Outcome struct {
	Record *act.Record // nil: nothing was done
	Parts  []debt.Part // what was read for what is selected below
	Act    *Act
	Viewer *debt.Person
	Cases  []*debt.Case
}
