package spec

import (
	"fmt"
	"slices"
	"strings"
)

// Function is an act that an agency offers: one call does all of it, or nothing.
type Function struct {
	Name      string
	Norwegian string
	About     string
	Arguments []Column
	Results   []Column // one row of them
}

// Functions is the acts of the contract, in the order in which docs/contract.md shows them.
var Functions = slices.Concat(onSolutions, onAccess)

var onSolutions = []Function{
	{
		Name: "propose_solution", Norwegian: "forslag til betalingsløsning",
		About: "Locks the cases, so that a payment or an objection that is being registered comes before or after it, never in between. " +
			"Then it holds the terms against your records and your policy, makes the agreements as PROPOSED with their instalments and the deferrals as requests, and changes nothing else: " +
			"what is proposed is a promise that confirm_solution keeps. It is refused with the first reason that applies, in the order of the list; " +
			"a case that another proposal waits for, or that a deferral of an earlier one holds, counts as one with an agreement. A key that is known gets the present state again.",
		Arguments: []Column{
			uniqueKey("Names the proposal in all three functions."),
			callerID(),
			column("terms", "What is proposed: see \"The terms of a solution\".", "jsonb"),
		},
		Results: []Column{
			coded("status", proposalStatuses, "How far the proposal has come."),
			coded("reason", proposalReasons, "Why it is refused.").null("it is not refused"),
			truth("repeated", "Whether the key was known before this call."),
		},
	},
	{
		Name: "confirm_solution", Norwegian: "bekreftelse av betalingsløsning",
		About: "Puts a proposal into force: agreements become ACTIVE, with a hold AGREEMENT, and requests GRANTED, with a hold DEFERRED until their day. " +
			"All scheduled costs of a deferred case move by the days of the deferral, whose fee, if any, is added today. " +
			"Where policy.agreement_stops_costs, scheduled costs after the first day of an agreement are taken away; fees of an earlier agreement are in any case. " +
			"The fees of an agreement become scheduled costs of the first of its cases, on the days of the instalments: INSTALMENT_FEE on each, AGREEMENT_SETUP_FEE on the first. " +
			"It does not judge the proposal again. An unknown key is refused as NOT_FOUND; a proposal in another state is left in it.",
		Arguments: []Column{uniqueKey("The proposal's."), callerID()},
		Results: []Column{
			coded("status", proposalStatuses, "How far the proposal has come."),
			coded("reason", proposalReasons, "Why it is refused.").null("it is not refused"),
		},
	},
	{
		Name: "withdraw_solution", Norwegian: "tilbaketrekking av betalingsløsning",
		About: "Undoes all that the other two did, also after confirmation: keep beside the key what you took away and what you added, and put back exactly that. " +
			"Every view then shows what it showed before, apart from what was charged or paid meanwhile; remove the agreements and requests, or show them as CANCELLED and WITHDRAWN without a hold. " +
			"An unknown key is kept as WITHDRAWN, so that a proposal that comes late is refused.",
		Arguments: []Column{uniqueKey("The proposal's."), callerID()},
		Results: []Column{
			coded("status", proposalStatuses, "WITHDRAWN, or REFUSED if the key is another person's."),
			coded("reason", proposalReasons, "Why it is refused.").null("it is not refused"),
		},
	},
}

func uniqueKey(about string) Column {
	return column("idempotency_key", about, "uuid")
}

func callerID() Column {
	return text("national_id", "National identity number of the debtor who asks.")
}

// Signature is how a DBA declares the function.
func (f Function) Signature() string {
	list := func(columns []Column) string {
		var parts []string
		for _, c := range columns {
			parts = append(parts, c.Name+" "+c.Types[0])
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprintf("oversikt.%s(%s) returns table (%s)", f.Name, list(f.Arguments), list(f.Results))
}

// Call is SQL that calls the function and selects its results, in their order.
func (f Function) Call() string {
	var results, arguments []string
	for _, c := range f.Results {
		results = append(results, c.Name)
	}
	for i, c := range f.Arguments {
		arguments = append(arguments, fmt.Sprintf("%s => $%d::%s", c.Name, i+1, c.Types[0]))
	}
	return fmt.Sprintf("select %s from %s.%s(%s)", strings.Join(results, ", "), Schema, f.Name,
		strings.Join(arguments, ", "))
}

// FunctionNamed returns the function of that name, which is one of the contract's.
func FunctionNamed(name string) Function {
	i := slices.IndexFunc(Functions, func(f Function) bool { return f.Name == name })
	return Functions[i]
}

// FunctionNames returns the names of all functions, in their order.
func FunctionNames() []string {
	names := make([]string, len(Functions))
	for i, f := range Functions {
		names[i] = f.Name
	}
	return names
}
