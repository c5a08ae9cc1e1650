package spec

// onAccess are the acts on who comes in, and for whom.
var onAccess = []Function{
	act(Function{
		Name: "order_new_credentials", Norwegian: "bestilling av nytt passord", Nobody: true,
		About: "Notes that a new password is to be sent for a case, at most once a day; you make and send it. It is never returned. " +
			"A case that does not exist, or is another's, is answered like one that does. " +
			"Whoever knows a case number can order, so an order by somebody who is not logged in takes no password away: those that are valid are so until they lapse or a newer one is used, see case_login_succeeded. " +
			"One by the debtor, whose letter may be in the wrong hands, ends all of them at once, and has a new one sent also where somebody else ordered on the same day. " +
			"It goes to the registered e-mail address or telephone only for a debtor who is logged in; otherwise as a letter, so that the answer tells nobody what you have registered.",
		Input: []Column{
			text("case_number", "What was typed as the case number.").example(`"2026-1001"`),
		},
		Result:  []Column{coded("channel", credentialChannels, "How it will be sent.").example(`"LETTER"`)},
		Reasons: reasons("to refuse an order", "KEY_REUSED"),
	}),
	act(Function{
		Name: "correct_contact", Norwegian: "retting av kontaktopplysninger",
		About: "Corrects what you know of the debtor. A member that is null or missing leaves a value as it is; an empty text takes it away. Where you have no such debtor, that is the answer (NOT_FOUND), whatever is in the input.",
		Input: []Column{
			text("email", "E-mail address.").null("as it is").example(`"kari@example.com"`),
			text("phone", "Telephone number.").null("as it is").example("null"),
			text("street_address", "Street and number (gateadresse).").null("as it is").example("null"),
			text("postal_code", "Postal code (postnummer).").null("as it is").example("null"),
			text("city", "Post town (poststed).").null("as it is").example("null"),
			coded("language", languages, "Language that the debtor asks for (målform); never empty.").null("as it is").
				example(`"nn"`),
		},
		Reasons: reasons("to refuse a correction", "INVALID_INPUT", "NOT_FOUND"),
	}),
	act(Function{
		Name: "declare_difficulty", Norwegian: "opplysning om vansker",
		Shown: []string{"difficulty"},
		About: "Notes what the debtor tells of their situation and how they want to be contacted, in place of what was told before. The debtor has consented to it (GDPR art. 9(2)(a)): keep nothing of it where it is refused. " +
			"What is older than what was declared or withdrawn last, by declared_at and withdrawn_at, is DONE and changes nothing: it has come late. Where you have no such debtor, that is the answer (NOT_FOUND), whatever is in the input.",
		Input: []Column{
			coded("kinds", difficultyKinds, "What you are to know; empty where it is about contact alone.").array().example(`["ILLNESS", "INTERPRETER"]`),
			text("interpreter_language", "Language that an interpreter is needed for, as ISO 639 has it: two or three small letters. Given with INTERPRETER, and with nothing else.").
				null("none is needed").example(`"pl"`),
			text("statement", "The debtor's own words, at most 2,000 signs.").null("none").example(`"Innlagt til januar."`),
			coded("contact_channel", contactChannels, "How the debtor wants to be contacted.").null("any way").example(`"EMAIL"`),
			whole("contact_from", "hours", "First whole hour in Oslo, 8 to 20, at which the debtor wants to be contacted.").null("any that is lawful").example("10"),
			whole("contact_until", "hours", "The hour until which, after contact_from and at most 21; given with it.").null("any that is lawful").example("14"),
			instant("declared_at", "When the debtor said so.").example(`"2026-12-01T09:30:00Z"`),
			date("until", "The last day on which it holds, after today and at most 366 days ahead. End it then."),
		},
		Reasons: reasons("to refuse a declaration", "INVALID_INPUT", "NOT_FOUND"),
	}),
	act(Function{
		Name: "withdraw_difficulty", Norwegian: "tilbaketrekking av opplysning om vansker",
		Shown: []string{"difficulty"},
		About: "Takes back what the debtor has told, and the consent with it: delete it, and keep the time alone. Where nothing is told it is done, too.",
		Input: []Column{
			instant("withdrawn_at", "When the debtor said so.").example(`"2026-12-08T17:00:00Z"`),
		},
		Reasons: reasons("to refuse a withdrawal", "INVALID_INPUT", "NOT_FOUND"),
	}),
	act(Function{
		Name: "give_power_of_attorney", Norwegian: "fullmakt",
		Shown: []string{"power_of_attorney", "power_of_attorney_case"},
		About: "Gives somebody a power of attorney, which power_of_attorney then shows. Where you have no such debtor, that is the answer (NOT_FOUND), whatever is in the input.",
		Input: []Column{
			text("attorney_national_id",
				"National identity number of the attorney. Exactly one of this and attorney_org_number is given.").
				null("the attorney is an organisation").example("null"),
			text("attorney_org_number", "Organisation number of the attorney.").null("the attorney is a person").
				example(`"310000000"`),
			text("attorney_name", "Name of the attorney.").example(`"Gjeldsrådgivning AS"`),
			truth("may_act", "Whether it covers acts or sight alone."),
			texts("case_ids", "Keys of the cases that it covers, as text.").null("all cases").example(`["1001"]`),
			date("valid_from", "First day of it."),
			date("valid_until", "Last day of it.").null("until it is revoked").example("null"),
		},
		Result:  []Column{text("power_of_attorney_id", "Your key of it, as text.").example(`"31"`)},
		Reasons: reasons("to refuse a power of attorney", "INVALID_INPUT", "NOT_FOUND"),
	}),
	act(Function{
		Name: "revoke_power_of_attorney", Norwegian: "tilbakekalling av fullmakt",
		Shown: []string{"power_of_attorney", "power_of_attorney_case"},
		About: "Ends a power of attorney that the debtor has given, at once. One that has ended stays as it is.",
		Input: []Column{
			text("power_of_attorney_id", "Your key of the power of attorney, as text.").example(`"31"`),
		},
		Reasons: reasons("to refuse a revocation", "NOT_FOUND"),
	}),
}
