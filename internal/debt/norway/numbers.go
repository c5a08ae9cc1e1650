package norway

import "unique"

// CheckNationalID completes nine digits to a national identity number; ok is
// false for the nine digits that no number can have.
func CheckNationalID(nine string) (id NationalID, ok bool) {
	k1 := (11 - weighted(nine, firstWeights[:9])%11) % 11
	if k1 == 10 || !plausibleBirth(nine) {
		return NationalID{}, false
	}
	ten := nine + string(rune('0'+k1))
	k2 := (11 - weighted(ten, secondWeights[:10])%11) % 11
	if k2 == 10 {
		return NationalID{}, false
	}
	return NationalID{unique.Make(ten + string(rune('0'+k2)))}, true
}

// ValidOrgNumber says whether s is an organisation number: nine digits, modulus 11
// with weights 3,2,7,6,5,4,3,2 (Brønnøysund Register Centre). None begins with 0.
func ValidOrgNumber(s string) bool {
	if len(s) != 9 || !allDigits(s) || s[0] == '0' {
		return false
	}
	return mod11(s[:8], []int{3, 2, 7, 6, 5, 4, 3, 2}) == int(s[8]-'0')
}

// CheckOrgNumber completes eight digits to an organisation number; ok is false
// where none exists.
func CheckOrgNumber(eight string) (string, bool) {
	c := mod11(eight, []int{3, 2, 7, 6, 5, 4, 3, 2})
	return eight + string(rune('0'+c%10)), c < 10
}

// ValidAccount says whether s is a bank account number: eleven digits, of which the first four are
// a bank's, modulus 11. Where digits five and six are 00 it is one of a bank's own accounts, and
// the last digit need not be a check digit.
func ValidAccount(s string) bool {
	if len(s) != 11 || !allDigits(s) || s[:4] == "0000" {
		return false
	}
	return s[4:6] == "00" || accountCheck(s[:10]) == int(s[10]-'0')
}

// CheckAccount completes ten digits to an account number; ok is false where none exists.
func CheckAccount(ten string) (string, bool) {
	c := accountCheck(ten)
	return ten + string(rune('0'+c%10)), c < 10 && ten[:4] != "0000"
}

func accountCheck(ten string) int { return mod11(ten, []int{5, 4, 3, 2, 7, 6, 5, 4, 3, 2}) }

// mod11 returns the check digit, 10 where there is none.
func mod11(digits string, weights []int) int {
	return (11 - weighted(digits, weights)%11) % 11
}

// KID appends the modulus-10 (Luhn) check digit that banks use for payment
// references (KID, kundeidentifikasjon) to a body of digits.
func KID(body string) string { return body + string(rune('0'+luhn(body))) }

// ValidKID says whether s has 4 to 25 digits and a modulus-10 check digit, or a
// modulus-11 one ('-' for 10).
func ValidKID(s string) bool {
	if len(s) < 4 || len(s) > 25 {
		return false
	}
	body, last := s[:len(s)-1], s[len(s)-1]
	if !allDigits(body) {
		return false
	}
	if last == byte('0'+luhn(body)) {
		return true
	}
	sum := 0
	for i := range len(body) {
		sum += int(body[len(body)-1-i]-'0') * (2 + i%6)
	}
	c := (11 - sum%11) % 11
	return c == 10 && last == '-' || c < 10 && last == byte('0'+c)
}

func luhn(body string) int {
	sum := 0
	for i := range len(body) {
		d := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return (10 - sum%10) % 10
}
