package resolvers_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const (
	giveQuery = `mutation($input: GivePowerOfAttorneyInput!) { givePowerOfAttorney(input: $input) {
		powerOfAttorney { id status revokedAt signedWith document { mediaType size } attorney { name nationalId orgNumber }
			limits { coversAll agencies { code } caseIds mayAct validFrom validUntil } agencies { agency { code } status } }
		userErrors { code field message } } }`
	revokeQuery = `mutation($input: RevokePowerOfAttorneyInput!) { revokePowerOfAttorney(input: $input) {
		powerOfAttorney { id status agencies { agency { code } status } } userErrors { code field message } } }`
	seenQuery = `{ viewer { name cases(first: 100) { nodes { id agency { code } } } overview { agencies { agency { code } } } } }`
)

// per has no debts of Kari's, and is given powers of attorney by her.
func per() norway.NationalID { return people.DemoPeople(today)[5].NationalID }

// power is the input that gives Per sight of everything until the end of the year.
func power(changes ...map[string]any) map[string]any {
	input := map[string]any{
		"idempotencyKey": uuid.NewString(), "attorney": attorneyNamed(per().Reveal(), "Per Solheim Nordvik"),
		"mayAct": false, "validUntil": "2026-12-31", "signing": map[string]any{"bankID": true},
	}
	for _, c := range changes {
		maps.Copy(input, c)
	}
	return map[string]any{"input": input}
}

// attorneyNamed is an attorney who is a person.
func attorneyNamed(nationalID, name string) map[string]any {
	return map[string]any{"person": map[string]any{"nationalId": nationalID, "name": name}}
}

// organisation is an attorney that is one.
func organisation(number string) map[string]any {
	return map[string]any{"organisation": map[string]any{"orgNumber": number, "name": "Gjeldshjelpen"}}
}

// onDocument is the member that signs on a document.
func onDocument(mediaType string, content []byte) map[string]any {
	return map[string]any{"signing": map[string]any{"document": map[string]any{"mediaType": mediaType,
		"base64": encoded(content)}}}
}

// give gives a power and returns its id.
func (p *portal) give(as norway.NationalID, changes ...map[string]any) string {
	p.t.Helper()
	answer := at(p.get(as, giveQuery, power(changes...)), "givePowerOfAttorney")
	id, ok := at(answer, "powerOfAttorney", "id").(string)
	if !ok {
		p.t.Fatalf("nothing is given: %v", answer)
	}
	return id
}

// givePowers gives Kari powers, and lets her give some, with everything in them that there is.
func (p *portal) givePowers() {
	p.t.Helper()
	limits := map[string]any{"agencies": []any{agencyID(p.t, p, people.Fjord)},
		"cases": []any{p.visible(kari().Reveal())[people.Lita][0]}}
	number := orgNumber(p.t)
	p.revoke(kari(), p.give(kari(), limits, onDocument("PNG", picture(p.t))))
	p.give(kari(), map[string]any{"attorney": organisation(number)})
	single := p.visible(per().Reveal())
	for code, ids := range single {
		p.give(per(), map[string]any{"attorney": attorneyNamed(kari().Reveal(), "Kari Nordvik"),
			"cases": []any{ids[0]}})
		p.give(per(), map[string]any{"attorney": attorneyNamed(kari().Reveal(), "Kari Nordvik"),
			"agencies": []any{agencyID(p.t, p, code)}})
		break
	}
}

func (p *portal) revoke(as norway.NationalID, id string) map[string]any {
	p.t.Helper()
	return at(p.get(as, revokeQuery, map[string]any{"input": map[string]any{"idempotencyKey": uuid.NewString(),
		"id": id}}), "revokePowerOfAttorney").(map[string]any)
}

// acts makes a name for somebody who acts under a power.
func (p *portal) acts(as norway.NationalID, id ...string) string {
	name := "attorney " + uuid.NewString()
	p.know(name, func() (caller.Principal, error) { return p.caller(as.Reveal()) })
	p.acting.Store(name, id)
	return name
}

// visible returns the ids of the cases that somebody sees, by agency; nil where nothing.
func (p *portal) visible(caller string) map[string][]string {
	p.t.Helper()
	cases := map[string][]string{}
	for _, c := range at(p.getAs(caller, seenQuery, nil), "viewer", "cases", "nodes").([]any) {
		code := at(c, "agency", "code").(string)
		cases[code] = append(cases[code], at(c, "id").(string))
	}
	for _, ids := range cases {
		slices.Sort(ids)
	}
	return cases
}

// refused says that a request was refused whole for want of a power, and nothing more.
func (p *portal) refused(caller, why string) {
	p.t.Helper()
	a := p.askAs(caller, seenQuery, nil)
	const want = `{"errors":[{"message":"you have no such power of attorney in force","extensions":{"code":"FORBIDDEN"}}]}`
	if a.Status != 403 || strings.TrimSpace(a.Raw) != want {
		p.t.Errorf("%s: status %d, %s", why, a.Status, a.Raw)
	}
}

func agencyID(t testing.TB, p *portal, code string) string {
	t.Helper()
	for _, a := range at(p.getAs("", "{ agencies { id code } }", nil), "agencies").([]any) {
		if at(a, "code") == code {
			return at(a, "id").(string)
		}
	}
	t.Fatalf("no agency %s", code)
	return ""
}

// TestActingSees: an attorney sees the grantor's cases as far as the power goes, and none of
// their own.
func TestActingSees(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	all := p.visible(kari().Reveal())
	single := all[people.Lita][0]
	cases := map[string]struct {
		reason string
		limits map[string]any
		want   map[string][]string
	}{
		"everything": {"nothing is limited", nil, all},
		"an agency": {"all cases there, none elsewhere", map[string]any{"agencies": []any{agencyID(t, p, people.Fjord)}},
			map[string][]string{people.Fjord: all[people.Fjord]}},
		"a case": {"one case, not the others there", map[string]any{"cases": []any{single}},
			map[string][]string{people.Lita: {single}}},
		"both": {"all cases at an agency, and one at another", map[string]any{"agencies": []any{agencyID(t, p, people.Fjord)},
			"cases": []any{single}},
			map[string][]string{people.Fjord: all[people.Fjord], people.Lita: {single}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id := p.give(kari(), tc.limits)
			caller := p.acts(per(), id)
			if diff := cmp.Diff(tc.want, p.visible(caller)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if name := at(p.getAs(caller, seenQuery, nil), "viewer", "name"); name == "Per Solheim Nordvik" || name == "" {
				t.Errorf("the viewer is %v", name)
			}
			for code, ids := range all {
				for _, c := range ids {
					a := p.askAs(caller, `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": c})
					if inside := slices.Contains(tc.want[code], c); inside != (len(a.Errors) == 0) || !inside &&
						a.codes() != "[NOT_FOUND]" {
						t.Errorf("%s: a case at %s: %s", tc.reason, code, a.Raw)
					}
				}
			}
		})
	}
}

// TestActingEnds: what ends a power ends it from the next request on, on every replica.
func TestActingEnds(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	id := p.give(kari())
	caller := p.acts(per(), id)
	if len(p.visible(caller)) == 0 {
		t.Fatal("nothing is seen before")
	}
	if got := p.revoke(kari(), id); at(got, "powerOfAttorney", "status") != "REVOKED" {
		t.Errorf("%v", got)
	}
	p.refused(caller, "revoked")
	if got := p.revoke(kari(), id); at(got, "powerOfAttorney", "status") != "REVOKED" {
		t.Errorf("revoked again: %v", got)
	}
	if own := p.visible(per().Reveal()); len(own) == 0 {
		t.Error("without the power, the attorney does not see their own")
	}

	// Sixteen requests are on their way all the time; none begins after the revocation and succeeds.
	id = p.give(kari())
	caller = p.acts(per(), id)
	var wg sync.WaitGroup
	revoked := make(chan struct{})
	for range 16 {
		wg.Go(func() {
			for {
				after := false
				select {
				case <-revoked:
					after = true
				default:
				}
				if a := p.askAs(caller, `{ viewer { debtors { id } } }`, nil); after {
					if a.Status != 403 {
						t.Errorf("after the revocation: %s", a.Raw)
					}
					return
				}
			}
		})
	}
	p.revoke(kari(), id)
	close(revoked)
	wg.Wait()
}

// TestActingDays: a power is in force from its first day to its last, in Oslo.
func TestActingDays(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	tomorrow := p.acts(per(), p.give(kari(), map[string]any{"validFrom": "2026-03-03", "validUntil": "2026-03-03"}))
	status := func() string {
		return fmt.Sprint(at(p.get(kari(), "{ viewer { powersOfAttorney { status } } }", nil), "viewer", "powersOfAttorney",
			0, "status"))
	}
	steps := []struct {
		reason string
		after  time.Duration // since noon of the day before
		status string
	}{
		{"the day before", 0, "PENDING"},
		{"a second before midnight in Oslo", 11*time.Hour - time.Second, "PENDING"},
		{"midnight in Oslo, 23 in UTC", 11 * time.Hour, "ACTIVE"},
		{"a second before the next one", 35*time.Hour - time.Second, "ACTIVE"},
		{"the day after", 35 * time.Hour, "EXPIRED"},
	}
	var passed time.Duration
	for _, s := range steps {
		p.pass(s.after - passed)
		passed = s.after
		if got := status(); got != s.status {
			t.Errorf("%s: %s, want %s", s.reason, got, s.status)
		}
		received := at(p.get(per(), "{ viewer { canActFor { id } } }", nil), "viewer", "canActFor").([]any)
		if s.status == "ACTIVE" {
			p.getAs(tomorrow, seenQuery, nil)
		} else {
			p.refused(tomorrow, s.reason)
		}
		if (len(received) == 1) != (s.status == "ACTIVE") {
			t.Errorf("%s: %d can be acted under", s.reason, len(received))
		}
	}
}

// TestActingRefused: every other id is refused in the same words.
func TestActingRefused(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	id := p.give(kari())
	cases := p.visible(kari().Reveal())
	nobody := people.DemoPeople(today)[1].NationalID
	unknown := p.resolver.IDs.Seal(attorney.GlobalID(uuid.New()))
	own := p.give(nobody, map[string]any{"attorney": organisation(orgNumber(t))})
	for name, caller := range map[string]string{
		"somebody else's":   p.acts(nobody, id),
		"one's own":         p.acts(kari(), id),
		"an organisation's": p.acts(per(), own),
		"missing":           p.acts(per(), unknown),
		"another object":    p.acts(per(), cases[people.Fjord][0]),
		"tampered":          p.acts(per(), flip(id)),
		"a number":          p.acts(per(), kari().Reveal()),
		"a uuid":            p.acts(per(), uuid.NewString()),
		"empty":             p.acts(per(), ""),
		"two":               p.acts(per(), id, id),
	} {
		p.refused(caller, name)
	}
	for name, caller := range map[string]func() (caller.Principal, error){
		"staff": staff(caller.CaseWorker, people.Fjord),
		"letter": func() (caller.Principal, error) {
			return caller.Principal{Kind: caller.LetterCase, NationalID: per(),
				Case: caller.CaseKey{Agency: people.Fjord, ID: "1"}}, nil
		},
	} {
		p.know(name, caller)
		p.acting.Store(name, []string{id})
		p.refused(name, name)
	}
	p.acting.Store("nobody", []string{id})
	if a := p.askAs("nobody", "{ agencies { code } }", nil); a.Status != 401 || a.codes() != "[UNAUTHENTICATED]" {
		t.Errorf("who is not logged in: %d %s", a.Status, a.Raw)
	}
}

// TestActingNeverMay: no mutation but those for anybody is open to who only sees, and what is the grantor's alone
// is closed to every attorney.
func TestActingNeverMay(t *testing.T) {
	t.Parallel()
	for _, f := range schema.Mutation.Fields {
		public := f.Directives.ForName("public") != nil // it is for who is not logged in
		if !strings.HasPrefix(f.Name, "__") && !public && rules().May(access.AttorneyRead, f) {
			t.Errorf("%s is open to an attorney who may only see", f.Name)
		}
	}
	p := newPortal(t)
	caller := p.acts(per(), p.give(kari(), map[string]any{"mayAct": true}))
	for _, query := range []string{"{ viewer { powersOfAttorney { id } } }", "{ viewer { canActFor { id } } }"} {
		if a := p.askAs(caller, query, nil); a.Status != 403 || a.codes() != "[FORBIDDEN]" {
			t.Errorf("%s: %s", query, a.Raw)
		}
	}
	for query, input := range map[string]map[string]any{giveQuery: power(),
		revokeQuery: {"input": map[string]any{"idempotencyKey": uuid.NewString(), "id": "1"}}} {
		if a := p.askAs(caller, query, input); a.Status != 403 || a.codes() != "[FORBIDDEN]" {
			t.Errorf("a chain: %s", a.Raw)
		}
	}
}

// TestActingIsKnown: who acts, for whom and on which power is in the context of the request.
func TestActingIsKnown(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	id := p.give(kari(), map[string]any{"mayAct": true})
	attorneys, err := p.caller(per().Reveal())
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := p.resolver.Acting(caller.NewContext(t.Context(), attorneys), http.Header{attorney.Header: {id}})
	if err != nil {
		t.Fatal(err)
	}
	acting, _ := caller.FromContext(ctx)
	a, ok := acting.Authority()
	if !ok || acting.NationalID != per() || a.Grantor != kari() || !a.MayAct ||
		p.resolver.IDs.Seal(attorney.GlobalID(uuid.MustParse(a.ID))) != id {
		t.Errorf("%v acts under %s: %v", acting.NationalID == per(), a.ID, ok)
	}
	if acting.Scope().NationalID() != kari() {
		t.Error("the scope is not the grantor's")
	}
}

// TestActingPortalDown: nobody acts while it cannot be looked up; everybody else goes on.
func TestActingPortalDown(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	caller := p.acts(per(), p.give(kari()))
	take := func(what string) {
		t.Helper()
		if _, err := p.ours.Conn().Exec(t.Context(), "revoke "+what+" from oversikt_portal"); err != nil {
			t.Fatal(err)
		}
	}
	take("insert on portal.power_of_attorney")
	if a := p.ask(kari(), giveQuery, power()); a.codes() != "[PORTAL_UNAVAILABLE]" {
		t.Errorf("giving: %s", a.Raw)
	}
	take("usage on schema portal")
	if a := p.askAs(caller, seenQuery, nil); a.Status != 503 || a.codes() != "[PORTAL_UNAVAILABLE]" || len(a.Data) > 0 {
		t.Errorf("acting: %d %s", a.Status, a.Raw)
	}
	if len(p.visible(per().Reveal())) == 0 {
		t.Error("the attorney's own cases are gone")
	}
	a := p.ask(kari(), "{ viewer { name powersOfAttorney { id } canActFor { id } } }", nil)
	if a.Status != 200 || a.codes() != "[PORTAL_UNAVAILABLE PORTAL_UNAVAILABLE]" ||
		at(a.object(t), "viewer", "name") != "Kari Nordvik" {
		t.Errorf("listing: %s", a.Raw)
	}
	if a := p.ask(kari(), giveQuery, power()); a.codes() != "[ACCESS_NOT_RECORDED]" {
		t.Errorf("giving, which nobody could record: %s", a.Raw)
	}
}

// TestActingIsRecorded: the grantor reads who has looked, and under which power, by the id
// that the list of powers has. An auditor of the agency reads the same id.
func TestActingIsRecorded(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	id := p.give(kari())
	p.visible(p.acts(per(), id))
	if err := p.log.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	latest := at(p.get(kari(),
		"{ viewer { accessLog(own: false, first: 1) { nodes { kind own ground powerOfAttorney action } } } }",
		nil), "viewer", "accessLog", "nodes", 0)
	want := map[string]any{"kind": "ATTORNEY", "own": false, "ground": "POWER_OF_ATTORNEY", "powerOfAttorney": id,
		"action": "query"}
	if diff := cmp.Diff(want, latest); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	p.know("auditor", staff(caller.Auditor, people.Fjord))
	review := p.getAs("auditor", `{ staff { accessLog(reason: "the yearly review") { nodes { kind powerOfAttorney } } } }`,
		nil)
	if entries := fmt.Sprint(at(review, "staff", "accessLog", "nodes")); !strings.Contains(entries,
		"map[kind:ATTORNEY powerOfAttorney:"+id+"]") {
		t.Errorf("the auditor reads %s", entries)
	}
}

// TestOrganisation: who is logged in for an organisation acts under what it has received.
func TestOrganisation(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	number := orgNumber(t)
	id := p.give(kari(), map[string]any{"attorney": organisation(number)})
	p.know("adviser", func() (caller.Principal, error) {
		adviser, err := p.caller(per().Reveal())
		adviser.OrgNumber = number
		return adviser, err
	})
	got := at(p.getAs("adviser", "{ viewer { canActFor { id orgNumber grantorName grantorNationalId } } }", nil), "viewer",
		"canActFor", 0)
	want := map[string]any{"id": id, "orgNumber": number, "grantorName": "Kari Nordvik",
		"grantorNationalId": kari().Masked()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	p.acting.Store("adviser", []string{id})
	if len(p.visible("adviser")) == 0 {
		t.Error("the adviser sees nothing")
	}
}

func orgNumber(t testing.TB) string {
	t.Helper()
	number, ok := norway.CheckOrgNumber("98765432")
	if !ok {
		t.Fatal("no such number")
	}
	return number
}

// picture is a PNG, and base64 of anything.
func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func encoded(content []byte) string { return base64.StdEncoding.EncodeToString(content) }
