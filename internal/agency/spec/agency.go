package spec

var aboutAgency = []Relation{
	{
		Name: "agency", Norwegian: "inkassoforetak", OneRow: true,
		About: "Who you are: exactly one row.",
		Columns: []Column{
			column("contract_version", "The version of this contract that the schema keeps: 2, or 1.", "integer"),
			text("name", "Your name as debtors know it (foretaksnavn)."),
			text("org_number",
				"Your organisation number (organisasjonsnummer), nine digits without spaces.").format(FormatOrgNumber),
			text("phone", "Telephone of customer service (kundeservice).").null("none is shown"),
			text("email", "E-mail of customer service.").null("none is shown"),
			text("website", "Your site, with https://.").null("none is shown"),
			text("postal_address", "Where letters reach you (postadresse), on one line.").null("none is shown"),
			texts("domains", "Your domains without https://, such as fjordinkasso.no, for Query.checkGenuine; what ends in one is yours too. "+
				"Name none that others share.").null("that of website alone").optional(),
			texts("senders", "E-mail addresses that you write from, and the names that your text messages show, besides email.").
				null("none").optional(),
			texts("phones", "Telephone numbers that you call and write from, besides phone.").null("none").optional(),
			texts("accounts", "Accounts that debtors pay to (klientkonto), eleven digits.").null("none is told").
				format(FormatAccount).optional(),
		},
	},
	{
		Name: "policy", Norwegian: "praksis", OneRow: true,
		About: "What the law leaves to you and debtors are told before they choose: exactly one row.",
		Columns: []Column{
			coded("imputation", imputations, "What a payment covers first when the debtor has not said (dekningsrekkefølge)."),
			øre("min_instalment_ore", "Least amount of one instalment without its fee (minste avdrag)."),
			whole("max_instalments", "", "Most instalments that you agree to without asking anyone."),
			øre("instalment_fee_ore", "Fee of each instalment (termingebyr); 0 for none."),
			øre("setup_fee_ore",
				"Fee of an agreement with more instalments than setup_free_instalments (avdragssalær); 0 for none."),
			whole("setup_free_instalments", "", "Most instalments of an agreement without a set-up fee."),
			whole("max_deferral_days", "days", "Longest deferral (betalingsutsettelse) that you grant at once; 0 for none."),
			øre("deferral_fee_ore", "Fee of a deferral; 0 for none."),
			truth("joint_agreements", "Whether several cases of a debtor can share one agreement with one fee a month."),
			truth("agreement_stops_costs", "Whether an agreement that is kept stops further cost steps."),
			whole("plan_longest", "", "Most instalments that a case worker agrees to: an instalment plan with more than max_instalments, or with smaller ones than min_instalment_ore, waits for one.").
				null("max_instalments: nothing beyond it is taken").optional(),
			whole("plan_grace_days", "days", "How many days after its last day an instalment may be paid without breaking the agreement.").
				null("debtors are not told").optional(),
			whole("plan_skips", "", "How often an instalment of an agreement may be skipped or moved to a later day.").null("0").optional(),
			truth("plan_after_breach", "Whether a new agreement can be had after one that was broken.").null("it can").optional(),
		},
	},
	{
		Name: "rate", Norwegian: "rentesats",
		About:  "The statutory rates of late-payment interest (forsinkelsesrente), each from the day on which it came into force; read whole, usually two rows a year. Keep them as far back as your oldest claim bears interest.",
		Unique: [][]string{{"kind", "valid_from"}},
		Columns: []Column{
			text("kind", "LATE_PAYMENT for forsinkelsesrente; other kinds are not read."),
			date("valid_from", "First day of the rate; it holds until the next row's."),
			whole("basis_points", unitBasisPoints, "The rate."),
			text("source", "Where it is published, such as \"Finansdepartementet 2026-06-25\"."),
		},
	},
	{
		Name: "faq", Norwegian: "spørsmål og svar", Optional: true,
		About:  "What you answer people in your own words, for Query.faq: read whole, every few minutes, at most 1,000 rows. A row with the key of an entry of Oversikt's replaces it in its language; docs/faq.md lists the keys.",
		Unique: [][]string{{"faq_key", "language"}},
		Columns: []Column{
			text("faq_key", "Key of the question, the same in all languages, such as deferral."),
			coded("language", languages, "Language of the row (målform)."),
			text("question", "The question, as people ask it."),
			text("answer", "The answer in plain text, best in a few sentences."),
		},
	},
}

var aboutDebtor = []Relation{
	{
		Name: "creditor", Norwegian: "fordringshaver",
		About:  "Whom money is owed to.",
		Unique: [][]string{{"creditor_id"}},
		Columns: []Column{
			key("creditor_id", "Your key of the creditor.").index("creditor.sql: the creditors of a debtor's cases"),
			text("name", "Its name as debtors know it."),
			text("org_number",
				"Its organisation number (organisasjonsnummer).").null("not known, or a person").format(FormatOrgNumber),
			coded("trade", trades, "Its line of business (bransje)."),
		},
	},
	{
		Name: "debtor", Norwegian: "skyldner",
		About:  "A person or business that owes, one row for each: whoever logs in sees the row with their national identity number, so two rows with the same one are a breach.",
		Unique: [][]string{{"debtor_id"}, {"national_id"}},
		Columns: []Column{
			key("debtor_id", "Your key of the debtor.").index("reads of who came in with a letter"),
			coded("kind", debtorKinds, "Person or business."),
			text("national_id",
				"National identity number or D-number (fødselsnummer, D-nummer), eleven digits without a space. Kept out of answers and logs.").
				null("not known: this debtor logs in to one case, with its letter").format(FormatNationalID).
				index("every read of a debtor's data begins here"),
			text("org_number",
				"Organisation number (organisasjonsnummer) of a business.").null("a person, or not known").format(FormatOrgNumber),
			text("name", "Full name."),
			text("email", "E-mail address.").null("not known"),
			text("phone", "Telephone number.").null("not known"),
			text("street_address", "Street and number (gateadresse).").null("not known, or protected (sperret adresse)"),
			text("postal_code", "Postal code (postnummer).").null("not known, or protected"),
			text("city", "Post town (poststed).").null("not known, or protected"),
			coded("language", languages, "Language that the debtor has asked for (målform)."),
		},
	},
	{
		Name: "difficulty", Norwegian: "opplyste vansker", Optional: true,
		About: "What a debtor has told you of their situation, by consent, and how they want to be contacted: at most one row for each, and none once it is withdrawn or its last day is over. " +
			"It may be of health: show it to who handles the debtor's cases, and to nobody else.",
		Unique: [][]string{{"debtor_id"}},
		Columns: []Column{
			ref("debtor_id", "debtor.debtor_id", "Whose situation it is.").index("difficulty.sql"),
			coded("kinds", difficultyKinds, "What you are to know; an empty array where it is about contact alone.").array(),
			text("interpreter_language", "Language that an interpreter is needed for, as ISO 639 has it, such as pl.").null("none is needed"),
			text("statement", "The debtor's own words.").null("none"),
			coded("contact_channel", contactChannels, "How the debtor wants to be contacted.").null("any way"),
			whole("contact_from", "hours", "First whole hour in Oslo at which the debtor wants to be contacted.").null("any that is lawful"),
			whole("contact_until", "hours", "The hour until which.").null("any that is lawful"),
			instant("declared_at", "When the debtor said so."),
			date("until", "The last day on which it holds."),
		},
	},
	{
		Name: "power_of_attorney", Norwegian: "fullmakt", Optional: true,
		About:  "Who may see, and perhaps act in, another's cases.",
		Unique: [][]string{{"power_of_attorney_id"}},
		Columns: []Column{
			key("power_of_attorney_id", "Your key of the power of attorney."),
			ref("debtor_id", "debtor.debtor_id", "Who gave it (fullmaktsgiver).").index("power_of_attorney.sql"),
			text("attorney_national_id",
				"National identity number of the attorney (fullmektig). Exactly one of this and attorney_org_number is set.").
				null("the attorney is an organisation").format(FormatNationalID).index("power_of_attorney.sql, whom a login may also see"),
			text("attorney_org_number",
				"Organisation number of the attorney.").null("the attorney is a person").format(FormatOrgNumber),
			text("attorney_name", "Name of the attorney."),
			truth("may_act", "Whether it covers acts (object, agree) or sight alone."),
			truth("all_cases", "Whether it covers all cases; if not, power_of_attorney_case lists them."),
			date("valid_from", "First day of it."),
			date("valid_until", "Last day of it.").ends("until it is revoked"),
			instant("revoked_at", "When it was revoked (tilbakekalt).").null("it is not"),
		},
	},
	{
		Name: "power_of_attorney_case", Norwegian: "fullmaktssak", Optional: true,
		About:  "The cases that a limited power of attorney covers.",
		Unique: [][]string{{"power_of_attorney_id", "case_id"}},
		Columns: []Column{
			ref("power_of_attorney_id", "power_of_attorney.power_of_attorney_id",
				"The power of attorney.").index("power_of_attorney.sql"),
			ref("case_id", "case.case_id", "A case that it covers."),
		},
	},
}
