package people

// Password is what every letter of the demo agencies has as the password that goes with
// the case number.
const Password = "demo-passord"

// passwordHash is the hash of demopassord, its form for marks and hashes (docs/contract.md,
// case_login): made once, as each would take longer than a person.
const passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$JCMpPyzjBW02RE/UL8OmUA$bLVS8lZ6XO1Eamsi61KpEfggD4/wAmbojSwCR1zn2dk"

// passwordMark tells it from other passwords of the case.
const passwordMark = 24

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
