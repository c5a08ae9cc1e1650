package resolvers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

const submitting = `mutation($input: SubmitPrivacyRequestInput!) { submitPrivacyRequest(input: $input) {
	privacyRequest { id number kind text status submittedAt answerBy answeredAt reply agency { code name orgNumber } } userErrors { code field message } } }`

var zero norway.NationalID

func submission(changes map[string]any) map[string]any {
	input := map[string]any{"idempotencyKey": uuid.NewString(), "kind": "QUESTION",
		"text": "Hvorfor har dere telefonnummeret mitt?"}
	maps.Copy(input, changes)
	return map[string]any{"input": input}
}

// asked lets her ask an agency, and get an answer.
func asked(t *testing.T, p *portal) {
	t.Helper()
	agency := at(p.get(kari(), "{ agencies { id } }", nil), "agencies", 0, "id")
	stored := p.get(kari(), submitting, submission(map[string]any{"agency": agency}))
	id, err := uuid.Parse(at(stored, "submitPrivacyRequest", "privacyRequest", "number").(string))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.desk.Answer(t.Context(), id, "Fordi du oppga det."); err != nil {
		t.Fatal(err)
	}
}

// cut takes the portal database away.
func (p *portal) cut() *portal {
	p.t.Helper()
	_, err := p.ours.Conn().Exec(p.t.Context(),
		fmt.Sprintf(`alter database %q connection limit 0; -- superusers are not limited
		select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`, p.ours.Name()))
	if err != nil {
		p.t.Fatal(err)
	}
	return p
}

// without returns all databases but one.
func without(all map[string]*pgtest.DB, code string) map[string]*pgtest.DB {
	some := maps.Clone(all)
	delete(some, code)
	return some
}

// generatorOf returns somebody who has a case at another agency and none at this one.
func generatorOf(t *testing.T, code string) norway.NationalID {
	t.Helper()
	g := people.New(1, today)
	for i := 1; i < population; i++ {
		p := g.Person(i)
		if len(p.Debtors) > 0 && p.Debtors[0].Identified && !slices.Contains(p.Agencies, code) {
			return p.NationalID
		}
	}
	t.Fatal("everybody is known everywhere")
	return zero
}

const register = `{ viewer { personalData { generatedAt complete missing { kind name agency { code } }
	sources { kind name agency { code } debtors { name } cases { caseNumber }
		categories { code recordCount retentionDays name(language: NN) retention(language: EN) legalBases { provision text(language: NB) } } } } } }`

func TestPersonalData(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	asked(t, p)
	a := p.ask(kari(), register, nil)
	if len(a.Errors) > 0 {
		t.Fatalf("%+v", a.Errors)
	}
	data := at(a.object(t), "viewer", "personalData")
	if at(data, "complete") != true || at(data, "generatedAt") != "2026-03-02T12:00:00Z" ||
		len(at(data, "missing").([]any)) > 0 {
		t.Errorf("%.200s", a.Data)
	}
	for _, u := range a.Extensions.Usage {
		if u.RoundTrips != 1 {
			t.Errorf("%s: %d round trips", u.Agency, u.RoundTrips)
		}
	}
	d := people.New(1, today).Person(0).Debtors[0]
	fjord := at(data, "sources", 0)
	if at(fjord, "agency", "code") != people.Fjord || len(at(fjord, "cases").([]any)) != len(d.Cases) ||
		at(fjord, "debtors", 0, "name") == nil {
		t.Errorf("%v", fjord)
	}
	counts := map[string]any{}
	for _, c := range at(fjord, "categories").([]any) {
		counts[at(c, "code").(string)] = at(c, "recordCount")
		if at(c, "retentionDays") != nil || len(at(c, "legalBases").([]any)) == 0 || at(c, "name") == "" {
			t.Errorf("%v", c)
		}
	}
	if counts["CASES"] != float64(len(d.Cases)) || counts["MESSAGES"] != float64(len(d.Messages)) ||
		counts["POWERS_OF_ATTORNEY"] != float64(1) {
		t.Errorf("%v", counts)
	}
	want := map[string]any{
		"code": "PRIVACY_REQUESTS", "recordCount": 1.0, "retentionDays": 1095.0, "name": "Førespurnader om personvern",
		"retention": "Deleted three years after it was answered.",
		"legalBases": []any{map[string]any{"provision": "GDPR art. 6(1)(c), art. 12 to 22",
			"text": "Rettslig plikt: krav og spørsmål om personopplysninger skal behandles og besvares."}},
	}
	portalSource := at(data, "sources", 3)
	if diff := cmp.Diff(want, category(portalSource, "PRIVACY_REQUESTS")); diff != "" || at(portalSource, "kind") != "PORTAL" ||
		at(portalSource, "agency") != nil {
		t.Errorf("the portal (-want +got)\n%s", diff)
	}
	if a := p.ask(zero, register, nil); a.codes() != "[UNAUTHENTICATED]" {
		t.Errorf("nobody: %s", a.codes())
	}
}

func TestPersonalDataOfAStranger(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	asked(t, p)
	stranger := generatorOf(t, people.Tradisjon)
	data := p.get(stranger, register, nil)
	if n := len(at(data, "viewer", "personalData", "sources", 1, "categories").([]any)); n != 0 ||
		at(data, "viewer", "personalData", "sources", 1, "agency", "code") != people.Tradisjon {
		t.Errorf("%d categories where the person is not known", n)
	}
	if n := len(at(data, "viewer", "personalData", "sources", 3, "categories").([]any)); n != 0 {
		t.Error("another's request is counted")
	}
	if got := at(p.get(stranger, `{ viewer { privacyRequests { id } } }`, nil), "viewer",
		"privacyRequests"); len(got.([]any)) > 0 {
		t.Errorf("another's requests: %v", got)
	}
}

func TestPersonalDataHalf(t *testing.T) {
	t.Parallel()
	whole := newPortal(t)
	cases := map[string]struct {
		reason  string
		serve   func() *portal
		code    string
		missing map[string]any
	}{
		"agency": {"it costs its own part", func() *portal { return serve(t, without(whole.databases, people.Lita)) },
			"[AGENCY_UNAVAILABLE]",
			map[string]any{"kind": "AGENCY", "name": "Lita Inkasso AS", "agency": map[string]any{"code": people.Lita}}},
		"portal": {"so does our own database", func() *portal { return serve(t, whole.databases).cut() },
			"[PORTAL_UNAVAILABLE]",
			map[string]any{"kind": "PORTAL", "name": "Oversikt", "agency": nil}},
	}
	for name, tc := range cases {
		p := tc.serve()
		a := p.ask(kari(), register, nil)
		data := at(a.object(t), "viewer", "personalData")
		if diff := cmp.Diff([]any{tc.missing}, at(data, "missing")); diff != "" || a.codes() != tc.code ||
			at(data, "complete") != false || len(at(data, "sources").([]any)) != 3 {
			t.Errorf("%s: %s: %s\n%s", name, tc.reason, a.codes(), diff)
		}
		if name == "portal" {
			if a := p.ask(kari(), `{ viewer { name privacyRequests { id } } }`, nil); a.codes() != tc.code ||
				at(a.object(t), "viewer", "privacyRequests") != nil || at(a.object(t), "viewer", "name") == nil {
				t.Errorf("requests: %s %s", a.codes(), a.Data)
			}
			if a := p.ask(kari(), submitting, submission(nil)); a.codes() != "[ACCESS_NOT_RECORDED]" { // as every act
				t.Errorf("submitting: %s", a.codes())
			}
		}
	}
}

func TestSubmitPrivacyRequest(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	agencies := at(p.get(kari(), "{ agencies { id code orgNumber } }", nil), "agencies").([]any)
	caseID := at(p.get(kari(), "{ viewer { cases(first: 1) { nodes { id } } } }", nil), "viewer", "cases", "nodes", 0,
		"id")
	toLita := submission(map[string]any{"kind": "ERASURE", "agency": at(agencies[2], "id")})
	got := at(p.get(kari(), submitting, toLita), "submitPrivacyRequest", "privacyRequest").(map[string]any)
	want := map[string]any{
		"id": got["id"], "number": got["number"], "kind": "ERASURE", "text": "Hvorfor har dere telefonnummeret mitt?", "status": "RECEIVED",
		"submittedAt": "2026-03-02T12:00:00Z",
		"answerBy":    "2026-04-02", "answeredAt": nil, "reply": nil,
		"agency": map[string]any{"code": people.Lita, "name": "Lita Inkasso AS", "orgNumber": at(agencies[2], "orgNumber")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	list := at(p.get(kari(),
		`{ viewer { privacyRequests { id number kind text status submittedAt answerBy answeredAt reply agency { code name orgNumber } } } }`, nil), "viewer", "privacyRequests")
	if diff := cmp.Diff([]any{any(want)}, list); diff != "" {
		t.Errorf("listed (-want +got)\n%s", diff)
	}
	if again := at(p.get(kari(), submitting, toLita), "submitPrivacyRequest", "privacyRequest", "id"); again != got["id"] {
		t.Errorf("the same again: %v", again)
	}
	key := at(toLita, "input", "idempotencyKey")
	person := people.DemoPeople(today)[1].NationalID
	for range 20 {
		p.get(person, submitting, submission(nil))
	}
	tooMany := p.get(person, submitting, submission(nil))
	if code := at(tooMany, "submitPrivacyRequest", "userErrors", 0, "code"); code != "TOO_MANY" {
		t.Errorf("the 21st: %v", tooMany)
	}
	cases := map[string]struct {
		reason      string
		input       map[string]any
		code, field string
	}{
		"key":       {"another input", map[string]any{"idempotencyKey": key}, "KEY_REUSED", "input.idempotencyKey"},
		"no text":   {"nothing is asked", map[string]any{"text": "  "}, "INVALID", "input.text"},
		"long":      {"a novel", map[string]any{"text": strings.Repeat("x", 5001)}, "INVALID", "input.text"},
		"no agency": {"it is a case", map[string]any{"agency": caseID}, "INVALID", "input.agency"},
		"zero key":  {"everybody's", map[string]any{"idempotencyKey": uuid.Nil.String()}, "INVALID", "input.idempotencyKey"},
	}
	for name, tc := range cases {
		got := p.get(kari(), submitting, submission(tc.input))
		e := at(got, "submitPrivacyRequest", "userErrors", 0)
		if at(e, "code") != tc.code || path(at(e, "field")) != tc.field ||
			at(got, "submitPrivacyRequest", "privacyRequest") != nil {
			t.Errorf("%s: %s: %v", name, tc.reason, got)
		}
	}
	for name, input := range map[string]map[string]any{
		"kind": {"kind": "FORGET"}, "no key": {"idempotencyKey": nil}, "broken key": {"idempotencyKey": "1"},
		"foreign id": {"agency": "fjord"}, "more": {"status": "ANSWERED"},
	} {
		if a := p.ask(kari(), submitting, submission(input)); len(a.Errors) == 0 ||
			a.Errors[0].Extensions.Code == "INTERNAL" {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if a := p.ask(zero, submitting, submission(nil)); a.codes() != "[UNAUTHENTICATED]" {
		t.Errorf("nobody: %s", a.codes())
	}
}

// category returns a category of a source.
func category(source any, code string) any {
	for _, c := range at(source, "categories").([]any) {
		if at(c, "code") == code {
			return c
		}
	}
	return nil
}
