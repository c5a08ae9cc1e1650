package contracttest

import (
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

var longText = strings.Repeat("x", 500)

// done and refusedFor are the answers of an act.
var done = ActAnswer{Status: debt.ActDone}

func refusedFor(reason debt.ActReason) ActAnswer {
	return ActAnswer{Status: debt.ActRefused, Reason: reason}
}

// correctContact: what is given is changed, what is not stays, and a key does it once.
func correctContact(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	correct := func(scope caller.Scope, key uuid.UUID, change ContactChange, want ActAnswer) {
		t.Helper()
		if got, err := CorrectContact(t.Context(), conn, scope, key, change); err != nil || got != want {
			t.Fatalf("%+v, %v; want %+v", got, err, want)
		}
	}
	is := func(want debt.Debtor) {
		t.Helper()
		got := c.read(t, conn, core.Query{Scope: s.scope, Want: debt.OfDebtors}).Debtors[0]
		want.ID, want.Agency, want.Kind, want.Name = got.ID, got.Agency, got.Kind, got.Name
		if diff := gocmp.Diff(&want, got); diff != "" {
			t.Fatalf("the debtor is (-want +got)\n%s", diff)
		}
	}
	first, second := uuid.New(), uuid.New()
	all := ContactChange{
		Email: new("kari.nordmann@example.com"), Phone: new("+47 98 76 54 32"), StreetAddress: new("Storgata 1 B"),
		PostalCode: new("0155"), City: new("OSLO"), Language: new(debt.Nynorsk),
	}
	correct(s.scope, first, all, done)
	after := debt.Debtor{Email: all.Email, Phone: all.Phone, StreetAddress: all.StreetAddress, PostalCode: all.PostalCode,
		City: all.City, Language: debt.Nynorsk}
	is(after)
	correct(s.scope, second, ContactChange{Phone: new(""), City: new("ÅS")}, done)
	after.Phone, after.City = nil, new("ÅS")
	is(after)
	correct(s.scope, first, all, done) // a repetition that comes late undoes nothing
	is(after)
	correct(s.scope, first, ContactChange{City: new("ÅS")}, refusedFor(debt.ActKeyReused))
	correct(stranger.scope, first, all, refusedFor(debt.ActKeyReused))
	correct(caller.Scope{}, uuid.New(), all, refusedFor(debt.ActNotFound))

	before := snapshot(t, owner)
	invalid := map[string]struct {
		reason string
		change ContactChange
	}{
		"nothing":       {"nothing is asked for", ContactChange{}},
		"no at":         {"no letter gets there", ContactChange{Email: new("kari.example.com")}},
		"space":         {"two addresses are none", ContactChange{Email: new("a@example.com b@example.com")}},
		"long email":    {"no mail server takes it", ContactChange{Email: new(longText + "@example.com")}},
		"words":         {"nobody can dial it", ContactChange{Phone: new("ring meg")}},
		"long phone":    {"nobody can dial it", ContactChange{Phone: new("123456789012345678901234567890")}},
		"postal code":   {"four digits", ContactChange{PostalCode: new("155")}},
		"language":      {"three are known", ContactChange{Language: new(debt.Language("de"))}},
		"no language":   {"everybody is written to in some", ContactChange{Language: new(debt.Language(""))}},
		"long street":   {"it fits no envelope", ContactChange{StreetAddress: &longText}},
		"long city":     {"it fits no envelope", ContactChange{City: &longText}},
		"one of many":   {"all or nothing", ContactChange{City: new("OSLO"), Phone: new("?")}},
		"line in email": {"no header is added", ContactChange{Email: new("a@example.com\nb@example.com")}},
	}
	for name, tc := range invalid {
		t.Run(name, func(t *testing.T) {
			key := uuid.New()
			for range 2 {
				correct(s.scope, key, tc.change, refusedFor(debt.ActInvalidInput))
			}
			correct(caller.Scope{}, uuid.New(), tc.change, refusedFor(debt.ActNotFound)) // who it is comes first
			unchanged(t, before, snapshot(t, owner))
		})
	}
}

// power is a row of the relation power_of_attorney with its cases.
type power struct {
	NationalID, OrgNumber *string
	Name                  string
	MayAct, AllCases      bool
	From, Until           string
	Revoked               bool
	Cases                 []string
}

func powerOf(t *testing.T, owner *pgx.Conn, id string) power {
	t.Helper()
	rows, err := owner.Query(t.Context(), `
		select attorney_national_id, attorney_org_number, attorney_name, may_act, all_cases, valid_from::text,
		       coalesce(valid_until::text, ''), revoked_at is not null,
		       array(select x.case_id::text from oversikt.power_of_attorney_case x
		             where x.power_of_attorney_id = p.power_of_attorney_id order by 1)
		from oversikt.power_of_attorney p where power_of_attorney_id::text = $1`, id)
	if err != nil {
		t.Fatal(err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[power])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *subject) power(attorney caller.Scope) NewPowerOfAttorney {
	return NewPowerOfAttorney{AttorneyID: attorney.NationalID(), AttorneyName: "Ola Nordmann", MayAct: true,
		ValidFrom: s.today}
}

// givePower: the relation shows what was given, once for a key, and nobody gives what is
// another's.
func givePower(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, other := c.subject(t, conn), c.subject(t, conn)
	attorney := other.scope.NationalID().Reveal()
	give := func(scope caller.Scope, key uuid.UUID, p NewPowerOfAttorney) PowerOfAttorneyAnswer {
		t.Helper()
		got, err := GivePowerOfAttorney(t.Context(), conn, scope, key, p)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	key, p := uuid.New(), s.power(other.scope)
	given := give(s.scope, key, p)
	if given.ActAnswer != done || given.ID == "" || give(s.scope, key, p) != given {
		t.Fatalf("the answer is %+v", given)
	}
	want := power{NationalID: &attorney, Name: "Ola Nordmann", MayAct: true, AllCases: true, From: s.today.String(),
		Cases: []string{}}
	if diff := gocmp.Diff(want, powerOf(t, owner, given.ID)); diff != "" {
		t.Errorf("all cases (-want +got)\n%s", diff)
	}
	limited := NewPowerOfAttorney{
		AttorneyOrgNumber: "310000000", AttorneyName: "Rådgiver AS",
		Cases:     []string{s.cases[1].ID.ID, s.cases[0].ID.ID, s.cases[1].ID.ID},
		ValidFrom: s.today, ValidUntil: s.today,
	}
	second := give(s.scope, uuid.New(), limited)
	want = power{OrgNumber: &limited.AttorneyOrgNumber, Name: "Rådgiver AS", From: s.today.String(),
		Until: s.today.String(), Cases: []string{s.cases[0].ID.ID, s.cases[1].ID.ID}}
	slices.Sort(want.Cases)
	if diff := gocmp.Diff(want, powerOf(t, owner, second.ID)); diff != "" {
		t.Errorf("some cases (-want +got)\n%s", diff)
	}

	before := snapshot(t, owner)
	for name, answer := range map[string]PowerOfAttorneyAnswer{
		"other input":  give(s.scope, key, limited),
		"other person": give(other.scope, key, p),
	} {
		if answer != (PowerOfAttorneyAnswer{ActAnswer: refusedFor(debt.ActKeyReused)}) {
			t.Errorf("%s under the same key: %+v", name, answer)
		}
	}
	cases := map[string]struct {
		reason string
		change func(*NewPowerOfAttorney)
		want   debt.ActReason
	}{
		"another's case": {"a known key opens nothing",
			func(p *NewPowerOfAttorney) { p.Cases = []string{s.cases[0].ID.ID, other.cases[0].ID.ID} }, debt.ActNotFound},
		"no such case": {"text that no key type holds",
			func(p *NewPowerOfAttorney) { p.Cases = []string{"' or true --"} }, debt.ActNotFound},
		"no cases": {"it would cover nothing", func(p *NewPowerOfAttorney) { p.Cases = []string{} },
			debt.ActInvalidInput},
		"both": {"one attorney", func(p *NewPowerOfAttorney) { p.AttorneyOrgNumber = "310000000" },
			debt.ActInvalidInput},
		"neither": {"one attorney", func(p *NewPowerOfAttorney) { p.AttorneyID = norway.NationalID{} },
			debt.ActInvalidInput},
		"oneself": {"everybody may do that already",
			func(p *NewPowerOfAttorney) { p.AttorneyID = s.scope.NationalID() }, debt.ActInvalidInput},
		"no name": {"nobody would know who it is", func(p *NewPowerOfAttorney) { p.AttorneyName = " " },
			debt.ActInvalidInput},
		"long name": {"it fits no letter", func(p *NewPowerOfAttorney) { p.AttorneyName = longText },
			debt.ActInvalidInput},
		"no number": {"nine digits", func(p *NewPowerOfAttorney) {
			p.AttorneyID,
				p.AttorneyOrgNumber = norway.NationalID{}, "12345"
		}, debt.ActInvalidInput},
		"backwards": {"it would end before it begins",
			func(p *NewPowerOfAttorney) { p.ValidUntil = p.ValidFrom - 1 }, debt.ActInvalidInput},
		"no first day": {"it would never begin", func(p *NewPowerOfAttorney) { p.ValidFrom = 0 },
			debt.ActInvalidInput},
	}
	for name, tc := range cases {
		p := s.power(other.scope)
		tc.change(&p)
		key := uuid.New()
		for range 2 {
			if got := give(s.scope, key, p); got != (PowerOfAttorneyAnswer{ActAnswer: refusedFor(tc.want)}) {
				t.Errorf("%s (%s): %+v", name, tc.reason, got)
			}
		}
		if got := give(caller.Scope{}, uuid.New(), p); got.ActAnswer != refusedFor(debt.ActNotFound) {
			t.Errorf("%s, of nobody: %+v", name, got)
		}
	}
	if got := give(caller.Scope{}, uuid.New(), p); got.ActAnswer != refusedFor(debt.ActNotFound) {
		t.Errorf("nobody: %+v", got)
	}
	unchanged(t, before, snapshot(t, owner))
	c.givenAtOnce(t, s, p)
}

// givenAtOnce: many calls with one key give one power.
func (c *Core) givenAtOnce(t *testing.T, s *subject, p NewPowerOfAttorney) {
	t.Helper()
	pool := c.DB.Pool(func(config *pgxpool.Config) { config.ConnConfig.User, config.MaxConns = spec.DefaultRole, 8 })
	var mu sync.Mutex
	ids, key := map[string]bool{}, uuid.New()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			got, err := GivePowerOfAttorney(t.Context(), pool, s.scope, key, p)
			if err != nil || got.ActAnswer != done {
				t.Errorf("%+v, %v", got, err)
			}
			mu.Lock()
			defer mu.Unlock()
			ids[got.ID] = true
		})
	}
	all.Wait()
	if len(ids) != 1 {
		t.Errorf("%d powers were given", len(ids))
	}
}

// revokePower: only who gave a power ends it, and it ends once.
func revokePower(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, other := c.subject(t, conn), c.subject(t, conn)
	revoke := func(scope caller.Scope, key uuid.UUID, id string, want ActAnswer) {
		t.Helper()
		if got, err := RevokePowerOfAttorney(t.Context(), conn, scope, key, id); err != nil || got != want {
			t.Fatalf("%+v, %v; want %+v", got, err, want)
		}
	}
	given, err := GivePowerOfAttorney(t.Context(), conn, s.scope, uuid.New(), s.power(other.scope))
	if err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, owner)
	revoke(other.scope, uuid.New(), given.ID, refusedFor(debt.ActNotFound)) // the attorney did not give it
	revoke(caller.Scope{}, uuid.New(), given.ID, refusedFor(debt.ActNotFound))
	revoke(s.scope, uuid.New(), "' or true --", refusedFor(debt.ActNotFound))
	unchanged(t, before, snapshot(t, owner))
	key := uuid.New()
	revoke(s.scope, key, given.ID, done)
	if !powerOf(t, owner, given.ID).Revoked {
		t.Error("it is not revoked")
	}
	after := snapshot(t, owner)
	unchanged(t, before, after, "power_of_attorney")
	revoke(s.scope, key, given.ID, done)
	revoke(s.scope, uuid.New(), given.ID, done)
	revoke(s.scope, key, "another", refusedFor(debt.ActKeyReused))
	unchanged(t, after, snapshot(t, owner))
}
