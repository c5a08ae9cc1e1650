package spec

import (
	"fmt"
	"slices"
	"strings"
)

// Function is what an agency offers to be called: one call does all of it, or nothing.
type Function struct {
	Name      string
	Norwegian string
	About     string
	Arguments []Column
	Results   []Column // one row of them

	With []string // the functions that it is of no use without; nil: what its step says

	// What follows is of an act, which comes with a key, who asks and an input.
	Step     Step      // NoAct for a function that is none
	Nobody   bool      // who has not logged in may ask too
	Staff    bool      // a case worker asks, and nobody else
	Input    []Column  // members of the input
	Result   []Column  // members of the result; none where it is null
	Statuses *CodeList // what becomes of it
	Reasons  *CodeList // why it is refused
	Shown    []string  // the relations that show what came of it
}

// Step is what a call does to an act.
type Step int

// The steps. An act is one call, or a proposal that is later confirmed or withdrawn under
// the same key.
const (
	NoAct Step = iota
	Whole
	Propose
	Confirm
	Withdraw
)

// Functions is what can be called, in the order in which docs/contract.md shows it.
var Functions = slices.Concat(onSolutions, onPlans, onCases, atDesk, onRedress, onReceipts, onPapers, onAccess,
	onLinks, onLogin)

// IsAct says that the function takes a key, who asks and an input.
func (f Function) IsAct() bool { return f.Step != NoAct }

// Together returns the functions without which this one is of no use, itself among them.
func (f Function) Together() []string {
	if f.With != nil {
		return append([]string{f.Name}, f.With...)
	}
	switch f.Step {
	case Propose, Confirm, Withdraw:
		_, of, _ := strings.Cut(f.Name, "_")
		return []string{"propose_" + of, "confirm_" + of, "withdraw_" + of}
	default:
		return []string{f.Name}
	}
}

// act completes what the functions of all acts have in common.
func act(f Function) Function {
	if f.Step == NoAct {
		f.Step = Whole
	}
	f.Arguments = []Column{
		column("idempotency_key", "Names the act.", "uuid"),
		column("caller", "Who asks: see \"Who asks\".", "jsonb"),
		column("input", "What is asked for: an object of the members below.", "jsonb"),
	}
	f.Statuses = actStatuses
	if f.Step != Whole {
		f.Statuses = proposalStatuses
	}
	f.Results = []Column{
		coded("status", f.Statuses, "What became of it."),
		coded("reason", f.Reasons, "Why it is refused.").null("it is not refused"),
		column("result", "An object of the members below.", "jsonb").null("it has none, or it is refused"),
	}
	return f
}

// Signature is how a DBA declares the function.
func (f Function) Signature() string {
	return fmt.Sprintf("oversikt.%s(%s) returns table (%s)", f.Name, declared(f.Arguments), declared(f.Results))
}

func declared(columns []Column) string {
	var parts []string
	for _, c := range columns {
		parts = append(parts, c.Name+" "+c.Types[0])
	}
	return strings.Join(parts, ", ")
}

// Call is SQL that calls the function and selects its results, in their order.
func (f Function) Call() string { return call(f.Name, f.Arguments, f.Results) }

func call(name string, arguments, results []Column) string {
	var selected, passed []string
	for _, c := range results {
		selected = append(selected, c.Name)
	}
	for i, c := range arguments {
		passed = append(passed, fmt.Sprintf("%s => $%d::%s", c.Name, i+1, c.Types[0]))
	}
	return fmt.Sprintf("select %s from %s.%s(%s)", strings.Join(selected, ", "), Schema, name, strings.Join(passed, ", "))
}

// FunctionNamed returns the function of that name; ok is false where there is none.
func FunctionNamed(name string) (f Function, ok bool) {
	i := slices.IndexFunc(Functions, func(f Function) bool { return f.Name == name })
	if i < 0 {
		return Function{}, false
	}
	return Functions[i], true
}

// FunctionNames returns the names of all functions, in their order.
func FunctionNames() []string {
	names := make([]string, len(Functions))
	for i, f := range Functions {
		names[i] = f.Name
	}
	return names
}
