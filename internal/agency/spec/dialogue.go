package spec

// enclosed is of what a debtor may send files with.
var enclosed = whole("files", "", "How many files the portal keeps of it and shows to your case workers: 1 to 5.").null("none").
	example(`1`)

// onCases are acts on one case, or on all of a person's.
var onCases = []Function{
	act(Function{
		Name: "request_deferral", Norwegian: "søknad om betalingsutsettelse",
		Shown: []string{"deferral"},
		About: "Asks for more time in one case, without an agreement. The case is locked, and the first reason that applies refuses it, in the order of the list. " +
			"Where it lasts at most policy.max_deferral_days it is GRANTED at once: it becomes a row of deferral and a hold DEFERRED until its day, all scheduled costs of the case move by its days, and policy.deferral_fee_ore, if any, is added today. " +
			"Where it lasts longer it is REQUESTED, stands in queue_item, and a case worker decides; or it is NOT_THE_POLICY, where you never grant so much.",
		Input: []Column{
			text("case_id", "Key of the case.").example(`"1001"`),
			date("until", "The last day on which the case is to stand still."),
			text("reason", "The debtor's own words, at most 2,000 signs.").null("none").example(`"Lønn den 20."`),
		},
		Result: []Column{
			text("deferral_id", "Your key of it, as text.").example(`"77"`),
			coded("status", deferralStatuses, "What you have decided.").example(`"GRANTED"`),
			øre("cost_before_ore", "The scheduled costs until and with its last day, as they would be without it.").example("30000"),
			øre("cost_after_ore", "The same with it, its fee included.").example("0"),
		},
		Reasons: reasons("to refuse a deferral", "INVALID_INPUT", "NOT_FOUND", "CASE_CLOSED", "DISPUTED", "AGREEMENT_EXISTS",
			"DEFERRAL_EXISTS", "TOO_EARLY", "NOT_THE_POLICY"),
	}),
	act(Function{
		Name: "request_breathing_space", Norwegian: "søknad om pusterom",
		Shown: []string{"deferral"},
		About: "Asks for a pause in all of the debtor's open cases at once. It covers those in which collection runs: none that is disputed, deferred for as long, under an agreement or not yet in collection (phase REMINDER or COLLECTION_WARNING). " +
			"Each of them gets a row of deferral and, where it is granted, a hold DEFERRED until the day; their scheduled costs move by its days, and nothing is charged. " +
			"It is granted at once where it lasts at most policy.max_deferral_days; where it lasts longer, each case has a request of its own for a case worker to decide, or it is NOT_THE_POLICY.",
		Input: []Column{
			date("until", "The last day of the pause."),
			text("reason", "The debtor's own words, at most 2,000 signs.").null("none").example(`"Sykdom i familien."`),
		},
		Result: []Column{
			coded("status", deferralStatuses, "What you have decided.").example(`"GRANTED"`),
			date("until", "The last day of the pause."),
			texts("case_ids", "Keys of the cases that it covers, as text.").example(`["1001", "1003"]`),
		},
		Reasons: reasons("to refuse a pause", "INVALID_INPUT", "NOT_FOUND", "NOTHING_OPEN", "NOT_THE_POLICY"),
	}),
	act(Function{
		Name: "submit_objection", Norwegian: "innsigelse",
		Shown: []string{"objection"},
		About: "Registers the debtor's protest against a claim, which becomes a row of objection. It suspends at once: the case has a hold DISPUTED, and no scheduled cost of it runs until you have decided. " +
			"Keep beside the objection what you took out of scheduled_cost, for the day on which it goes on.",
		Input: []Column{
			text("case_id", "Key of the case.").example(`"1001"`),
			coded("reasons", objectionReasons, "Why the debtor objects; empty where it is free text alone.").array().example(`["ALREADY_PAID"]`),
			text("statement", "The debtor's own words, at most 4,000 signs.").null("none; then there is a reason").example(`"Betalt 3. november."`),
			truth("contact_with_creditor", "Whether the debtor has taken it up with the creditor.").null("not said"),
			øre("disputed_amount_ore", "How much of the claim is disputed.").null("the whole").example("50000"),
			enclosed,
		},
		Result: []Column{text("objection_id", "Your key of it, as text.").example(`"12"`)},
		Reasons: reasons("to refuse an objection", "INVALID_INPUT", "NOT_FOUND", "CASE_CLOSED",
			"OBJECTION_EXISTS"),
	}),
	act(Function{
		Name: "add_to_objection", Norwegian: "tillegg til innsigelse",
		Shown: []string{"objection"},
		About: "Adds to what the debtor has said in an objection that is not decided.",
		Input: []Column{
			text("objection_id", "Your key of the objection, as text.").example(`"12"`),
			text("statement", "What is added, at most 4,000 signs.").example(`"Kvitteringen er funnet."`),
			enclosed,
		},
		Reasons: reasons("to refuse an addition", "INVALID_INPUT", "NOT_FOUND", "OBJECTION_DECIDED"),
	}),
	act(Function{
		Name: "withdraw_objection", Norwegian: "trekk av innsigelse",
		Shown: []string{"objection"},
		About: "Takes an objection back that is not decided: it becomes WITHDRAWN with withdrawn_on and without decided_on, its hold ends at once, and the scheduled costs that it stopped come back, as many days later as it has stood.",
		Input: []Column{
			text("objection_id", "Your key of the objection, as text.").example(`"12"`),
		},
		Reasons: reasons("to refuse to take an objection back", "NOT_FOUND", "OBJECTION_DECIDED"),
	}),
}
