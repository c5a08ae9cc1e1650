package spec

// onSolutions are the three steps of an act that several agencies carry out, or none.
var onSolutions = []Function{
	act(Function{
		Name: "propose_solution", Norwegian: "forslag til betalingsløsning", Step: Propose,
		Shown: []string{"agreement", "agreement_case", "instalment"},
		About: "Locks the cases, so that a payment or an objection that is being registered comes before or after it, never in between. " +
			"Then it holds what is proposed against your records and your policy, makes the agreements as PROPOSED with their instalments and the deferrals as requests, and changes nothing else: " +
			"what is proposed is a promise that confirm_solution keeps. It is refused with the first reason that applies, in the order of the list; " +
			"a case that another proposal waits for, or that a deferral of an earlier one holds, counts as one with an agreement. A key that is known gets the present state again.",
		Input: []Column{
			texts("case_ids", "Every case that the solution deals with, but for those that are deferred already. One that is in no agreement and no deferral is simply paid.").
				example(`["1001", "1002", "1003"]`),
			objects("agreements", "The agreements.",
				texts("case_ids", "The cases that it covers. Several need policy.joint_agreements.").example(`["1001", "1002"]`),
				objects("instalments", "Its instalments, at most policy.max_instalments. It begins on the day of the first, not before case.agreement_from of any of its cases.",
					whole("number", "", "Its place: 1 for the first.").example("1"),
					date("due_on", "Its last day, later than that of the one before."),
					øre("amount_ore", "Amount to pay, fee included. Without the fee it is at least policy.min_instalment_ore, but for the last."),
					øre("fee_ore", "policy.instalment_fee_ore; in the first with policy.setup_fee_ore added where there are more than policy.setup_free_instalments.").example("6500"),
				),
			),
			objects("deferrals", "The deferrals.",
				text("case_id", "Key of the case.").example(`"1003"`),
				date("until", "The last day on which the case stands still, no further ahead than policy.max_deferral_days.").example(`"2026-12-20"`),
				whole("days", "days", "By how much all its scheduled costs move, at most policy.max_deferral_days."),
				øre("fee_ore", "policy.deferral_fee_ore.").example("0"),
			),
		},
		Result: []Column{
			truth("repeated", "Whether the key was known before this call; what the generated function adds.").example("false"),
		},
		Reasons: proposalReasons,
	}),
	act(Function{
		Name: "confirm_solution", Norwegian: "bekreftelse av betalingsløsning", Step: Confirm,
		Shown: []string{"agreement", "agreement_case", "instalment"},
		About: "Puts a proposal into force: agreements become ACTIVE, with a hold AGREEMENT, and requests GRANTED, with a hold DEFERRED until their day. " +
			"All scheduled costs of a deferred case move by the days of the deferral, whose fee, if any, is added today. " +
			"Deferrals come before agreements, also of one case in both: a cost is moved first, and the day that it is moved to decides whether the agreement takes it away. " +
			"Where policy.agreement_stops_costs, scheduled costs after the first day of an agreement are taken away; fees of an earlier agreement are in any case. " +
			"The fees of an agreement become scheduled costs of the first of its cases, on the days of the instalments: INSTALMENT_FEE on each, AGREEMENT_SETUP_FEE on the first. " +
			"It does not judge the proposal again. An unknown key is refused as NOT_FOUND; a proposal in another state is left in it.",
		Reasons: proposalReasons,
	}),
	act(Function{
		Name: "withdraw_solution", Norwegian: "tilbaketrekking av betalingsløsning", Step: Withdraw,
		Shown: []string{"agreement", "agreement_case", "instalment"},
		About: "Undoes all that the other two did, also after confirmation: keep beside the key what you took away and what you added, and put back exactly that. " +
			"Every view then shows what it showed before, apart from what was charged or paid meanwhile; remove the agreements and requests, or show them as CANCELLED and WITHDRAWN without a hold. " +
			"An unknown key is kept as WITHDRAWN, so that a proposal that comes late is refused.",
		Reasons: proposalReasons,
	}),
}
