package resolvers_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// forgetNumber is how each layout of a core comes to know a debtor by no number.
var forgetNumber = map[string]string{
	people.Fjord:     "update core.debtor set national_id = null where national_id = $1",
	people.Tradisjon: "update inkasso.skyldner set fnr = null where fnr = $1",
}

// TestLetterAlone: somebody whom the agency knows by no number comes in with a letter, sees its
// case and acts in it, at each layout of a core. Everything else answers as if it were not there.
func TestLetterAlone(t *testing.T) {
	t.Parallel()
	for code := range forgetNumber {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			a := newAlone(t, code)
			a.narrow("company", a.number).lists()
			a.narrow("company", a.number).ids()
			a.narrow("company", a.number).simulations()
			a.looks()
			a.acts()
			a.accepts()
			a.closed()
			a.recorded()
			a.atRest()
			a.logsOut()
		})
	}
}

// alone is somebody with the letters of two cases at an agency that knows no number of theirs.
type alone struct {
	*testing.T
	p                *portal
	code             string
	whole            []any // all cases of hers, as she saw them with BankID before
	id, number       string
	key              string // the agency's
	otherID, another string // the id and the number of another case
	texts            []string
}

func newAlone(t *testing.T, code string) *alone {
	t.Helper()
	p := newPortal(t)
	everyPasswordHolds(t, p)
	p.sameDay()
	a := &alone{T: t, p: p, code: code}
	a.whole = at(p.get(kari(), `{ viewer { cases(first: 100) { nodes `+strings.Replace(objects, "{",
		"{ availableActs { name allowed } ", 1)+` } } }`, nil), "viewer", "cases", "nodes").([]any)
	most := money.Øre(0)
	for _, c := range a.whole {
		if at(c, "agency", "code") != code || at(c, "status") != "OPEN" {
			continue
		}
		id, number := at(c, "id").(string), at(c, "caseNumber").(string)
		if a.id == "" && may(c, "REQUEST_DEFERRAL") && may(c, "SUBMIT_OBJECTION") {
			a.id, a.number = id, number
		} else if owed := amount(t, at(c, "balance", "total")); owed > most {
			a.otherID, a.another, most = id, number, owed
		}
	}
	a.key = caseKey(t, p, code, a.number)
	if n := p.change(code, forgetNumber[code], kari().Reveal()); n != 1 {
		t.Fatalf("%d debtors have lost their number", n)
	}
	login := p.logIn("company", code, a.number, " DEMO PASSORD ")
	want := map[string]any{"loginWithLetter": map[string]any{"caseId": a.id, "userErrors": []any{},
		"login": map[string]any{"kind": "CASE_LOGIN", "limitedToCase": true, "bankIDShowsMore": false,
			"expiresAt": "2026-03-02T14:00:00Z"}}}
	if diff := cmp.Diff(want, login.object(t)); diff != "" {
		t.Fatalf("(-want +got)\n%s%s", diff, login.Raw)
	}
	if p.logIn("neighbour", code, a.another, people.Password).Cookie == "" {
		t.Fatal("the letter of the other case opens nothing")
	}
	return a
}

// may says whether an act is offered in a case.
func may(c any, name string) bool {
	return slices.ContainsFunc(at(c, "availableActs").([]any), func(a any) bool {
		return at(a, "name") == name && at(a, "allowed") == true
	})
}

func (a *alone) narrow(caller, number string) narrow {
	return narrow{a.T, a.p, &subject{code: a.code}, caller, []string{a.code}, []string{number}, a.whole}
}

// looks: what a page shows of the case is there, and BankID is not offered for more of it.
func (a *alone) looks() {
	a.Helper()
	got := a.p.getAs("company", `query($id: ID!) { viewer {
		login { kind limitedToCase bankIDShowsMore } actingFor { name } acts { totalCount } paymentSolutionAcceptances { id }
		paymentSolutions(input: {months: 3}) { complete owed { amount } suggestions { schedule { payments { case { id } } } } } }
		node(id: $id) { ... on Case { balance { total { amount } } paymentInfo { kid account payee }
			letters { totalCount nodes { title case { id } } } debtor { name } } } }`, map[string]any{"id": a.id})
	viewer, node := at(got, "viewer"), at(got, "node")
	if login := fmt.Sprint(at(viewer, "login")); login != "map[bankIDShowsMore:false kind:CASE_LOGIN limitedToCase:true]" ||
		at(viewer, "actingFor") != nil || at(viewer, "acts", "totalCount") != 0.0 {
		a.Errorf("the login: %v", viewer)
	}
	if at(viewer, "paymentSolutions", "complete") != true ||
		at(viewer, "paymentSolutions", "owed", "amount") != at(node, "balance", "total", "amount") {
		a.Errorf("ways to pay: %v, of %v", at(viewer, "paymentSolutions"), at(node, "balance"))
	}
	paid := map[string]bool{}
	everyID(at(viewer, "paymentSolutions", "suggestions"), paid)
	if !maps.Equal(paid, map[string]bool{a.id: true}) {
		a.Errorf("the suggestions pay on %v", paid)
	}
	if kid, _ := at(node, "paymentInfo", "kid").(string); kid == "" || at(node, "letters", "totalCount") == 0.0 ||
		at(node, "debtor", "name") == "" {
		a.Errorf("the case: %v", node)
	} else {
		a.texts = append(a.texts, kid)
	}
	with := a.p.get(kari(), `{ viewer { cases(first: 100) { nodes { agency { code } } } } }`, nil)
	for _, c := range at(with, "viewer", "cases", "nodes").([]any) {
		if at(c, "agency", "code") == a.code {
			a.Fatal("BankID still shows the agency's cases: nothing is tested")
		}
	}
}

// acts: what can be done in the case is done, once for a key, and is nobody else's.
func (a *alone) acts() {
	a.Helper()
	const why = "We moved to Storgata 17 and got no invoice"
	a.texts = append(a.texts, why)
	until := (today + 3).String()
	deferral := map[string]any{"idempotencyKey": uuid.NewString(), "caseId": a.id, "until": until, "reason": why}
	var first any
	for range 2 {
		done := at(a.p.getAs("company", deferralMutation, map[string]any{"input": deferral}), "requestDeferral")
		if at(done, "act", "status") != "DONE" || at(done, "cases", 0, "deferrals", 0, "until") != until {
			a.Fatalf("a deferral: %v", done)
		}
		if id := at(done, "act", "id"); first != nil && id != first {
			a.Errorf("repeated, it is another act: %v", done)
		} else {
			first = id
		}
	}
	// The key is the case's: with another letter of the same company it is a new one.
	elsewhere := map[string]any{"idempotencyKey": deferral["idempotencyKey"], "caseId": a.id, "until": until}
	refused := at(a.p.getAs("neighbour", deferralMutation, map[string]any{"input": elsewhere}), "requestDeferral")
	if at(refused, "act") != nil || at(refused, "userErrors", 0, "code") != "NOT_FOUND" {
		a.Errorf("the deferral of another case with its key: %v", refused)
	}
	objection := map[string]any{"idempotencyKey": uuid.NewString(), "caseId": a.id, "reasons": []any{"NOT_RECEIVED"},
		"statement": why}
	done := at(a.p.getAs("company", `mutation($input: SubmitObjectionInput!) { submitObjection(input: $input) {
		act { status } cases { objections { statement status } } userErrors { code message } } }`,
		map[string]any{"input": objection}), "submitObjection")
	if at(done, "act", "status") != "DONE" || !strings.Contains(fmt.Sprint(at(done, "cases", 0, "objections")), why) {
		a.Errorf("an objection: %v", done)
	}
	const acts = `{ viewer { acts { nodes { name cases { id } } } } }`
	want := []any{map[string]any{"name": "SUBMIT_OBJECTION", "cases": []any{map[string]any{"id": a.id}}},
		map[string]any{"name": "REQUEST_DEFERRAL", "cases": []any{map[string]any{"id": a.id}}}}
	slices.SortFunc(want, func(x, y any) int { return strings.Compare(at(x, "name").(string), at(y, "name").(string)) })
	got := at(a.p.getAs("company", acts, nil), "viewer", "acts", "nodes").([]any)
	slices.SortFunc(got, func(x, y any) int { return strings.Compare(at(x, "name").(string), at(y, "name").(string)) })
	if diff := cmp.Diff(want, got); diff != "" {
		a.Errorf("its acts (-want +got)\n%s", diff)
	}
	if got := at(a.p.getAs("neighbour", acts, nil), "viewer", "acts", "nodes").([]any); len(got) > 0 {
		a.Errorf("acts in another case: %v", got)
	}
	order := a.p.getAs("company", `mutation($k: UUID!, $a: String!, $n: String!) { orderNewCredentials(
		input: {idempotencyKey: $k, agency: $a, caseNumber: $n}) { sentBy userErrors { code } } }`,
		map[string]any{"k": uuid.NewString(), "a": a.code, "n": a.number})
	if at(order, "orderNewCredentials", "sentBy") != "LETTER" {
		a.Errorf("a new password: %v", order)
	}
}

// accepts: a way to pay that one case is accepted, and is no other letter's.
func (a *alone) accepts() {
	a.Helper()
	offers := at(a.p.getAs("neighbour", solutionsQuery, map[string]any{"input": map[string]any{"months": 6}}),
		"viewer", "paymentSolutions", "suggestions").([]any)
	if len(offers) == 0 {
		a.Fatal("there is no way to pay the other case")
	}
	accept := func(letter string) any {
		input := map[string]any{"idempotencyKey": uuid.NewString(), "offerId": at(offers, 0, "offerId")}
		return at(a.p.getAs(letter, acceptMutation, map[string]any{"input": input}), "acceptPaymentSolution")
	}
	if got := accept("company"); at(got, "acceptance") != nil || len(at(got, "userErrors").([]any)) == 0 {
		a.Errorf("the offer of another letter: %v", got)
	}
	if got := accept("neighbour"); at(got, "acceptance", "status") != "CONFIRMED" {
		a.Errorf("the offer: %v", got)
	}
	for letter, want := range map[string]int{"company": 0, "neighbour": 1} {
		got := a.p.getAs(letter, `{ viewer { paymentSolutionAcceptances { id } } }`, nil)
		if n := len(at(got, "viewer", "paymentSolutionAcceptances").([]any)); n != want {
			a.Errorf("%s has %d acceptances", letter, n)
		}
	}
}

// closed: what is a person's, and another case, is refused as to every letter.
func (a *alone) closed() {
	a.Helper()
	key := fmt.Sprintf("idempotencyKey: %q", uuid.NewString())
	for _, query := range []string{
		`{ viewer { accessLog(first: 1) { nodes { action } } } }`,
		`{ viewer { personalData { complete } } }`,
		`{ viewer { privacyRequests { text } } }`,
		`{ viewer { powersOfAttorney { id } } }`,
		`{ viewer { debtors { email phone } } }`,
		`{ viewer { difficulties { kinds } contactableAt } }`,
		`{ staff { role } }`,
		`mutation { correctContactData(input: {` + key + `, city: "Oslo"}) { userErrors { code } } }`,
		`mutation { submitPrivacyRequest(input: {` + key + `, kind: QUESTION, text: "?"}) { userErrors { code } } }`,
		`mutation { requestBreathingSpace(input: {` + key + `, until: "2026-12-31"}) { userErrors { code } } }`,
	} {
		if got := a.p.askAs("company", query, nil); got.codes() != "[FORBIDDEN]" {
			a.Errorf("%s: %s", query, got.Raw)
		}
	}
	if got := a.p.askAs("company", `query($id: ID!) { node(id: $id) { id } }`,
		map[string]any{"id": a.otherID}); got.codes() != "[NOT_FOUND]" {
		a.Errorf("another case of the same debtor: %s", got.Raw)
	}
	a.narrow("neighbour", a.another).lists()
}

// recorded: looks, acts and wrong passwords stand in the log under the case, and under nobody.
func (a *alone) recorded() {
	a.Helper()
	if got := a.p.logIn("guesser", a.code, a.number, "guess"); got.userError(a, "loginWithLetter") != "LOGIN_FAILED" {
		a.Errorf("a guess: %s", got.Raw)
	}
	if err := a.p.log.Flush(a.Context()); err != nil {
		a.Fatal(err)
	}
	rows, err := a.p.ours.Conn().Query(a.Context(), `select distinct concat_ws(' ', actor_kind, action, outcome,
		actor = subject) from portal.access_log where subject = $1`, a.p.secret.CaseReference(a.code, a.key))
	if err != nil {
		a.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		a.Fatal(err)
	}
	for _, want := range []string{"CASE_LOGIN loginWithLetter OK t", "UNKNOWN loginWithLetter DENIED",
		"CASE_LOGIN query OK t", "CASE_LOGIN query DENIED t", "CASE_LOGIN requestDeferral OK t",
		"CASE_LOGIN submitObjection OK t"} {
		if !slices.Contains(got, want) {
			a.Errorf("the log of the case has no %q: %q", want, got)
		}
	}
	a.p.know("auditor", staff(caller.Auditor, a.code))
	log := a.p.getAs("auditor", `query($id: ID!) { staff { accessLog(reason: "the company asks who was there",
		filter: {case: $id}, first: 50) { nodes { kind action outcome } } } }`, map[string]any{"id": a.id})
	for _, want := range []string{"action:loginWithLetter kind:CASE_LOGIN outcome:OK",
		"action:loginWithLetter kind:UNKNOWN outcome:DENIED", "action:requestDeferral kind:CASE_LOGIN outcome:OK"} {
		if !strings.Contains(fmt.Sprint(log), want) {
			a.Errorf("the agency does not find %q: %v", want, log)
		}
	}
	if n := a.p.scalar("select count(*) from portal.access_log where subject is null and actor_kind = 'CASE_LOGIN'"); n > 0 {
		a.Errorf("%d entries are about nobody", n)
	}
}

// atRest: nothing personal is readable in the portal's database.
func (a *alone) atRest() {
	a.Helper()
	rows, err := a.p.ours.Conn().Query(a.Context(),
		"select table_name from information_schema.tables where table_schema = 'portal' and table_type = 'BASE TABLE'")
	if err != nil {
		a.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 8 {
		a.Fatal(tables, err)
	}
	for _, table := range tables {
		var text string
		err := a.p.ours.Conn().QueryRow(a.Context(), "select coalesce(string_agg(r::text, ' '), '') from portal."+
			pgx.Identifier{table}.Sanitize()+" r").Scan(&text)
		if err != nil {
			a.Fatal(err)
		}
		for _, told := range append(a.texts, kari().Reveal(), "Nordvik", "passord") {
			if strings.Contains(strings.ToLower(text), strings.ToLower(told)) ||
				strings.Contains(text, fmt.Sprintf("%x", told)) {
				a.Errorf("portal.%s has a text that it must not have, of %d letters", table, len(told))
			}
		}
	}
}

// logsOut: the session ends, and nothing but the letter opens the case again.
func (a *alone) logsOut() {
	a.Helper()
	cookie, _ := a.p.cookies.Load("company")
	request := httptest.NewRequestWithContext(a.Context(), http.MethodPost, "/auth/logout", nil)
	request.Header.Set("Cookie", cookie.(string))
	request.Header.Set(session.ClientHeader, "test")
	answer := httptest.NewRecorder()
	a.p.sessions.Handlers()["POST /auth/logout"].ServeHTTP(answer, request)
	if answer.Code != http.StatusOK {
		a.Errorf("logout: %d %s", answer.Code, answer.Body)
	}
	if got := a.p.askAs("company", `{ viewer { name } }`, nil); got.Status != http.StatusUnauthorized {
		a.Errorf("after logout: %s", got.Raw)
	}
	a.p.cookies.Delete("company")
	if got := a.p.logIn("company", a.code, a.number, people.Password); got.Cookie == "" {
		a.Errorf("the letter again: %s", got.Raw)
	}
}
