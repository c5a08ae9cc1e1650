package attorney_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// faults returns what is wrong, as "field text".
func faults(t *testing.T, err error) (all []string) {
	t.Helper()
	var wrong act.Faults
	if !errors.As(err, &wrong) {
		t.Fatalf("no faults: %v", err)
	}
	for _, f := range wrong {
		what := strings.Join(f.Field, ".") + " " + f.Text
		if f.Code == act.NotFound {
			what = string(f.Code) + " " + what
		}
		all = append(all, what)
		if (f.Code == act.Invalid || f.Text != "") && !text.Has(f.Text) {
			t.Errorf("there is no text %s", f.Text)
		}
		if f.Text != "" && strings.Contains(text.Of(text.NB, f.Text, f.Args...), "{") {
			t.Errorf("a placeholder is left in %s", text.Of(text.NB, f.Text, f.Args...))
		}
	}
	return all
}

// TestGiveWrongly: all that is wrong is told at once, each at its field, and nothing is given.
func TestGiveWrongly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord, people.Lita)
	fjord := debt.Key{Kind: debt.KindAgency, Agency: people.Fjord}
	foreign := debt.Key{Kind: debt.KindCase, Agency: people.Fjord, ID: "0"}
	onto := func(content string) *document.Input {
		return &document.Input{MediaType: document.PDF, Base64: base64.StdEncoding.EncodeToString([]byte(content))}
	}
	for name, tc := range map[string]struct {
		reason string
		change func(*attorney.Input)
		want   []string
	}{
		"no key": {"it could not be sent again", func(in *attorney.Input) { in.IdempotencyKey = uuid.Nil },
			[]string{"input.idempotencyKey input.KEY"}},
		"oneself": {"there is nothing to give",
			func(in *attorney.Input) { in.Attorney.Person.NationalID = kari().NationalID.Reveal() },
			[]string{"input.attorney.person.nationalId input.ATTORNEY_SELF"}},
		"check digits": {"nobody has that number",
			func(in *attorney.Input) { in.Attorney.Person.NationalID = "01010112345" },
			[]string{"input.attorney.person.nationalId input.NATIONAL_ID"}},
		"empty list": {"it is not everything", func(in *attorney.Input) { in.Agencies = []debt.Key{} },
			[]string{"input.agencies input.LIST_SIZE"}},
		"twice": {"a mistake", func(in *attorney.Input) { in.Agencies = []debt.Key{fjord, fjord} },
			[]string{"input.agencies input.DUPLICATE"}},
		"no agency": {"a case is none", func(in *attorney.Input) { in.Agencies = []debt.Key{fjord, foreign} },
			[]string{"input.agencies.1 input.AGENCY"}},
		"no case": {"an agency is none", func(in *attorney.Input) { in.Cases = []debt.Key{fjord} },
			[]string{"input.cases.0 input.CASE"}},
		"another's case": {"answered like one that is missing", func(in *attorney.Input) { in.Cases = []debt.Key{foreign} },
			[]string{"input.cases.0 input.CASE"}},
		"covered already": {"it looks like a limit, and is none",
			func(in *attorney.Input) { in.Agencies, in.Cases = []debt.Key{fjord}, []debt.Key{foreign} },
			[]string{"input.cases.0 input.CASE_COVERED"}},
		"yesterday": {"nothing is given backwards", func(in *attorney.Input) { in.ValidFrom = new(today.AddDays(-1)) },
			[]string{"input.validFrom input.FROM_PASSED"}},
		"far ahead": {"more than a year", func(in *attorney.Input) { in.ValidFrom = new(today.AddDays(367)) },
			[]string{"input.validFrom input.FROM_LATE"}},
		"too long": {"two years and a day", func(in *attorney.Input) { in.ValidUntil = norway.MustDate("2028-03-03") },
			[]string{"input.validUntil input.UNTIL_LATE"}},
		"not signed": {"neither way", func(in *attorney.Input) { in.Signing.BankID = nil },
			[]string{"input.signing input.SIGNING_ONE"}},
		"signed twice": {"both ways", func(in *attorney.Input) { in.Signing.Document = onto("%PDF-1.7\n%%EOF\n") },
			[]string{"input.signing input.SIGNING_ONE"}},
		"no signature": {"there is no false", func(in *attorney.Input) { in.Signing.BankID = new(false) },
			[]string{"input.signing.bankID input.SIGNING_ONE"}},
		"no document": {"a page runs scripts",
			func(in *attorney.Input) { in.Signing = attorney.SigningInput{Document: onto("<html>")} },
			[]string{"input.signing.document.mediaType input.DOCUMENT_TYPE"}},
		"large document": {"a byte more than 5 MiB", func(in *attorney.Input) {
			in.Signing = attorney.SigningInput{Document: onto(strings.Repeat("x", document.MaxSize+1))}
		}, []string{"input.signing.document.base64 input.DOCUMENT_LARGE"}},
		"several": {"all at once", func(in *attorney.Input) {
			in.Attorney = attorney.Who{Organisation: &attorney.OrganisationInput{OrgNumber: "1", Name: " "}}
			in.Agencies, in.ValidUntil = []debt.Key{}, today.AddDays(-1)
		}, []string{"input.agencies input.LIST_SIZE", "input.attorney.organisation.name input.NAME_LENGTH",
			"input.attorney.organisation.orgNumber input.ORG_NUMBER", "input.validUntil input.UNTIL_BEFORE_FROM"}},
	} {
		in := input()
		tc.change(&in)
		_, err := r.Give(t.Context(), kari(), in)
		got := faults(t, err)
		slices.Sort(got)
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s\n%s", name, tc.reason, diff)
		}
	}
	if n := w.count("portal.act") + w.count("portal.power_of_attorney"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

// TestGiveWeakly: who is logged in below the level, by another issuer, or not as a person
// gives nothing.
func TestGiveWeakly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord)
	id := w.give(r).ID
	acting, err := r.Act(t.Context(), per(), id)
	if err != nil {
		t.Fatal(err)
	}
	low, elsewhere, letter := kari(), kari(), kari()
	low.ACR, elsewhere.Issuer = "low", "https://other.example"
	letter.Kind, letter.Case = caller.LetterCase, caller.CaseKey{Agency: people.Fjord, ID: "1"}
	for name, p := range map[string]caller.Principal{"low": low, "elsewhere": elsewhere, "letter": letter,
		"attorney": acting} {
		if _, err := r.Give(t.Context(), p, input()); fault.Of(err).Code != fault.Forbidden {
			t.Errorf("%s gives: %v", name, err)
		}
		_, _, err := r.Revoke(t.Context(), p, uuid.New(), id)
		if mayRevoke := p.OnOwnBehalf(); mayRevoke != (err == nil) {
			t.Errorf("%s revokes: %v", name, err)
		}
	}
	if n := w.count("portal.power_of_attorney"); n != 1 {
		t.Errorf("%d powers", n)
	}
}

// TestTypedNumbers: numbers are taken as people write them.
func TestTypedNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord)
	number := per().NationalID.Reveal()
	in, organisation := input(), input()
	in.Attorney.Person.NationalID = " " + number[:6] + " " + number[6:] + "\n"
	organisation.Attorney = attorney.Who{
		Organisation: &attorney.OrganisationInput{OrgNumber: "987 654 325", Name: "Gjeldsrådgivning AS"}}
	power, err := r.Give(t.Context(), kari(), in)
	if err != nil || power.Attorney != per().NationalID {
		t.Errorf("a person: %v", err)
	}
	power, err = r.Give(t.Context(), kari(), organisation)
	if err != nil || power.OrgNumber != "987654325" || power.Told[0].Knowledge != attorney.Told {
		t.Errorf("an organisation: %+v, %v", power.Told, err)
	}
	if text := fmt.Sprintf("%v %+v %#v", in, in, in); strings.Contains(text, number[6:]) || strings.Contains(text, "Nordvik") {
		t.Errorf("an input prints whom it names: %s", text)
	}
}

// TestManyAtOnce: of more than the limit given at once, no more than the limit are stored.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register() // no agency need hear of it
	const most, tried = 30, 34
	outcomes := make([]error, tried)
	var wg sync.WaitGroup
	for i := range tried {
		wg.Go(func() { _, outcomes[i] = r.Give(t.Context(), kari(), input()) })
	}
	wg.Wait()
	refused := 0
	for _, err := range outcomes {
		var wrong act.Faults
		if errors.As(err, &wrong) && wrong[0].Code == act.TooMany && len(wrong[0].Field) == 0 {
			refused++
			if said := text.ActMessage(text.EN, "givePowerOfAttorney", "TOO_MANY", wrong[0].Args...); !strings.Contains(said, "30") ||
				strings.Contains(said, "{") {
				t.Error(said)
			}
		} else if err != nil {
			t.Error(err)
		}
	}
	if n := w.count("portal.power_of_attorney"); n != most || refused != tried-most || w.count("portal.act") != most ||
		w.count("portal.access_log") != most {
		t.Errorf("%d are in force, %d were refused, %d acts", n, refused, w.count("portal.act"))
	}
}

// TestSameKey: the same key gives or revokes once, and with another input nothing.
func TestSameKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord)
	in := input()
	ids := make([]uuid.UUID, 20)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			power, err := r.Give(t.Context(), kari(), in)
			if err != nil {
				t.Error(err)
			}
			ids[i] = power.ID
		})
	}
	wg.Wait()
	if len(slices.Compact(ids)) != 1 || w.there(people.Fjord, "true") != 1 {
		t.Errorf("%v", ids)
	}
	reused := []string{"input.idempotencyKey "}
	other := in
	other.Attorney.Person = &attorney.PersonInput{NationalID: person(1).NationalID.Reveal(), Name: "Per Solheim Nordvik"}
	_, err := r.Give(t.Context(), kari(), other)
	if diff := cmp.Diff(reused, faults(t, err)); diff != "" {
		t.Errorf("to somebody else: %s", diff)
	}
	second, key := w.give(r).ID, uuid.New()
	for range 2 {
		if p, _, err := r.Revoke(t.Context(), kari(), key, ids[0]); err != nil || p.Status() != attorney.Revoked {
			t.Errorf("%v, %v", p.Status(), err)
		}
	}
	_, _, err = r.Revoke(t.Context(), kari(), key, second)
	if diff := cmp.Diff(reused, faults(t, err)); diff != "" {
		t.Errorf("another one: %s", diff)
	}
	before, err := r.Find(t.Context(), kari(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	w.pass(1)
	after, record, err := r.Revoke(t.Context(), kari(), uuid.New(), ids[0])
	if err != nil || record.Status != act.Done || !after.RevokedAt.Equal(*before.RevokedAt) {
		t.Errorf("what has ended does not stay as it is: %v, %v", record, err)
	}
	for name, id := range map[string]uuid.UUID{"missing": uuid.New(), "another's": second} {
		p := per()
		if name == "missing" {
			p = kari()
		}
		_, _, err := r.Revoke(t.Context(), p, uuid.New(), id)
		if diff := cmp.Diff([]string{"NOT_FOUND input.id input.POWER_OF_ATTORNEY"}, faults(t, err)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
