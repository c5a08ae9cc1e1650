package spec

// instalments are those of a plan, as its acts send them.
func instalments(about string) Column {
	return objects("instalments", about,
		whole("number", "", "Its place in the agreement: 1 for the first.").example("1"),
		date("due_on", "Its last day, later than that of the one before and than today."),
		øre("amount_ore", "Amount to pay, fee included."),
		øre("fee_ore", "policy.instalment_fee_ore; in the first with policy.setup_fee_ore added where the agreement has more than policy.setup_free_instalments.").example("6500"),
	)
}

// onPlans are the acts on an instalment plan. It is an agreement like that of a solution.
var onPlans = []Function{
	act(Function{
		Name: "apply_for_instalment_plan", Norwegian: "søknad om nedbetalingsavtale",
		Shown: []string{"agreement", "agreement_case", "instalment"},
		About: "Asks for an agreement on one or more cases. The cases are locked, and the first reason that applies refuses it, in the order of the list. " +
			"Within the policy it is ACTIVE at once, as by confirm_solution. With more instalments than policy.max_instalments, but no more than policy.plan_longest, with smaller ones than policy.min_instalment_ore, or where it begins in more than 92 days, it is REQUESTED: nothing changes but that it is there, until a case worker has decided. " +
			"An instalment that is not paid by its last day is late, which agreement.warned_on and breach_on tell from the day after. Once policy.plan_grace_days have passed too, the agreement is BREACHED and has ended on that day: " +
			"the scheduled costs that it took away come again, as many days later as it has stood, and fees of later instalments are not charged. Your views show that on the day, whether a job has run or not; while an instalment is late, scheduled_cost has what comes then. Nothing is late in a case that is disputed.",
		Input: []Column{
			texts("case_ids", "The cases; several need policy.joint_agreements and one agreement_group. The first bears the fees, and they are paid off in this order.").example(`["1001"]`),
			instalments("Its instalments, in order: what the cases will owe on their days, to the last øre."),
		},
		Result: []Column{
			text("agreement_id", "Your key of it, as text.").example(`"31"`),
			coded("status", agreementStatuses, "What you have decided.").example(`"ACTIVE"`),
		},
		Reasons: reasons("to refuse a plan", "INVALID_TERMS", "NOT_FOUND", "CASE_CLOSED", "DISPUTED", "AGREEMENT_EXISTS",
			"NOT_THE_POLICY", "AFTER_BREACH"),
	}),
	act(Function{
		Name: "change_instalment_plan", Norwegian: "endring av nedbetalingsavtale",
		Shown: []string{"agreement", "instalment"},
		About: "Puts other instalments in the place of those of an ACTIVE agreement that are not paid. What is paid stays. " +
			"Where the first of them falls later than the one that it replaces, that uses up one of policy.plan_skips, and it may be 38 days later at most: a month, and a week for days on which banks are closed. The fees of the agreement are scheduled on the new days. " +
			"An agreement that was granted beyond the policy keeps that: as many instalments as it has, and as small ones, are no reason to refuse.",
		Input: []Column{
			text("agreement_id", "Your key of the agreement, as text.").example(`"31"`),
			instalments("The instalments that are to come, numbered on from those that are paid."),
		},
		Reasons: reasons("to refuse a change of a plan", "INVALID_TERMS", "NOT_FOUND", "NO_AGREEMENT", "DISPUTED", "NOT_THE_POLICY",
			"NO_SKIPS_LEFT"),
	}),
	act(Function{
		Name: "cancel_instalment_plan", Norwegian: "oppsigelse av nedbetalingsavtale",
		Shown: []string{"agreement", "instalment"},
		About: "Ends an agreement today at the debtor's wish: it is CANCELLED, everything falls due, and collection goes on today as after a breach. One that is REQUESTED is taken back and leaves nothing.",
		Input: []Column{
			text("agreement_id", "Your key of the agreement, as text.").example(`"31"`),
		},
		Reasons: reasons("to refuse to cancel a plan", "NOT_FOUND", "NO_AGREEMENT"),
	}),
}
