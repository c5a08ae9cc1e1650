package norway

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseNationalID(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, in string
		ok         bool
	}{
		"tenor":          {"synthetic numbers of the Tax Administration have a month + 80", "17912099997", true},
		"tenor 2":        {"another published synthetic number", "29822099635", true},
		"synthetic D":    {"a D-number adds 40 to the day", "47906701517", true},
		"H number":       {"a month + 40", "13527248013", true},
		"last digit":     {"a wrong second check digit", "17912099996", false},
		"swapped digits": {"the weights catch neighbours that changed places", "17912099979", false},
		"short":          {"ten digits", "1791209999", false},
		"letters":        {"a letter", "1791209999x", false},
		"31 April":       {"no such day", "31040000069", false},
		"month 13":       {"no such month", "01130012345", false},
		"empty":          {"nothing", "", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, err := ParseNationalID(c.in)
			if (err == nil) != c.ok {
				t.Errorf("%s: got %v", c.reason, err)
			}
			if err != nil && c.in != "" && strings.Contains(err.Error(), c.in) {
				t.Errorf("the error repeats the number: %v", err)
			}
			if printed := fmt.Sprintf("%v %s %#v %+v", id, id, id, struct{ n NationalID }{id}); c.ok &&
				strings.Contains(printed, c.in) {
				t.Errorf("the number prints itself: %s", printed)
			}
		})
	}
}

func TestCheckDigits(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		got    bool
		want   bool
	}{
		"kid mod10":     {"published example 1234 -> 12344", ValidKID("12344"), true},
		"kid mod11":     {"published example 1234 -> 12343", ValidKID("12343"), true},
		"kid wrong":     {"neither modulus", ValidKID("12345"), false},
		"kid too long":  {"26 digits", ValidKID(strings.Repeat("0", 26)), false},
		"account":       {"published example", ValidAccount("86011117947"), true},
		"account 2":     {"published example", ValidAccount("12345678903"), true},
		"account wrong": {"one digit off", ValidAccount("86011117948"), false},
		"org number":    {"published example", ValidOrgNumber("123456785"), true},
		"org wrong":     {"one digit off", ValidOrgNumber("123456784"), false},
		"org synthetic": {"synthetic series begins with 3", ValidOrgNumber("310000000"), true},
		"kid of four":   {"shortest", ValidKID(KID("123")), true},
		"kid of three":  {"a bank refuses it", ValidKID(KID("12")), false},
		"kid of two":    {"the same", ValidKID(KID("1")), false},
		"bank's own":    {"00 in the middle: no check digit", ValidAccount("86010012345"), true},
		"bank's own 2":  {"whichever the last digit", ValidAccount("12340000000"), true},
		"no account":    {"no bank has it", ValidAccount("00000000000"), false},
		"no bank":       {"nor these", ValidAccount("00001117943"), false},
		"full width":    {"digits of another script", ValidAccount("８６０１１１１７９４７"), false},
		"org zeros":     {"its check digit is right", ValidOrgNumber("000000000"), false},
		"org 0":         {"none begins so", ValidOrgNumber("023456786"), false},
	}
	for name, c := range cases {
		if c.got != c.want {
			t.Errorf("%s (%s): got %v", name, c.reason, c.got)
		}
	}
}

func TestCompletedNumbersAreValid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if nine := rapid.StringMatching(`(0[1-9]|1[0-9]|2[0-8])8[1-9][0-9]{5}`).Draw(t, "nine"); true {
			if id, ok := CheckNationalID(nine); ok {
				if _, err := ParseNationalID(id.Reveal()); err != nil || !id.IsSynthetic() {
					t.Fatalf("completed %s is refused: %v", nine, err)
				}
			}
		}
		if acc, ok := CheckAccount(rapid.StringMatching(`[0-9]{10}`).Draw(t, "account")); ok && !ValidAccount(acc) {
			t.Fatalf("account %s", acc)
		}
		if org, ok := CheckOrgNumber(rapid.StringMatching(`[23][0-9]{7}`).Draw(t, "org")); ok && !ValidOrgNumber(org) {
			t.Fatalf("org %s", org)
		}
		kid := KID(rapid.StringMatching(`[0-9]{3,24}`).Draw(t, "kid"))
		if !ValidKID(kid) {
			t.Fatalf("kid %s", kid)
		}
	})
}

func TestDate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.Int32Range(-25000, 80000).Draw(t, "days")
		d := FromUnixDays(days)
		if d.UnixDays() != days || d.Time().Unix() != int64(days)*86400 {
			t.Fatalf("%v: %d", d, days)
		}
		if back, err := ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%v: %v, %v", d, back, err)
		}
	})
	if got := MustDate("2026-01-31").AddMonths(1); got != MustDate("2026-02-28") {
		t.Errorf("a month after 31 January: %v", got)
	}
	if got := DateOf(time.Date(2026, 6, 30, 22, 30, 0, 0, time.UTC)); got != MustDate("2026-07-01") {
		t.Errorf("half past midnight of summer in Oslo is the next day: %v", got)
	}
	for _, bad := range []string{"", "2026-02-30", "2026-2-3", "1899-12-31", "2200-01-01", "2026-01-01T00:00:00Z"} {
		if d, err := ParseDate(bad); err == nil {
			t.Errorf("%q is read as %v", bad, d)
		}
	}
}

// TestBirthdays: every day of the calendar begins a number, and no other does, in each series.
func TestBirthdays(t *testing.T) {
	t.Parallel()
	for day := range 100 {
		for month := range 100 {
			for _, year := range []int{0, 1, 4, 99} {
				d, m := day, month
				if d > 40 {
					d -= 40
				}
				for _, offset := range []int{80, 65, 40} {
					if m > offset && m <= offset+12 {
						m -= offset
						break
					}
				}
				// 2000 for 00: it had a 29 February, 1900 had none.
				on := time.Date(2000+year, time.Month(m), d, 0, 0, 0, 0, time.UTC)
				want := on.Day() == d && int(on.Month()) == m
				if got := plausibleBirth(fmt.Sprintf("%02d%02d%02d", day, month, year)); got != want {
					t.Errorf("%02d%02d%02d: %v", day, month, year, got)
				}
			}
		}
	}
}

// FuzzNumbers: whatever is typed, a number that is taken has ASCII digits alone and its own length,
// and no error repeats what was typed.
func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"17912099997", "86011117947", "310000000", "12344", "1234-", "2026-03-01", "００００", "", "31040000069"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		digits := func(n int) bool { return len(s) == n && strings.Trim(s, "0123456789") == "" }
		if id, err := ParseNationalID(s); err == nil && (!digits(11) || id.Reveal() != s) ||
			err != nil && len(s) > 3 && strings.Contains(err.Error(), s) && strings.Trim(s, "0123456789") == "" {
			t.Fatalf("national id %q: %v", s, err)
		}
		if ValidAccount(s) && !digits(11) || ValidOrgNumber(s) && !digits(9) {
			t.Fatalf("%q", s)
		}
		if ValidKID(s) && (len(s) < 4 || len(s) > 25 || strings.Trim(strings.TrimSuffix(s, "-"), "0123456789") != "") {
			t.Fatalf("KID %q", s)
		}
		if d, err := ParseDate(s); err == nil && (d.String() != s || d < FirstDate || d > LastDate) {
			t.Fatalf("date %q is %s", s, d)
		}
	})
}
