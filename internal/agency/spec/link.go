package spec

// NameForm is how PostgreSQL makes of a name what two names are compared by.
const NameForm = `lower(regexp_replace(btrim(name), '\s+', ' ', 'g'))`

// onLinks are what people call who claim a case that you do not know to be theirs.
var onLinks = []Function{
	act(Function{
		Name: "claim_case", Norwegian: "krav om kobling av sak",
		Shown: []string{"case_link"},
		About: "Notes that somebody who has logged in with BankID says that a case is theirs. Who asks need not be a debtor of yours. " +
			"Whatever the number is, the answer is the same, and a row of case_link comes of it: for a case that is not there, another's, or one whose password was not given. So nobody learns which numbers there are. " +
			"Of one person and number one row is REQUESTED at a time: a later claim adds to it. " +
			"It is GRANTED at once where the case has this person's number already; and where the password was right, the debtor is a PERSON without a national_id, and has the name of who asks, compared by " + NameForm + ". " +
			"The password was right where attempt is one of case_login for this case number and a password, and case_login_succeeded is DONE for it: call it here. " +
			"Any other waits in queue_item as LINK_CASE, without a case_id and debtor_id. " +
			"A grant notes the number on the debtor, and so all of the debtor's cases are seen; where another row of debtor has the number, what the first has becomes that one's: cases, agreements, messages and powers of attorney.",
		Input: []Column{
			text("case_number", "What was typed as the case number, 1 to 64 signs.").example(`"2026-1001"`),
			text("name", "The name of who asks, as their login has it.").null("it has none").example(`"Kari Nordmann"`),
			column("attempt", "The attempt of case_login whose password was right.", "uuid").
				null("no password was given, or a wrong one").example("null"),
			text("statement", "Why it is theirs, in their own words, at most 2,000 signs.").null("nothing is said").
				example(`"Jeg har flyttet og byttet navn."`),
		},
		Result:  []Column{text("case_link_id", "Your key of it, as text.").example(`"57"`)},
		Reasons: reasons("to refuse a claim of a case", "INVALID_INPUT", "NOT_FOUND"),
	}),
	act(Function{
		Name: "decide_case_link", Norwegian: "avgjørelse av kobling av sak", Staff: true,
		Shown: []string{"case_link", "queue_item"},
		About: "Grants or refuses a claim of a case that is REQUESTED, with decided_on and reply, and its row of queue_item goes. A grant is like that of claim_case, whatever the name is. " +
			"The first reason that applies refuses it, in the order of the list; the last two apply to a grant alone, and leave it REQUESTED. A case of somebody with another number is never linked.",
		Input: []Column{
			text("case_link_id", "Your key of it, as text.").example(`"57"`),
			coded("decision", decisions, "What the case worker has decided.").example(`"GRANT"`),
			text("reply", "What who claims it is told, at most 2,000 signs.").null("nothing; then it is a grant").
				example(`"Velkommen."`),
		},
		Reasons: reasons("to refuse a decision on a claim of a case", "INVALID_INPUT", "NOT_FOUND", "ALREADY_DECIDED",
			"NO_SUCH_CASE", "OTHERS_CASE"),
	}),
}
