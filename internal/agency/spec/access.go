package spec

var onAccess = []Function{
	{
		Name: "case_login", Norwegian: "innlogging med saksnummer og passord",
		About: "Hands out the one password hash that a login with a letter is checked against, and notes the attempt in the same transaction: it counts as failed until case_login_succeeded says otherwise. " +
			"A case can have several passwords that are valid: it is that with the mark, so give no two of a case the same one, and draw another password where it has. " +
			"Where there is no such case, no valid password or none with that mark, it hands out a hash of the same cost that no password has, so that nobody learns which. " +
			"For each case number, one that does not exist too, it counts the failures in a row: after five it is locked for 30 seconds, and twice as long after each further one, at most 24 hours. " +
			"While it is locked, wait_seconds is above 0, no hash is handed out and nothing is counted.",
		Arguments: []Column{
			text("case_number", "What was typed as the case number."),
			whole("password_mark", "0-255",
				"The mark of what was typed as the password: the first byte of the SHA-256 of its UTF-8, in PostgreSQL get_byte(sha256(convert_to(password, 'UTF8')), 0)."),
		},
		Results: []Column{
			text("case_id", "Your key of the case, as text.").null("no such case, no valid password, or it is locked"),
			text("national_id", "National identity number of its debtor.").null("the same, or you do not know it"),
			text("password_hash", "An argon2id hash as a PHC string with m=19456,t=2,p=1.").null("it is locked"),
			column("attempt", "Your key of this attempt, which nobody can guess.", "uuid").null("it is locked"),
			whole("wait_seconds", "seconds", "How long nobody may try this number; 0 if it is not locked."),
		},
	},
	{
		Name: "case_login_succeeded", Norwegian: "vellykket innlogging",
		About: "Says that the password of an attempt was right: the failures up to it are forgotten, and the passwords of the case that are older than this one end. " +
			"An attempt that is unknown or more than ten minutes old is refused, and so is one whose password has ended meanwhile.",
		Arguments: []Column{column("attempt", "The attempt.", "uuid")},
		Results:   []Column{coded("status", actStatuses, "What became of it.")},
	},
	{
		Name: "order_new_credentials", Norwegian: "bestilling av nytt passord",
		About: "Notes that a new password is to be sent for a case, at most once a day; you make and send it. It is never returned. " +
			"A case that does not exist, or is another's, is answered like one that does. " +
			"Whoever knows a case number can order, so an order by somebody who is not logged in takes no password away: those that are valid are so until they lapse or a newer one is used, see case_login_succeeded. " +
			"One by the debtor, whose letter may be in the wrong hands, ends all of them at once, and has a new one sent also where somebody else ordered on the same day. " +
			"It goes to the registered e-mail address or telephone only for a debtor who is logged in; otherwise as a letter, so that the answer tells nobody what you have registered.",
		Arguments: []Column{
			uniqueKey("Names the order."),
			text("case_number", "What was typed as the case number."),
			text("national_id", "National identity number of who asks.").null("nobody is logged in"),
		},
		Results: []Column{
			coded("status", actStatuses, "What became of it."),
			coded("channel", credentialChannels, "How it will be sent.").null("it is refused"),
		},
	},
	{
		Name: "correct_contact", Norwegian: "retting av kontaktopplysninger",
		About: "Corrects what you know of the debtor. Null leaves a value as it is; an empty text takes it away.",
		Arguments: []Column{
			uniqueKey("Names the correction."), callerID(),
			text("email", "E-mail address.").null("as it is"),
			text("phone", "Telephone number.").null("as it is"),
			text("street_address", "Street and number (gateadresse).").null("as it is"),
			text("postal_code", "Postal code (postnummer).").null("as it is"),
			text("city", "Post town (poststed).").null("as it is"),
			coded("language", languages, "Language that the debtor asks for (målform); never empty.").null("as it is"),
		},
		Results: actResults(),
	},
	{
		Name: "give_power_of_attorney", Norwegian: "fullmakt",
		About: "Gives somebody a power of attorney, which power_of_attorney then shows.",
		Arguments: []Column{
			uniqueKey("Names the power of attorney to be given."), callerID(),
			text("attorney_national_id",
				"National identity number of the attorney. Exactly one of this and attorney_org_number is given.").null("the attorney is an organisation"),
			text("attorney_org_number", "Organisation number of the attorney.").null("the attorney is a person"),
			text("attorney_name", "Name of the attorney."),
			truth("may_act", "Whether it covers acts or sight alone."),
			column("case_ids", "Keys of the cases that it covers, as text.", "text[]", "character varying[]").null("all cases"),
			date("valid_from", "First day of it."),
			date("valid_until", "Last day of it.").null("until it is revoked"),
		},
		Results: append([]Column{text("power_of_attorney_id", "Your key of it, as text.").null("it is refused")},
			actResults()...),
	},
	{
		Name: "revoke_power_of_attorney", Norwegian: "tilbakekalling av fullmakt",
		About: "Ends a power of attorney that the debtor has given, at once. One that has ended stays as it is.",
		Arguments: []Column{
			uniqueKey("Names the revocation."), callerID(),
			text("power_of_attorney_id", "Your key of the power of attorney, as text."),
		},
		Results: actResults(),
	},
}

func actResults() []Column {
	return []Column{
		coded("status", actStatuses, "What became of it."),
		coded("reason", actReasons, "Why it is refused.").null("it is not refused"),
	}
}
