package genuine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/genuine"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

const (
	fjordAccount = "97101010108"
	otherAccount = "86011117947"
	kid          = "1234567890128"
	kidElsewhere = "12345678901237"
)

func agencies() []*debt.Agency {
	return []*debt.Agency{
		{Code: "fjord", Name: "Fjord Inkasso AS", Phone: new("+4768050100"), Email: new("post@fjordinkasso.no"),
			Domains: []string{"fjordinkasso.no", "betal.fjord.no"}, Senders: []string{"FjordInk"},
			Accounts: []string{fjordAccount}},
		{Code: "lita", Name: "Lita Inkasso AS", Website: new("https://www.litainkasso.no/hjem"),
			Phones: []string{"68 05 03 00"}},
		{Code: "bok", Name: "Bokført Inkasso AS", Domains: []string{"bokførtinkasso.no"},
			Accounts: []string{"9740.40.40409"}},
	}
}

func known() genuine.Known {
	today := norway.MustDate("2026-11-30")
	c := &debt.Case{CaseNumber: "100123", KID: kid, Account: fjordAccount, Status: debt.Open, OpenedOn: today - 40,
		OriginalPrincipal: 1234_50, Agency: &debt.Agency{Code: "fjord"}, Terms: &debt.Terms{Today: today}}
	lita := &debt.Case{CaseNumber: "L26-1001", KID: kidElsewhere, Account: "97303030305", Status: debt.Open,
		OpenedOn: today - 40, OriginalPrincipal: 800_00, Agency: &debt.Agency{Code: "lita"}, Terms: &debt.Terms{Today: today}}
	return genuine.Known{Agencies: agencies(), Cases: []*debt.Case{c, lita}, LoggedIn: true}
}

// said writes parts as KIND REASON agency: what a table can be read in.
func said(r genuine.Result) string {
	parts := []string{string(r.Verdict)}
	for _, p := range r.Parts {
		s := string(p.Kind) + " " + string(p.Reason)
		if p.Agency != nil {
			s += " " + p.Agency.Code
		}
		if p.Case != nil {
			s += " " + p.Case.CaseNumber
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		"https://fjordinkasso.no/sak?id=1":              "GENUINE; LINK AGENCY_DOMAIN fjord",
		"HTTP://MIN.FJORDINKASSO.NO":                    "GENUINE; LINK AGENCY_DOMAIN fjord",
		"fjordinkasso.no:443/":                          "GENUINE; LINK AGENCY_DOMAIN fjord",
		"fjordinkasso.no.":                              "GENUINE; LINK AGENCY_DOMAIN fjord",
		"litainkasso.no":                                "GENUINE; LINK AGENCY_DOMAIN lita",
		"https://bokførtinkasso.no":                     "GENUINE; LINK AGENCY_DOMAIN bok",
		"https://xn--bokfrtinkasso-enb.no/x":            "GENUINE; LINK AGENCY_DOMAIN bok",
		"https://fjordinkasso.no.evil.com/":             "SUSPICIOUS; LINK NAME_IN_OTHER_DOMAIN fjord",
		"https://fjordinkasso.no@evil.com":              "SUSPICIOUS; LINK HIDDEN_TARGET",
		`https://evil.com\@fjordinkasso.no`:             "NOT_RECOGNISED; LINK UNKNOWN_DOMAIN",
		"https://fjordinkasso.no%40evil.com":            "SUSPICIOUS; LINK HIDDEN_TARGET",
		"https://evil.com/?to=fjordinkasso.no":          "NOT_RECOGNISED; LINK UNKNOWN_DOMAIN",
		"https://evil.com#https://fjordinkasso.no":      "NOT_RECOGNISED; LINK UNKNOWN_DOMAIN",
		"https://evil.com?@fjordinkasso.no":             "NOT_RECOGNISED; LINK UNKNOWN_DOMAIN",
		"https://fjоrdinkasso.no":                       "SUSPICIOUS; LINK LOOKALIKE_DOMAIN fjord",
		"https://xn--fjrdinkasso-snj.no":                "SUSPICIOUS; LINK LOOKALIKE_DOMAIN fjord",
		"https://fj0rdinkasso.no":                       "SUSPICIOUS; LINK LOOKALIKE_DOMAIN fjord",
		"https://fjordlnkasso.no":                       "SUSPICIOUS; LINK LOOKALIKE_DOMAIN fjord",
		"https://fjordinkaso.no":                        "SUSPICIOUS; LINK LOOKALIKE_DOMAIN fjord",
		"https://fjordinkasso.com":                      "SUSPICIOUS; LINK LOOKALIKE_DOMAIN fjord",
		"https://fjord-inkasso.no":                      "SUSPICIOUS; LINK LOOKALIKE_DOMAIN fjord",
		"https://fjordinkasso-betaling.com":             "SUSPICIOUS; LINK LOOKALIKE_DOMAIN fjord",
		"https://notfjordinkasso.no":                    "SUSPICIOUS; LINK LOOKALIKE_DOMAIN fjord",
		"https://fjo\u00adrdinkasso.no":                 "GENUINE; LINK AGENCY_DOMAIN fjord", // a soft hyphen is no letter
		"https://ﬀ.example":                             "NOT_RECOGNISED; LINK UNKNOWN_DOMAIN",
		"https://раураӏ-x.example":                      "SUSPICIOUS; LINK LOOKALIKE_DOMAIN",
		"https://192.0.2.7/fjordinkasso.no":             "SUSPICIOUS; LINK HIDDEN_TARGET",
		"https://3221225991/":                           "SUSPICIOUS; LINK HIDDEN_TARGET",
		"https://0xC0.0x0.0x2.0x7/":                     "SUSPICIOUS; LINK HIDDEN_TARGET",
		"https://[2001:db8::1]/":                        "SUSPICIOUS; LINK HIDDEN_TARGET",
		"javascript:location='https://fjordinkasso.no'": "SUSPICIOUS; LINK HIDDEN_TARGET",
		"data:text/html,fjordinkasso.no":                "SUSPICIOUS; LINK HIDDEN_TARGET",
		"https://bank.example/":                         "NOT_RECOGNISED; LINK UNKNOWN_DOMAIN",
		"https://":                                      "SUSPICIOUS; LINK HIDDEN_TARGET",
	} {
		if got := said(genuine.Of(genuine.Input{Link: &link}, genuine.Known{Agencies: agencies()})); got != want {
			t.Errorf("%s: %s, want %s", link, got, want)
		}
	}
}

func TestSenders(t *testing.T) {
	t.Parallel()
	for sender, want := range map[string]string{
		"post@fjordinkasso.no":               "GENUINE; SENDER AGENCY_SENDER fjord",
		"Fjord <svar@epost.FJORDINKASSO.no>": "GENUINE; SENDER AGENCY_SENDER fjord",
		"post@fjordinkasso.no <x@evil.com>":  "NOT_RECOGNISED; SENDER UNKNOWN_SENDER",
		"post@fjordinkasso.no.evil.com":      "SUSPICIOUS; SENDER NAME_IN_OTHER_DOMAIN fjord",
		"post@fjordinkass0.no":               "SUSPICIOUS; SENDER LOOKALIKE_DOMAIN fjord",
		"fjordink":                           "GENUINE; SENDER AGENCY_SENDER fjord",
		"Fjord1nk":                           "SUSPICIOUS; SENDER LOOKALIKE_SENDER fjord",
		"Posten":                             "NOT_RECOGNISED; SENDER UNKNOWN_SENDER",
		"+47 680 50 100":                     "GENUINE; PHONE AGENCY_PHONE fjord",
		"68050100":                           "GENUINE; PHONE AGENCY_PHONE fjord",
		"0047 68 05 03 00":                   "GENUINE; PHONE AGENCY_PHONE lita",
		"+4612345678":                        "NOT_RECOGNISED; PHONE UNKNOWN_PHONE",
		"@":                                  "SUSPICIOUS; SENDER HIDDEN_TARGET",
	} {
		if got := said(genuine.Of(genuine.Input{Sender: &sender}, genuine.Known{Agencies: agencies()})); got != want {
			t.Errorf("%s: %s, want %s", sender, got, want)
		}
	}
}

// TestNumbers: a stranger gets the same answer for a KID that exists and for one that does not, and
// for an account of a case that no agency names.
func TestNumbers(t *testing.T) {
	t.Parallel()
	stranger := genuine.Known{Agencies: agencies()}
	for name, tc := range map[string]struct {
		reason         string
		in             genuine.Input
		mine, stranger string
	}{
		"KID": {"of a case", genuine.Input{KID: new(kid)}, "GENUINE; KID CASE_KID fjord 100123", "NOT_RECOGNISED; KID LOG_IN_TO_CHECK"},
		"KID in groups": {"as it is typed", genuine.Input{KID: new(" 1234 5678 90128 ")}, "GENUINE; KID CASE_KID fjord 100123",
			"NOT_RECOGNISED; KID LOG_IN_TO_CHECK"},
		"another's KID": {"the stranger learns nothing", genuine.Input{KID: new("12344")}, "NOT_RECOGNISED; KID UNKNOWN_KID",
			"NOT_RECOGNISED; KID LOG_IN_TO_CHECK"},
		"no KID": {"a wrong check digit", genuine.Input{KID: new("12345")}, "NOT_RECOGNISED; KID WRONG_CHECK_DIGIT",
			"NOT_RECOGNISED; KID WRONG_CHECK_DIGIT"},
		"account": {"of an agency and a case", genuine.Input{Account: new("9710.10.10108")},
			"GENUINE; ACCOUNT AGENCY_ACCOUNT fjord 100123", "GENUINE; ACCOUNT AGENCY_ACCOUNT fjord"},
		"account of a case": {"which no agency names", genuine.Input{Account: new("97303030305")},
			"GENUINE; ACCOUNT CASE_ACCOUNT lita L26-1001", "NOT_RECOGNISED; ACCOUNT UNKNOWN_ACCOUNT"},
		"IBAN":       {"the same account", genuine.Input{Account: new("NO93 8601 1117 947")}, "NOT_RECOGNISED; ACCOUNT UNKNOWN_ACCOUNT", "NOT_RECOGNISED; ACCOUNT UNKNOWN_ACCOUNT"},
		"wrong IBAN": {"its own check digits", genuine.Input{Account: new("NO94 8601 1117 947")}, "NOT_RECOGNISED; ACCOUNT WRONG_CHECK_DIGIT", "NOT_RECOGNISED; ACCOUNT WRONG_CHECK_DIGIT"},
		"no account": {"mod 11", genuine.Input{Account: new("97101010109")}, "NOT_RECOGNISED; ACCOUNT WRONG_CHECK_DIGIT", "NOT_RECOGNISED; ACCOUNT WRONG_CHECK_DIGIT"},
	} {
		if got := said(genuine.Of(tc.in, known())); got != tc.mine {
			t.Errorf("%s, logged in: %s, want %s: %s", name, got, tc.mine, tc.reason)
		}
		if got := said(genuine.Of(tc.in, stranger)); got != tc.stranger {
			t.Errorf("%s, stranger: %s, want %s: %s", name, got, tc.stranger, tc.reason)
		}
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		reason         string
		text           string
		mine, stranger string
	}{
		"a letter": {"all of it is the agency's", "Sak 100123: betal kr 1 234,50 til 9710.10.10108, KID 1234567890128.\nwww.fjordinkasso.no, tlf. 68 05 01 00",
			"GENUINE; CASE_NUMBER CASE_NUMBER fjord 100123; AMOUNT CASE_AMOUNT fjord 100123; ACCOUNT AGENCY_ACCOUNT fjord 100123; KID CASE_KID fjord 100123; LINK AGENCY_DOMAIN fjord; PHONE AGENCY_PHONE fjord",
			"GENUINE; AMOUNT LOG_IN_TO_CHECK; ACCOUNT AGENCY_ACCOUNT fjord; KID LOG_IN_TO_CHECK; LINK AGENCY_DOMAIN fjord; PHONE AGENCY_PHONE fjord"},
		"another account": {"the letter is real, the account is the thief's", "Sak 100123, KID: 1234567890128, konto 8601.11.17947",
			"SUSPICIOUS; CASE_NUMBER CASE_NUMBER fjord 100123; KID CASE_KID fjord 100123; ACCOUNT OTHER_ACCOUNT fjord",
			"NOT_RECOGNISED; KID LOG_IN_TO_CHECK; ACCOUNT UNKNOWN_ACCOUNT"},
		"an agency's account for another's case": {"money would go astray", "KID " + kidElsewhere + " konto 97101010108",
			"SUSPICIOUS; KID CASE_KID lita L26-1001; ACCOUNT OTHER_ACCOUNT lita",
			"GENUINE; KID LOG_IN_TO_CHECK; ACCOUNT AGENCY_ACCOUNT fjord"},
		"a name alone": {"an agency that names its accounts is not paid to another", "Hilsen Fjord Inkasso. Betal til konto 86011117947",
			"SUSPICIOUS; ACCOUNT OTHER_ACCOUNT fjord", "SUSPICIOUS; ACCOUNT OTHER_ACCOUNT fjord"},
		"an agency that names no account": {"nobody knows", "Hilsen Lita Inkasso. Betal til konto 86011117947",
			"NOT_RECOGNISED; ACCOUNT UNKNOWN_ACCOUNT", "NOT_RECOGNISED; ACCOUNT UNKNOWN_ACCOUNT"},
		"a trap": {"the link", "Du har en ubetalt regning. Betal nå: https://fjordinkasso.no.betal-na.com/x.",
			"SUSPICIOUS; LINK NAME_IN_OTHER_DOMAIN fjord", "SUSPICIOUS; LINK NAME_IN_OTHER_DOMAIN fjord"},
		"user and host": {"a link, not an address of e-mail", "se https://fjordinkasso.no@evil.example/a",
			"SUSPICIOUS; LINK HIDDEN_TARGET", "SUSPICIOUS; LINK HIDDEN_TARGET"},
		"a national identity number": {"is never taken for an account", "Født 12812199631 KID 1234567890128",
			"GENUINE; KID CASE_KID fjord 100123", "NOT_RECOGNISED; KID LOG_IN_TO_CHECK"},
		"sentences": {"a full stop is no domain", "Takk.Vi ringer deg f.eks. i dag kl.12.30 bl.a. Hei.Du må betale.",
			"NOT_RECOGNISED", "NOT_RECOGNISED"},
		"a number in a number": {"no case number", "1001234 og x100123", "NOT_RECOGNISED", "NOT_RECOGNISED"},
		"amounts":              {"as they are written", "NOK 800 eller 800,00 kr, ikke 801 kroner", "GENUINE; AMOUNT CASE_AMOUNT lita L26-1001; AMOUNT CASE_AMOUNT lita L26-1001; AMOUNT OTHER_AMOUNT", "NOT_RECOGNISED; AMOUNT LOG_IN_TO_CHECK; AMOUNT LOG_IN_TO_CHECK; AMOUNT LOG_IN_TO_CHECK"},
	} {
		if got := said(genuine.Of(genuine.Input{Text: &tc.text}, known())); got != tc.mine {
			t.Errorf("%s, logged in:\n%s\nwant\n%s: %s", name, got, tc.mine, tc.reason)
		}
		if got := said(genuine.Of(genuine.Input{Text: &tc.text}, genuine.Known{Agencies: agencies()})); got != tc.stranger {
			t.Errorf("%s, stranger:\n%s\nwant\n%s: %s", name, got, tc.stranger, tc.reason)
		}
	}
}

// TestPlaces: a part stands where a frontend marks it, also behind what takes two units.
func TestPlaces(t *testing.T) {
	t.Parallel()
	text := "😀 Åpne https://fjordinkasso.no/å, eller ring 68050100"
	units := utf16.Encode([]rune(text))
	for i, p := range genuine.Of(genuine.Input{Text: &text}, known()).Parts {
		want := []string{"https://fjordinkasso.no/å", "68050100"}[i]
		if got := string(utf16.Decode(units[p.Start : p.Start+p.Length])); got != want {
			t.Errorf("%q stands where %q should", got, want)
		}
	}
}

// TestManyParts: what warns is shown, however much stands around it.
func TestManyParts(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("bank.no ", 300) + "http://fjordinkasso.no.x.com"
	r := genuine.Of(genuine.Input{Text: &text}, known())
	if n := len(r.Parts); n != 100 || r.Parts[n-1].Verdict() != genuine.Suspicious || r.Verdict != genuine.Suspicious {
		t.Errorf("%d parts, the verdict is %s", len(r.Parts), r.Verdict)
	}
}

func TestInputCheck(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		in    genuine.Input
		field string
	}{
		"blank":    {genuine.Input{Text: new(" \n")}, "input.text"},
		"too long": {genuine.Input{Text: new(strings.Repeat("å", 5001))}, "input.text"},
		"link":     {genuine.Input{Link: new(strings.Repeat("a", 2001))}, "input.link"},
		"good":     {genuine.Input{Text: new(strings.Repeat("å", 5000))}, ""},
	} {
		var f *fault.Error
		err := tc.in.Check()
		if errors.As(err, &f); (err == nil) != (tc.field == "") || f != nil && f.Field != tc.field {
			t.Errorf("%s: %v, want a fault at %q", name, err, tc.field)
		}
	}
}

// FuzzCheckGenuine: whatever is pasted, parts stand in it in their order and do not overlap, the
// verdict follows from them, and who is not logged in learns nothing about cases.
func FuzzCheckGenuine(f *testing.F) {
	for _, s := range []string{"Sak 100123 kr 1 234,50 9710.10.10108 KID 1234567890128 www.fjordinkasso.no 68 05 01 00",
		"https://fjordinkasso.no@evil.com\\@x", "post@fjordinkasso.no <a@b.c>", "NO93 8601 1117 947", "http://xn--\xff.no",
		"😀http://[::1]:80/å", "kid 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6", strings.Repeat("a.", 300) + "no"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if (genuine.Input{Text: &s}).Check() != nil {
			return
		}
		stranger := genuine.Known{Agencies: agencies()}
		for _, in := range []genuine.Input{{Text: &s}, {Link: &s}, {Sender: &s}, {KID: &s}, {Account: &s}} {
			r, mine := genuine.Of(in, stranger), genuine.Of(in, known())
			if err := sound(s, r); err != nil {
				t.Fatal(err)
			}
			if err := sound(s, mine); err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(r.Parts, func(p genuine.Part) bool { return p.Case != nil }) {
				t.Fatal("a stranger is shown a case")
			}
		}
	})
}

func sound(s string, r genuine.Result) error {
	end, units, worst := 0, len(utf16.Encode([]rune(s))), genuine.Verdict("")
	for _, p := range r.Parts {
		if p.Start < end || p.Length <= 0 || p.Start+p.Length > units {
			return fmt.Errorf("a part stands at %d+%d of %d, after %d", p.Start, p.Length, units, end)
		}
		end = p.Start + p.Length
		if p.Verdict() == genuine.Suspicious {
			worst = genuine.Suspicious
		}
	}
	if (r.Verdict == genuine.Suspicious) != (worst == genuine.Suspicious) {
		return fmt.Errorf("the verdict %s is not that of its parts", r.Verdict)
	}
	return nil
}
