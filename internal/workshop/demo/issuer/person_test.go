package issuer

import "testing"

func TestBirthdate(t *testing.T) {
	// The check digits do not matter here.
	cases := map[string]struct{ reason, number, want string }{
		"1900s":            {"serials 000-499", "15857010000", "1970-05-15"},
		"2000s":            {"serials 500-999, years 00-39", "12812199631", "2021-01-12"},
		"1940s to 1990s":   {"serials 900-999, years 40-99", "01928590000", "1985-12-01"},
		"1800s":            {"serials 500-749, years 54-99", "01815450000", "1854-01-01"},
		"D-number":         {"day + 40", "41815010000", "1950-01-01"},
		"D-number, day 31": {"day + 40", "71815010000", "1950-01-31"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := (Person{NationalID: tc.number}).birthdate(); got != tc.want {
				t.Errorf("%s: got %s, want %s", tc.reason, got, tc.want)
			}
		})
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string][2]string{
		"Kari Anne Nordmann": {"Kari Anne", "Nordmann"},
		"Ola":                {"Ola", "Ola"},
	} {
		p := Person{Name: name}
		if got := [2]string{p.givenName(), p.familyName()}; got != want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
