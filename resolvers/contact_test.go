package resolvers_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const correcting = `mutation($input: CorrectContactDataInput!) { correctContactData(input: $input) {
	agencies { status agency { code } debtor { email phone streetAddress postalCode city language } } userErrors { code field } } }`

func correction(changes map[string]any) map[string]any {
	input := map[string]any{"idempotencyKey": uuid.NewString()}
	for k, v := range changes {
		input[k] = v
	}
	return map[string]any{"input": input}
}

// told returns the status of each agency.
func told(data map[string]any) map[string]any {
	out := map[string]any{}
	list, _ := at(data, "correctContactData", "agencies").([]any)
	for _, a := range list {
		out[at(a, "agency", "code").(string)] = at(a, "status")
	}
	return out
}

func TestCorrectContactData(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	const registered = `{ viewer { debtors { agency { code } name email phone streetAddress postalCode city language } } }`
	other := people.DemoPeople(today)[1].NationalID
	before := p.get(other, registered, nil)

	input := correction(map[string]any{
		"email": " ny@eksempel.no ", "phone": "468 50 123", "streetAddress": "Åsveien 3 B", "postalCode": "0150",
		"city": "Oslo", "language": "NN",
	})
	got := p.get(kari(), correcting, input)
	want := map[string]any{"email": "ny@eksempel.no", "phone": "+4746850123", "streetAddress": "Åsveien 3 B",
		"postalCode": "0150", "city": "Oslo", "language": "NN"}
	for i := range 3 {
		if diff := cmp.Diff(want, at(got, "correctContactData", "agencies", i, "debtor")); diff != "" {
			t.Errorf("agency %d (-want +got)\n%s", i, diff)
		}
		now := at(p.get(kari(), registered, nil), "viewer", "debtors", i).(map[string]any)
		delete(now, "agency")
		delete(now, "name")
		if diff := cmp.Diff(want, any(now)); diff != "" {
			t.Errorf("agency %d, asked again (-want +got)\n%s", i, diff)
		}
	}
	if diff := cmp.Diff(before, p.get(other, registered, nil)); diff != "" {
		t.Errorf("another person's data has changed (-before +after)\n%s", diff)
	}
	if again := p.get(kari(), correcting, input); cmp.Diff(got, again) != "" {
		t.Errorf("the same again: %v", again)
	}

	changed := p.get(kari(), correcting, map[string]any{"input": map[string]any{"idempotencyKey": at(input, "input",
		"idempotencyKey"), "email": "annen@eksempel.no"}})
	if at(changed, "correctContactData", "userErrors", 0, "code") != "KEY_REUSED" ||
		at(changed, "correctContactData", "agencies") != nil {
		t.Errorf("another input under the same key: %v", changed)
	}

	lita := at(p.get(kari(), "{ agencies { id } }", nil), "agencies", 2, "id")
	one := p.get(kari(), correcting, correction(map[string]any{"agency": lita, "email": "", "phone": ""}))
	if diff := cmp.Diff(map[string]any{people.Lita: "CORRECTED"}, told(one)); diff != "" {
		t.Errorf("one agency (-want +got)\n%s", diff)
	}
	if d := at(one, "correctContactData", "agencies", 0, "debtor"); at(d, "email") != nil || at(d, "phone") != nil ||
		at(d, "city") != "Oslo" {
		t.Errorf("taken away: %v", d)
	}
	if d := at(p.get(kari(), registered, nil), "viewer", "debtors", 0); at(d, "email") != "ny@eksempel.no" {
		t.Errorf("the others keep it: %v", d)
	}
}

func TestCorrectContactDataHalf(t *testing.T) {
	t.Parallel()
	whole := newPortal(t)
	p := serve(t, without(whole.databases, people.Lita))
	input := correction(map[string]any{"email": "ny@eksempel.no"})
	a := p.ask(kari(), correcting, input)
	if diff := cmp.Diff(map[string]any{people.Fjord: "CORRECTED", people.Tradisjon: "CORRECTED",
		people.Lita: "UNAVAILABLE"}, told(a.object(t))); diff != "" {
		t.Errorf("one is down (-want +got)\n%s", diff)
	}
	if a.codes() != "[AGENCY_UNAVAILABLE]" || a.Errors[0].Extensions.Agency != people.Lita ||
		at(a.object(t), "correctContactData", "agencies", 2, "debtor") != nil {
		t.Errorf("%+v %s", a.Errors, a.Data)
	}
	again := whole.get(kari(), correcting, input)
	if diff := cmp.Diff(map[string]any{people.Fjord: "CORRECTED", people.Tradisjon: "CORRECTED", people.Lita: "CORRECTED"},
		told(again)); diff != "" {
		t.Errorf("the same when all are there (-want +got)\n%s", diff)
	}

	stranger := generatorOf(t, people.Tradisjon)
	statuses := told(whole.get(stranger, correcting, correction(map[string]any{"email": "ny@eksempel.no"})))
	if statuses[people.Tradisjon] != "NOT_REGISTERED" {
		t.Errorf("an agency that has nothing on the person: %v", statuses)
	}
}

func TestCorrectContactDataBadInput(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	long := make([]byte, 121)
	for i := range long {
		long[i] = 'a'
	}
	caseID := at(p.get(kari(), "{ viewer { cases(first: 1) { nodes { id } } } }", nil), "viewer", "cases", "nodes", 0,
		"id")
	cases := map[string]struct {
		reason string
		input  map[string]any
		fields []string
	}{
		"nothing":     {"there is nothing to correct", nil, []string{"input"}},
		"no e-mail":   {"no sign between", map[string]any{"email": "kari.example.no"}, []string{"input.email"}},
		"two e-mails": {"one is asked for", map[string]any{"email": "a@b.no, c@d.no"}, []string{"input.email"}},
		"header": {"a line break would begin a header", map[string]any{"email": "a@b.no\nBcc: c@d.no"},
			[]string{"input.email"}},
		"short number":   {"seven digits", map[string]any{"phone": "4685012"}, []string{"input.phone"}},
		"no such series": {"no Norwegian number begins so", map[string]any{"phone": "00000000"}, []string{"input.phone"}},
		"words":          {"no number at all", map[string]any{"phone": "ring meg"}, []string{"input.phone"}},
		"foreign, short": {"a Swedish one has more digits", map[string]any{"phone": "+46 70"}, []string{"input.phone"}},
		"extension": {"nobody can be sent a message there", map[string]any{"phone": "+47 22 86 44 00 ext. 5"},
			[]string{"input.phone"}},
		"three digits": {"0150 is written with its zero", map[string]any{"streetAddress": "Gate 1", "postalCode": "150",
			"city": "Oslo"}, []string{"input.postalCode"}},
		"letters": {"none of Norway's", map[string]any{"streetAddress": "Gate 1", "postalCode": "SW1A",
			"city": "London"}, []string{"input.postalCode"}},
		"other digits": {"Arabic ones are digits too, but not here",
			map[string]any{"streetAddress": "Gate 1", "postalCode": "٠١٥٠", "city": "Oslo"}, []string{"input.postalCode"}},
		"half an address": {"it would be mixed with the old one", map[string]any{"postalCode": "0150"},
			[]string{"input.streetAddress", "input.city"}},
		"empty address": {"letters must go somewhere", map[string]any{"streetAddress": "", "postalCode": "", "city": ""},
			[]string{"input.streetAddress", "input.postalCode", "input.city"}},
		"two lines": {"an envelope has one for it", map[string]any{"streetAddress": "Gate 1\nc/o noen",
			"postalCode": "0150", "city": "Oslo"}, []string{"input.streetAddress"}},
		"long": {"no envelope is so wide", map[string]any{"streetAddress": string(long), "postalCode": "0150",
			"city": "Oslo"}, []string{"input.streetAddress"}},
		"everything": {"all of it is said at once", map[string]any{"email": "x", "phone": "x", "streetAddress": "x",
			"postalCode": "x", "city": "\t"}, []string{"input.email", "input.phone", "input.postalCode", "input.city"}},
		"no agency's id": {"it is a case's", map[string]any{"email": "a@b.no", "agency": caseID}, []string{"input.agency"}},
	}
	const registered = `{ viewer { debtors { email phone streetAddress postalCode city } } }`
	before := p.get(kari(), registered, nil)
	for name, tc := range cases {
		got := p.get(kari(), correcting, correction(tc.input))
		var fields []string
		for _, e := range at(got, "correctContactData", "userErrors").([]any) {
			if at(e, "code") != "INVALID" {
				t.Errorf("%s: %v", name, e)
			}
			fields = append(fields, path(at(e, "field")))
		}
		if diff := cmp.Diff(tc.fields, fields); diff != "" || at(got, "correctContactData", "agencies") != nil {
			t.Errorf("%s: %s (-want +got)\n%s", name, tc.reason, diff)
		}
	}
	if diff := cmp.Diff(before, p.get(kari(), registered, nil)); diff != "" {
		t.Errorf("something has changed (-before +after)\n%s", diff)
	}
	if a := p.ask(zero, correcting, correction(map[string]any{"email": "a@b.no"})); a.codes() != "[UNAUTHENTICATED]" {
		t.Errorf("nobody: %s", a.codes())
	}
}
