package resolvers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/resolvers"
)

const checkGenuine = `query($in: CheckGenuineInput!) { checkGenuine(input: $in) { verdict complete text(language: NB) advice(language: EN)
	parts { kind reason verdict start length text(language: NN) agency { code } %s } } }`

// genuinely returns what a check says: the verdict, and of each part the kind, the reason and whose it is.
func genuinely(data any) string {
	said := []string{fmt.Sprint(at(data, "checkGenuine", "verdict"))}
	for _, p := range at(data, "checkGenuine", "parts").([]any) {
		said = append(said, fmt.Sprint(at(p, "kind"), " ", at(p, "reason"), " ", at(p, "agency", "code"), " ", at(p, "case", "caseNumber")))
	}
	return strings.ReplaceAll(strings.Join(said, "; "), " <nil>", "")
}

// TestCheckGenuine: at the reference core and the old one, the caller's own letter is genuine, and
// the same letter tells a stranger nothing about a case, whether there is one or not.
func TestCheckGenuine(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("letter", s.letter)
	p.know("worker", staff(caller.CaseWorker, people.Fjord))
	check := func(as string, input map[string]any, more string) answer {
		return p.askAs(as, fmt.Sprintf(checkGenuine, more), map[string]any{"in": input})
	}
	for _, code := range []string{people.Fjord, people.Tradisjon} {
		var number, kid, account string
		err := p.databases[code].Conn().QueryRow(t.Context(), `select c.case_number, c.kid, c.account from oversikt.case c
			join oversikt.debtor d using (debtor_id) where d.national_id = $1 and c.status = 'OPEN' limit 1`,
			kari().Reveal()).Scan(&number, &kid, &account)
		if err != nil {
			t.Fatal(err)
		}
		a, err := people.AgencyOf(code)
		if err != nil {
			t.Fatal(err)
		}
		letter := fmt.Sprintf("Sak %s, KID %s, konto %s. Se %s", number, kid, account, a.Website)
		of := " " + code + " " + number
		for name, tc := range map[string]struct {
			reason, as, more string
			input            map[string]any
			want             string
		}{
			"mine": {"all of it is", kari().Reveal(), "case { caseNumber }", map[string]any{"text": letter},
				"GENUINE; CASE_NUMBER CASE_NUMBER" + of + "; KID CASE_KID" + of + "; ACCOUNT AGENCY_ACCOUNT" + of + "; LINK AGENCY_DOMAIN " + code},
			"a stranger's": {"who is not logged in", "", "", map[string]any{"text": letter},
				"GENUINE; KID LOG_IN_TO_CHECK; ACCOUNT AGENCY_ACCOUNT " + code + "; LINK AGENCY_DOMAIN " + code},
			"staff": {"they have no cases of their own", "worker", "", map[string]any{"kid": kid}, "NOT_RECOGNISED; KID LOG_IN_TO_CHECK"},
			"somebody else's": {"logged in, and it is another's", people.DemoPeople(today)[3].NationalID.Reveal(), "case { caseNumber }",
				map[string]any{"kid": kid}, "NOT_RECOGNISED; KID UNKNOWN_KID"},
			"a thief's account": {"everything else is right", kari().Reveal(), "case { caseNumber }",
				map[string]any{"text": "KID " + kid + " konto 8601.11.17947"}, "SUSPICIOUS; KID CASE_KID" + of + "; ACCOUNT OTHER_ACCOUNT " + code},
			"sender": {"as the agency names it", "", "", map[string]any{"sender": a.Email}, "GENUINE; SENDER AGENCY_SENDER " + code},
			"phone":  {"a public fact", "", "", map[string]any{"sender": a.Phone}, "GENUINE; PHONE AGENCY_PHONE " + code},
		} {
			got := check(tc.as, tc.input, tc.more)
			if got.codes() != "[]" || genuinely(got.object(t)) != tc.want {
				t.Errorf("%s, %s: %s, want %s: %s\n%s", code, name, genuinely(got.object(t)), tc.want, tc.reason, got.Raw)
			}
			if strings.Contains(string(got.Raw), kid) || strings.Contains(string(got.Raw), account) {
				t.Errorf("%s, %s: the input is repeated", code, name)
			}
		}
		advice := fmt.Sprint(at(check(kari().Reveal(), map[string]any{"kid": kid}, "").object(t), "checkGenuine", "advice"),
			at(check(kari().Reveal(), map[string]any{"kid": "18"}, "").object(t), "checkGenuine", "advice"))
		if strings.Contains(strings.ToLower(advice), "log in") {
			t.Errorf("%s: who is logged in is told: %s", code, advice)
		}
		// The very same answer, and nobody's database is asked: so the time is the same too.
		there := check("", map[string]any{"kid": kid}, "")
		not := check("", map[string]any{"kid": norway.KID("99" + kid[:len(kid)-1])}, "")
		asked := len(there.Extensions.Usage) + len(not.Extensions.Usage)
		if genuinely(there.object(t)) != genuinely(not.object(t)) || asked > 0 {
			t.Errorf("%s: a stranger sees whether a KID exists:\n%s\n%s", code, there.Raw, not.Raw)
		}
	}
	p.holder(t, s, check)
}

// holder asks with a letter's login, as a stranger for a case, with an agency that is down, and too often.
func (p *portal) holder(t *testing.T, s *subject, check func(string, map[string]any, string) answer) {
	p.know("attorney", s.attorney(func(*caller.Authority) {}))
	if got := check("attorney", map[string]any{"text": "Sak " + s.caseNumber}, "case { id }"); genuinely(got.object(t)) !=
		"GENUINE; CASE_NUMBER CASE_NUMBER "+s.code {
		t.Errorf("an attorney: %s", got.Raw)
	}
	if got := check("letter", map[string]any{"text": "Sak " + s.caseNumber}, "case { id }"); genuinely(got.object(t)) !=
		"GENUINE; CASE_NUMBER CASE_NUMBER "+s.code {
		t.Errorf("a login with a letter: %s", got.Raw)
	}
	const logged = `select count(*) from portal.access_log
		where what = '{checkGenuine}' and outcome = 'OK' and ground = 'POWER_OF_ATTORNEY'`
	for end := time.Now().Add(10 * time.Second); p.scalar(logged) != 1; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what the attorney has looked at is not in the access log")
		}
	}
	if got := check("", map[string]any{"text": "1"}, "case { id }"); got.codes() != "[UNAUTHENTICATED]" {
		t.Errorf("a stranger selects a case: %s", got.Raw)
	}
	if got := check("", map[string]any{"text": " "}, ""); got.codes() != "[BAD_USER_INPUT]" {
		t.Errorf("nothing at all: %s", got.Raw)
	}
	p.line(people.Lita, false)
	got := check(kari().Reveal(), map[string]any{"text": "Sak " + s.caseNumber}, "case { caseNumber }")
	if at(got.object(t), "checkGenuine", "complete") != false || got.codes() != "[AGENCY_UNAVAILABLE]" ||
		!strings.HasPrefix(genuinely(got.object(t)), "GENUINE") {
		t.Errorf("with an agency that is down: %s", got.Raw)
	}
	p.resolver.CheckLimits = resolvers.DefaultCheckLimits
	for range 12 {
		got = check("", map[string]any{"kid": "12344"}, "")
	}
	if got.codes() != "[RATE_LIMITED]" {
		t.Errorf("whoever guesses is not stopped: %s", got.Raw)
	}
}
