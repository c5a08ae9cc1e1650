package spec

// How PostgreSQL makes of a password what marks and hashes are made of, and its mark. They are
// what debt.PasswordForm says, for passwords of plain characters, blanks and dashes.
const (
	PasswordForm = `lower(regexp_replace(password, '[-\s]', '', 'g'))`
	PasswordMark = "get_byte(sha256(convert_to(" + PasswordForm + ", 'UTF8')), 0)"
)

// onLogin are what a login with a letter calls. They are no acts: they have no key.
var onLogin = []Function{
	{
		Name: "case_login", Norwegian: "innlogging med saksnummer og passord", With: []string{"case_login_succeeded"},
		About: "Hands out the one password hash that a login with a letter is checked against, and notes the attempt in the same transaction: it counts as failed until case_login_succeeded says otherwise. " +
			"A case can have several passwords that are valid: it is that with the mark, so give no two of a case the same one, and draw another password where it has. " +
			"Where there is no such case, no valid password or none with that mark, it hands out a hash of the same cost that no password has, so that nobody learns which. " +
			"For each case number, one that does not exist too, it counts the failures in a row: after five it is locked for 30 seconds, and twice as long after each further one, at most 24 hours. " +
			"While it is locked, wait_seconds is above 0, no hash is handed out and nothing is counted. " +
			"People type passwords in capitals, with and without the dashes and in groups. So marks and hashes are made of one form: without blanks and dashes, in lower case, in PostgreSQL " + PasswordForm + "; the letter may have any. " +
			"If you have hashes of passwords as they were printed, say how you print them: passwords in the configuration of Oversikt (docs/login.md).",
		Arguments: []Column{
			text("case_number", "What was typed as the case number."),
			whole("password_mark", "0-255", "The mark of what was typed as the password: the first byte of the SHA-256 of its form for marks and hashes, in PostgreSQL "+PasswordMark+"."),
		},
		Results: []Column{
			text("case_id", "Your key of the case, as text.").null("no such case, no valid password, or it is locked"),
			text("national_id", "National identity number of its debtor.").null("the same, or you do not know it: the letter opens its case all the same"),
			text("password_hash", "An argon2id hash of the form for marks and hashes, as a PHC string with m=19456,t=2,p=1.").null("it is locked"),
			column("attempt", "Your key of this attempt, which nobody can guess.", "uuid").null("it is locked"),
			whole("wait_seconds", "seconds", "How long nobody may try this number; 0 if it is not locked."),
		},
	},
	{
		Name: "case_login_succeeded", Norwegian: "vellykket innlogging", With: []string{"case_login"},
		About: "Says that the password of an attempt was right: the failures up to it are forgotten, and the passwords of the case that are older than this one end. " +
			"An attempt that is unknown or more than ten minutes old is refused, and so is one whose password has ended meanwhile.",
		Arguments: []Column{column("attempt", "The attempt.", "uuid")},
		Results:   []Column{coded("status", actStatuses, "What became of it.")},
	},
}
