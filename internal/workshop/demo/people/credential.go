package people

// Password is what every letter of the demo agencies has as the password that goes with
// the case number.
const Password = "demo-passord"

// passwordHash is the hash of Password: made once, as each would take longer than a person.
const passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$eS1mtCn7SqgVlU/vP+4cwQ$jBqmq87RjhvwalV7giv/f2xTYkAoPiWE59SWi/Qla6U"

// passwordMark tells it from other passwords of the case (docs/contract.md, case_login).
const passwordMark = 196

// credentialYears is how long a letter's password is valid, so that no demo outlives it.
const credentialYears = 50

// writeCredential writes what the case's first letter tells; key writes the case's key.
func (c *Case) writeCredential(s *sheet, key func(*sheet)) {
	key(s)
	s.int(passwordMark)
	s.text(passwordHash)
	s.date(c.OpenedOn)
	s.date(c.OpenedOn.AddMonths(12 * credentialYears))
	s.end()
}
