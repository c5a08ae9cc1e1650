package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

// sent is a letter that the demo's page has.
type sent struct{ Agency, CaseNumber, Password string }

// ordered is a new password that somebody orders.
type ordered struct {
	agency    string
	who       http.Header // nil: a stranger
	times     int         // with one key; an address has five at once
	by, shown string
}

// tryLetters orders new passwords in the demo, without a login at two layouts of a core, as the
// debtor at a third agency and as another at the fourth, and logs in with what comes.
func tryLetters(t *testing.T, address, token, booked string) (letters []sent) {
	t.Helper()
	debtor := http.Header{"Authorization": {"Bearer " + token}}
	for _, o := range []ordered{
		{people.Fjord, nil, 2, "LETTER", "Brev til "},
		{people.Tradisjon, nil, 2, "LETTER", "Brev til "},
		{people.Lita, debtor, 1, "REGISTERED_CONTACT", "E-post til "},
	} {
		letters = append(letters, o.try(t, address, debtor))
	}
	other := http.Header{"Authorization": {"Bearer " + booked}}
	ordered{people.Journal, other, 1, "REGISTERED_CONTACT", "E-post til "}.try(t, address, other)
	tryToLockOut(t, address, debtor, letters[0])
	log := graphQL(t, address, debtor, `{ viewer { accessLog(first: 100) { nodes { kind action outcome agencies } } } }`,
		nil).Body
	for _, letter := range letters {
		if entry := `{"kind":"CASE_LOGIN","action":"personalDataExport","outcome":"DENIED","agencies":["` + letter.Agency +
			`"]}`; strings.Count(log, entry) != 1 {
			t.Errorf("the access log lacks %s: %s", entry, log)
		}
	}
	return letters
}

// try orders the password for the first case of a debtor at an agency, and logs in with the letter.
func (o ordered) try(t *testing.T, address string, debtor http.Header) sent {
	t.Helper()
	cases := graphQL(t, address, debtor, `{ viewer { cases(first: 100) { nodes { agency { code } caseNumber } } } }`,
		nil).Body
	found := regexp.MustCompile(`"code":"` + o.agency + `"},"caseNumber":"([^"]+)"`).FindStringSubmatch(cases)
	if found == nil {
		t.Fatalf("no case at %s: %s", o.agency, cases)
	}
	number := found[1]
	old := logIn(t, address, sent{o.agency, number, people.Password})
	if len(old.Cookies) != 1 {
		t.Errorf("the old password at %s before: %s", o.agency, old.Body)
	}
	input := map[string]any{"idempotencyKey": uuid.NewString(), "agency": o.agency, "caseNumber": number}
	for range o.times {
		a := graphQL(t, address, o.who,
			`mutation($input: OrderNewCredentialsInput!) { orderNewCredentials(input: $input) { sentBy userErrors { code } } }`,
			input)
		if !strings.Contains(a.Body, `{"sentBy":"`+o.by+`","userErrors":[]}`) {
			t.Fatalf("order at %s: %s", o.agency, a.Body)
		}
	}
	card := regexp.MustCompile(`(?s)<span class="note">` + o.shown +
		`[^<]+</span>\s*<span class="note">Passord: <code>([^<]+)</code></span>\s*<span class="facts">[^<]+ · sak ` +
		number + `</span>`)
	page := mail(t, address)
	for tries := 0; !card.MatchString(page) && tries < 2000; tries++ {
		time.Sleep(50 * time.Millisecond)
		page = mail(t, address)
	}
	all := card.FindAllStringSubmatch(page, -1)
	if len(all) != 1 {
		t.Fatalf("%d letters of one order: %s", len(all), page)
	}
	letter := sent{o.agency, number, all[0][1]}
	ended := func(when string, want bool) {
		t.Helper()
		a := logIn(t, address, sent{o.agency, number, people.Password})
		if want && (len(a.Cookies) != 0 || !strings.Contains(a.Body, "LOGIN_FAILED")) || !want && len(a.Cookies) != 1 {
			t.Errorf("the old password at %s, %s: %s", o.agency, when, a.Body)
		}
	}
	ended("before the new one is used", o.who != nil)
	letter.checkStored(t, address)
	ended("after", true)
	if a := graphQL(t, address, http.Header{"Cookie": old.Cookies}, `{ viewer { name } }`,
		nil); a.Status != http.StatusUnauthorized {
		t.Errorf("the session of the old password at %s: %d %s", o.agency, a.Status, a.Body)
	}
	return letter
}

const documentsAMinute = 30 // as the service has it

// tryToLockOut takes all that the holder of a letter can have at a time, which the debtor does
// not lack.
func tryToLockOut(t *testing.T, address string, debtor http.Header, letter sent) {
	t.Helper()
	holder := http.Header{"X-Oversikt-Client": {"test"}, "Cookie": logIn(t, address, letter).Cookies}
	status := 0
	for tries := 0; status != http.StatusTooManyRequests && tries <= documentsAMinute; tries++ {
		status = endtoend.Visit(t, http.MethodPost, "http://"+address+"/power-of-attorney-document", holder,
			`{"id":"none"}`).Status
	}
	if status != http.StatusTooManyRequests { // on a machine that takes more than a minute for it
		t.Logf("the holder of a letter is never refused: %d", status)
	}
	if a := endtoend.Visit(t, http.MethodPost, "http://"+address+"/power-of-attorney-document", debtor,
		`{"id":"none"}`); a.Status != http.StatusBadRequest {
		t.Errorf("the debtor, after the holder of a letter: %d %s", a.Status, a.Body)
	}
}

// checkStored logs in with a letter and finds it among those of the case, once.
func (s sent) checkStored(t *testing.T, address string) {
	t.Helper()
	a := logIn(t, address, s)
	if len(a.Cookies) != 1 {
		t.Fatalf("the new password at %s: %s", s.Agency, a.Body)
	}
	archive := http.Header{"X-Oversikt-Client": {"test"}, "Cookie": a.Cookies}
	if got := endtoend.Visit(t, http.MethodPost, "http://"+address+"/personal-data", archive,
		nil); got.Status != http.StatusForbidden {
		t.Errorf("everything of the person with a letter: %d %s", got.Status, got.Body)
	}
	by := map[string]string{people.Lita: "EMAIL", people.Journal: "EMAIL"}[s.Agency]
	if by == "" {
		by = "POST"
	}
	a = graphQL(t, address, http.Header{"Cookie": a.Cookies},
		`{ viewer { cases(first: 2) { nodes { caseNumber letters(last: 100) { nodes { title kind channel } } } } } }`, nil)
	if strings.Count(a.Body, `{"title":"Nytt passord","kind":"OTHER","channel":"`+by+`"}`) != 1 ||
		strings.Count(a.Body, "Nytt passord") != 1 || !strings.Contains(a.Body, `"`+s.CaseNumber+`"`) {
		t.Errorf("letters of the case: %s", a.Body)
	}
}

// tryAlone logs in with the letter of somebody whom the agency knows by no number, as they may
// type it: it shows them one case, and BankID nothing more.
func (s sent) tryAlone(t *testing.T, address, name string) {
	t.Helper()
	typed := s
	typed.Password = " " + strings.ReplaceAll(strings.ToUpper(s.Password), "-", "  ") + "\n"
	a := logIn(t, address, typed)
	if len(a.Cookies) != 1 {
		t.Fatalf("the letter of %s at %s: %s", name, s.Agency, a.Body)
	}
	a = graphQL(t, address, http.Header{"Cookie": a.Cookies},
		`{ viewer { name login { limitedToCase bankIDShowsMore } cases(first: 2) { nodes { caseNumber } } } }`, nil)
	if want := fmt.Sprintf(`{"data":{"viewer":{"name":%q,"login":{"limitedToCase":true,"bankIDShowsMore":false},`+
		`"cases":{"nodes":[{"caseNumber":%q}]}}}`, name, s.CaseNumber); !strings.HasPrefix(a.Body, want) {
		t.Errorf("with the letter of %s at %s: %s", name, s.Agency, a.Body)
	}
}

func logIn(t *testing.T, address string, s sent) endtoend.Answer {
	t.Helper()
	return graphQL(t, address, nil,
		`mutation($input: LoginWithLetterInput!) { loginWithLetter(input: $input) { caseId userErrors { code } } }`,
		map[string]any{"agency": s.Agency, "caseNumber": s.CaseNumber, "password": s.Password})
}

func mail(t *testing.T, address string) string {
	t.Helper()
	a := endtoend.Visit(t, http.MethodGet, "http://"+address+"/dev/post", nil, nil)
	if a.Status != http.StatusOK {
		t.Fatalf("the page of letters: %d %s", a.Status, a.Body)
	}
	return a.Body
}

func graphQL(t *testing.T, address string, header http.Header, query string, input map[string]any) endtoend.Answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"input": input}})
	if err != nil {
		t.Fatal(err)
	}
	all := http.Header{"Content-Type": {"application/json"}, "X-Oversikt-Client": {"test"}}
	for name, values := range header {
		all[name] = values
	}
	return endtoend.Visit(t, http.MethodPost, "http://"+address+"/graphql", all, string(body))
}
