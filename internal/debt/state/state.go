// Package state has the states that a debtor's things pass through, as tables: what leads from one state to
// the next, and why the rest is refused. docs/states.md is drawn from them, and every core is held to them.
package state

import (
	"fmt"
	"slices"
	"strings"
)

// None is where a thing begins: it is not there yet.
const None = ""

// Machine is the states of one kind of thing. What acts say of a thing is said of the latest one in its case.
type Machine struct {
	Name        string
	Norwegian   string
	About       string
	Transitions []Transition
	Refusals    []Refusal // the first that applies
}

// Step is an act, or one of those that an act comes to.
type Step struct {
	Act  string // the function of the contract; empty: the agency's own work, or a day that comes
	When string // which; empty: there is one
}

// Transition is one step from a state to another, or to the same.
type Transition struct {
	From, To string
	Step
	Anew bool // the state is that of another thing, beside the one that has ended
}

// Refusal is why an agency refuses an act where no transition leads.
type Refusal struct {
	Act    string
	From   []string // nil: everywhere
	Reason string
}

// All are the machines there are.
var All = []Machine{Case, Agreement, Deferral, Objection, Complaint, Receipt, InvoiceCopy, CaseLink}

// decided are the decisions of an act on a thing in a state. Each is named as the state that it leads to.
func decided[S, D ~string](act string, from S, how ...D) (all []Transition) {
	for _, d := range how {
		all = append(all, Transition{From: string(from), To: string(d), Step: Step{act, string(d)}})
	}
	return all
}

// anew are a step from each state in which a thing has ended, to that of another thing.
func anew[S ~string](step Step, to S, after ...S) (all []Transition) {
	for _, from := range after {
		all = append(all, Transition{From: string(from), To: string(to), Step: step, Anew: true})
	}
	return all
}

// States returns the states in the order in which they are named, but for None.
func (m Machine) States() (all []string) {
	for _, t := range m.Transitions {
		for _, s := range []string{t.From, t.To} {
			if s != None && !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// Steps returns what people can do.
func (m Machine) Steps() (all []Step) {
	for _, t := range m.Transitions {
		if t.Act != "" && !slices.Contains(all, t.Step) {
			all = append(all, t.Step)
		}
	}
	return all
}

// On returns the transition of a step in a state, or why it is refused there; neither where it cannot be asked for.
func (m Machine) On(from string, s Step) (to *Transition, reason string) {
	for i, t := range m.Transitions {
		if t.From == from && t.Step == s {
			return &m.Transitions[i], ""
		}
	}
	for _, r := range m.Refusals {
		if r.Act == s.Act && from != None && (r.From == nil || slices.Contains(r.From, from)) {
			return nil, r.Reason
		}
	}
	return nil, ""
}

// Path returns the shortest way from None to a state by the transitions that can be taken; nil for none.
func (m Machine) Path(to string, can func(Transition) bool) []Transition {
	ways := map[string][]Transition{None: {}}
	for queue := []string{None}; len(queue) > 0; queue = queue[1:] {
		for _, t := range m.Transitions {
			if t.From == queue[0] && ways[t.To] == nil && can(t) {
				ways[t.To] = append(slices.Clip(ways[t.From]), t)
				queue = append(queue, t.To)
			}
		}
	}
	return ways[to]
}

// Ends returns the states in which a thing may be after all of the steps, in any order, each once.
func (m Machine) Ends(steps []Step) (all []string) {
	seen := map[string]bool{}
	var walk func(at string, left []Step)
	walk = func(at string, left []Step) {
		key := fmt.Sprint(at, left)
		if seen[key] {
			return
		}
		if seen[key] = true; len(left) == 0 {
			all = append(all, at)
		}
		for i, s := range left {
			if t, _ := m.On(at, s); t != nil && !t.Anew {
				walk(t.To, slices.Delete(slices.Clone(left), i, i+1))
			}
		}
		for _, t := range m.Transitions {
			if t.From == at && t.Act == "" && t.To != at && at != None {
				walk(t.To, left)
			}
		}
	}
	walk(None, slices.SortedFunc(slices.Values(steps), func(a, b Step) int { return strings.Compare(a.name(), b.name()) }))
	return all
}

func (s Step) name() string { return strings.TrimSpace(s.Act + " " + s.When) }

// Markdown draws the machine, and lists what is done and refused where.
func (m Machine) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s (%s)\n\n%s\n\n```mermaid\nstateDiagram-v2\n", m.Name, m.Norwegian, m.About)
	drawn := map[string]bool{}
	for _, t := range m.Transitions {
		arrow := fmt.Sprintf("    %s --> %s: %s\n", named(t.From), named(t.To), t.name())
		if t.From != t.To && !t.Anew && !drawn[arrow] {
			drawn[arrow] = true
			b.WriteString(arrow)
		}
	}
	for _, s := range m.States() {
		if !slices.ContainsFunc(m.Transitions, func(t Transition) bool { return t.From == s && t.To != s && !t.Anew }) {
			fmt.Fprintf(&b, "    %s --> [*]\n", s)
		}
	}
	b.WriteString("```\n\n| | " + strings.Join(m.heads(), " | ") + " |\n|---|" +
		strings.Repeat("---|", len(m.Steps())) + "\n")
	for _, s := range append([]string{None}, m.States()...) {
		fmt.Fprintf(&b, "| %s |", named(s))
		for _, step := range m.Steps() {
			fmt.Fprintf(&b, " %s |", m.cell(s, step))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (m Machine) heads() (all []string) {
	for _, s := range m.Steps() {
		all = append(all, strings.TrimSpace("`"+s.Act+"` "+s.When))
	}
	return all
}

func (m Machine) cell(from string, s Step) string {
	t, reason := m.On(from, s)
	switch {
	case t == nil && reason == "":
		return ""
	case t == nil:
		return "`" + reason + "`"
	case t.Anew:
		return "another, " + t.To
	case t.To == from:
		return "stays"
	case t.To == None:
		return "is gone"
	default:
		return t.To
	}
}

func named(s string) string {
	if s == None {
		return "[*]"
	}
	return s
}
