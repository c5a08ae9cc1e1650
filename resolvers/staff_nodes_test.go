package resolvers_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const nodeQuery = `query($id: ID!) { node(id: $id) { __typename id } }`

// TestStaffNode: what belongs to a person at the agency is there by its id for half an hour after
// the same worker has looked the person up, and is recorded under that reason.
func TestStaffNode(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("worker", staff(caller.CaseWorker, s.code))
	p.know("colleague", staff(caller.Supervisor, s.code))
	p.know("elsewhere", staff(caller.CaseWorker, people.Lita))
	p.know("auditor", staff(caller.Auditor, s.code))
	delete(s.atAgency, s.powerID)
	own := maps.Clone(s.atAgency)
	for id := range own {
		if at(p.get(s.id, nodeQuery, map[string]any{"id": id}), "node", "__typename") == "Agency" {
			delete(own, id) // is everybody's
		}
	}
	// nobody says that none of these callers sees any of hers.
	nobody := func(reason string, callers ...string) {
		t.Helper()
		for _, c := range callers {
			for id := range own {
				if a := p.askAs(c, nodeQuery, map[string]any{"id": id}); a.codes() != "[NOT_FOUND]" ||
					string(a.Data) != `{"node":null}` {
					t.Fatalf("%s: %s sees %s", reason, c, a.Raw)
				}
			}
		}
	}
	nobody("before the look-up", "worker", "colleague", "elsewhere")
	if a := p.askAs("auditor", nodeQuery, map[string]any{"id": s.caseID}); a.codes() != "[FORBIDDEN]" {
		t.Errorf("an auditor sees %s", a.Raw)
	}
	p.getAs("worker", lookUp, byPerson(s.id.Reveal(), why))
	p.getAs("elsewhere", lookUp, byPerson(s.id.Reveal(), "another agency of hers"))
	p.looked()
	for id := range own {
		if a := p.askAs("worker", nodeQuery, map[string]any{"id": id}); len(a.Errors) > 0 {
			t.Errorf("after the look-up: %s", a.Raw)
		}
	}
	looks := p.looked()
	if len(looks) != len(own) {
		t.Errorf("%d looks are recorded, want %d", len(looks), len(own))
	}
	for _, l := range looks {
		if l.What != "node" || !p.about(l, s.id) || l.Reason != why || l.Outcome != "OK" ||
			fmt.Sprint(l.Agencies) != "["+s.code+"]" {
			t.Errorf("recorded is %+v", l)
		}
	}
	a := p.askAs("worker", `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`,
		map[string]any{"ids": slices.Collect(maps.Keys(own))})
	if len(a.Errors) > 0 || len(a.Extensions.Usage) != 1 || a.Extensions.Usage[0].RoundTrips != 1 {
		t.Errorf("together they cost %+v: %+v", a.Extensions.Usage, a.Errors)
	}
	p.looked()
	nobody("looked up by another", "colleague")
	nobody("looked up at another agency", "elsewhere")
	if a := p.askAs("worker", nodeQuery, map[string]any{"id": otherwhere(t, s)}); a.codes() != "[NOT_FOUND]" {
		t.Errorf("what she has elsewhere: %s", a.Raw)
	}
	if looks := p.looked(); len(looks) != 0 {
		t.Errorf("nothing was shown, and %d looks are recorded", len(looks))
	}
	p.getAs("worker", lookUp, byPerson(people.DemoPeople(today)[1].NationalID.Reveal(), "somebody else at the agency"))
	p.looked()
	p.getAs("worker", nodeQuery, map[string]any{"id": s.caseID})
	if looks := p.looked(); len(looks) != 1 || !p.about(looks[0], s.id) || looks[0].Reason != why {
		t.Errorf("after another look-up, recorded is %+v", looks)
	}
	p.pass(31 * time.Minute)
	nobody("half an hour later", "worker")
}

// otherwhere is an id of the subject's that is not at the agency.
func otherwhere(t *testing.T, s *subject) string {
	t.Helper()
	for id := range s.everything {
		if !s.atAgency[id] && id != s.powerID {
			return id
		}
	}
	t.Fatal("she has nothing elsewhere")
	return ""
}

// TestStaffNodeOfPortal: acts and powers of attorney are there for staff of an agency that they
// are about, without a look-up; they see its part of them.
func TestStaffNodeOfPortal(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	for name, code := range map[string]string{"fjord": people.Fjord, "lita": people.Lita, "tradisjon": people.Tradisjon} {
		p.know(name, staff(caller.CaseWorker, code))
	}
	everywhere := map[string]any{"agencies": []any{agencyID(t, p, people.Fjord), agencyID(t, p, people.Lita)}}
	power := p.give(s.id, everywhere)
	act := at(p.get(s.id, `mutation($input: SubmitObjectionInput!) { submitObjection(input: $input) { act { id } userErrors { code field } } }`,
		map[string]any{"input": map[string]any{"idempotencyKey": uuid.NewString(), "caseId": s.caseID,
			"reasons": []any{"OTHER"}, "statement": "I have never bought this."}}), "submitObjection", "act", "id")
	request := at(p.get(s.id, submitting, map[string]any{"input": map[string]any{"idempotencyKey": uuid.NewString(),
		"kind": "QUESTION", "text": "Why?"}}), "submitPrivacyRequest", "privacyRequest", "id")
	nobodys := p.resolver.IDs.Seal(debt.Key{Kind: debt.KindAcceptance, ID: uuid.NewString()})
	const query = `query($id: ID!) { node(id: $id) { __typename ... on Act { name status cases { id } agencies { agency { code phone } status } }
		... on StaffPowerOfAttorney { force: status allCases caseIds attorney { name } } } }`
	for name, tc := range map[string]struct {
		reason, as string
		id         any
		shown      string // by its type; empty: NOT_FOUND
	}{
		"power":                {"it covers her cases there", "fjord", power, "StaffPowerOfAttorney"},
		"power, elsewhere":     {"there too", "lita", power, "StaffPowerOfAttorney"},
		"power, not covered":   {"it covers nothing there", "tradisjon", power, ""},
		"act":                  {"it is about a case there", "fjord", act, "Act"},
		"act, another agency":  {"it is about nothing there", "lita", act, ""},
		"request":              {"is for the portal", "fjord", request, ""},
		"acceptance of nobody": {"a kind that staff never see", "fjord", nobodys, ""},
	} {
		p.looked()
		a := p.askAs(tc.as, query, map[string]any{"id": tc.id})
		looks := p.looked()
		if tc.shown == "" {
			if a.codes() != "[NOT_FOUND]" || len(looks) > 0 {
				t.Errorf("%s: %s: %s, recorded %+v", name, tc.reason, a.Raw, looks)
			}
			continue
		}
		node := at(a.object(t), "node")
		if len(a.Errors) > 0 || at(node, "__typename") != tc.shown {
			t.Errorf("%s: %s: %s", name, tc.reason, a.Raw)
		}
		if len(looks) != 1 || !p.about(looks[0], s.id) || looks[0].What != "node" || looks[0].Reason == "" {
			t.Errorf("%s: recorded is %+v", name, looks)
		}
	}
	seen := at(p.getAs("fjord", query, map[string]any{"id": act}), "node")
	if at(seen, "name") != "SUBMIT_OBJECTION" || at(seen, "status") != "DONE" || at(seen, "cases") != nil ||
		at(seen, "agencies", 0, "agency", "code") != people.Fjord || at(seen, "agencies", 0, "agency", "phone") == nil {
		t.Errorf("before the look-up: %v", seen)
	}
	p.getAs("fjord", lookUp, byPerson(s.id.Reveal(), why))
	p.looked()
	seen = at(p.getAs("fjord", query, map[string]any{"id": act}), "node")
	if at(seen, "cases", 0, "id") != s.caseID {
		t.Errorf("after the look-up: %v", seen)
	}
	if looks := p.looked(); len(looks) != 1 || looks[0].Reason != why {
		t.Errorf("after the look-up, recorded is %+v", looks)
	}
}
