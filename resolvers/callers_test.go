package resolvers_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// subject is the person whose records the tests of access are about, and the one case of
// hers that a letter opens: both at the agency that staff and attorneys are let in at.
type subject struct {
	t          *testing.T
	id         norway.NationalID
	code       string
	caseNumber string
	caseKey    string
	caseID     string
	plan       string // the agreement of the case
	openCases  int    // at the agency
	powerID    string // of a power of attorney that she has given

	everything map[string]bool // every id of hers, at any agency and none; creditors and agencies are others' too
	atAgency   map[string]bool // those at the agency
	ofCase     map[string]bool // those of the one case

	acts    map[string]string // the arguments of mutations, by coordinate
	answers map[string]answer // of the matrix, by caller and query
}

// newSubject chooses the first case that is joined with others in an agreement.
func newSubject(t *testing.T, p *portal) *subject {
	t.Helper()
	s := &subject{t: t, id: kari(), code: people.Fjord, everything: map[string]bool{}, atAgency: map[string]bool{},
		ofCase: map[string]bool{}, answers: map[string]answer{}}
	data := p.get(s.id,
		`{ viewer { debtors { id agency { code } } overview { agencies { agency { code } openCaseCount } } cases(first: 100) { nodes { caseNumber agency { code } debtor { id }
		id fees { id } letters(first: 100) { nodes { id } } payments(first: 100) { nodes { id } } objections { id } agreement { id cases { caseNumber } } } } } }`, nil)
	for _, c := range at(data, "viewer", "cases", "nodes").([]any) {
		joined, _ := at(c, "agreement", "cases").([]any)
		if s.caseNumber == "" && at(c, "agency", "code") == s.code && len(joined) > 1 {
			s.caseNumber, s.caseID = at(c, "caseNumber").(string), at(c, "id").(string)
			s.plan = at(c, "agreement", "id").(string)
			everyID(c, s.ofCase)
		}
		everyID(c, s.everything)
		if at(c, "agency", "code") == s.code {
			everyID(c, s.atAgency)
		}
	}
	for _, d := range at(data, "viewer", "debtors").([]any) {
		everyID(d, s.everything)
		if at(d, "agency", "code") == s.code {
			everyID(d, s.atAgency)
		}
	}
	for _, a := range at(data, "viewer", "overview", "agencies").([]any) {
		if at(a, "agency", "code") == s.code {
			s.openCases = int(at(a, "openCaseCount").(float64))
		}
	}
	if len(s.ofCase) < 6 || len(s.atAgency) <= len(s.ofCase) || len(s.everything) <= len(s.atAgency) || s.openCases < 2 {
		t.Fatalf("%d ids of the case, %d of the agency, %d in all: too few to prove anything", len(s.ofCase), len(s.atAgency),
			len(s.everything))
	}
	s.powerID = p.give(s.id)
	s.everything[s.powerID], s.atAgency[s.powerID] = true, true // it covers everything
	s.caseKey = caseKey(t, p, s.code, s.caseNumber)
	var taken bool
	err := p.databases[people.Lita].Conn().QueryRow(t.Context(),
		"select exists (select from oversikt.case where case_number = $1)", s.caseNumber).Scan(&taken)
	if err != nil || taken {
		t.Fatalf("another agency has a case of the same number: %v", err)
	}
	return s
}

// everyID collects the values of all members named id.
func everyID(data any, into map[string]bool) {
	switch d := data.(type) {
	case []any:
		for _, item := range d {
			everyID(item, into)
		}
	case map[string]any:
		for name, v := range d {
			if id, ok := v.(string); ok && name == "id" {
				into[id] = true
			}
			everyID(v, into)
		}
	}
}

// letter is who holds the letter of the one case.
func (s *subject) letter() (caller.Principal, error) {
	return caller.Principal{Kind: caller.LetterCase, NationalID: s.id,
		Case: caller.CaseKey{Agency: s.code, ID: s.caseKey}}, nil
}

// letterAlone is who holds it where the agency knows the debtor by no number.
func (s *subject) letterAlone() (caller.Principal, error) {
	p, err := s.letter()
	p.NationalID = norway.NationalID{}
	return p, err
}

// attorney is Per, under a power of attorney of the subject's; change makes it another one.
func (s *subject) attorney(change func(*caller.Authority)) func() (caller.Principal, error) {
	per := people.DemoPeople(today)[5].NationalID
	a := caller.Authority{ID: "1", Grantor: s.id, Attorney: per, Agencies: []string{s.code}, From: today.AddMonths(-1)}
	change(&a)
	return func() (caller.Principal, error) {
		return caller.Principal{Kind: caller.Person, NationalID: per, Name: "Per Solheim Nordvik"}.Under(a, today)
	}
}

// column is a caller of the matrix.
type column struct {
	name   string
	reason string
	as     access.Caller // what the schema calls them; 0: nobody
	caller func() (caller.Principal, error)
	sees   map[string]bool // the ids of the subject's that may be shown
}

// columns are the callers of the matrix, in the order of the golden file.
func (s *subject) columns(p *portal) []column {
	person := func(id norway.NationalID) func() (caller.Principal, error) {
		return func() (caller.Principal, error) {
			return caller.Principal{Kind: caller.Person, NationalID: id, Name: "somebody", Issuer: bankID, ACR: "high"}, nil
		}
	}
	for name, mayAct := range map[string]bool{"attorneyRead": false, "attorneyAct": true, "revoked": true} {
		id := p.give(s.id, map[string]any{"agencies": []any{agencyID(s.t, p, s.code)}, "mayAct": mayAct})
		p.acting.Store(name, []string{id})
		if name == "revoked" {
			p.revoke(s.id, id)
		}
	}
	return []column{
		{"none", "nobody is logged in", 0, nil, nil},
		{"debtor", "the person herself", access.Debtor, person(s.id), s.everything},
		{"other", "another debtor of the same agency", access.Debtor, person(people.DemoPeople(today)[1].NationalID), nil},
		{"letter", "who holds the letter of one case", access.CaseLogin, s.letter, s.ofCase},
		{"letterAlone", "the same, where the agency knows no number of hers", access.CaseLogin, s.letterAlone, s.ofCase},
		{"attorneyRead", "may see her cases at one agency", access.AttorneyRead, person(per()), s.atAgency},
		{"attorneyAct", "may act in them too", access.AttorneyAct, person(per()), s.atAgency},
		{"revoked", "might, until it was revoked", 0, person(per()), nil},
		{"worker", "a case worker at her agency", access.CaseWorker, staff(caller.CaseWorker, s.code), s.atAgency},
		{"otherWorker", "a case worker at another agency of hers", access.CaseWorker, staff(caller.CaseWorker, people.Lita),
			nil},
		{"supervisor", "at her agency", access.Supervisor, staff(caller.Supervisor, s.code), s.atAgency},
		{"auditor", "at her agency", access.Auditor, staff(caller.Auditor, s.code), nil},
	}
}

// arguments are what the matrix gives fields that need some, so that they are about the subject.
func (s *subject) arguments() map[string]string {
	all := map[string]string{
		"Query.node":         fmt.Sprintf(`(id: %q)`, s.caseID),
		"Query.nodes":        fmt.Sprintf(`(ids: [%q])`, s.caseID),
		"Query.checkGenuine": fmt.Sprintf(`(input: {text: "Sak %s, konto 86011117947"})`, s.caseNumber),
		"Query.quoteInstalmentPlan": fmt.Sprintf(`(input: {caseIds: [%q], months: 3, firstDueOn: %q})`, s.caseID,
			today.AddDays(10)),
		"Query.quoteInstalmentPlanChange": fmt.Sprintf(`(input: {agreementId: %q, monthlyAmount: "2000.00"})`,
			s.plan),
		"Query.caseStatus": fmt.Sprintf(`(agency: %q, caseNumber: %q)`, s.code, s.caseNumber),
		"Viewer.simulate": fmt.Sprintf(`(input: {payments: [{caseId: %q, amount: "10.00", on: %q}]})`,
			s.caseID, today),
		"Viewer.paymentSolutions":      `(input: {months: 2})`,
		"StaffPerson.paymentSolutions": `(input: {months: 2})`,
		"Mutation.loginWithLetter": fmt.Sprintf(`(input: {agency: %q, caseNumber: %q, password: "another"})`, s.code,
			s.caseNumber),
		"Staff.person": fmt.Sprintf(`(input: {by: {caseNumber: %q}, reason: "the matrix of access"})`,
			s.caseNumber),
		"Mutation.endSession":     fmt.Sprintf(`(input: {id: %q})`, s.caseID),
		"Mutation.endAllSessions": `(input: {keepCurrent: true})`,
		"Staff.accessLog":         `(reason: "the matrix of access")`,
		"StaffPerson.nationalId":  `(reveal: true, reason: "the matrix of access")`,
	}
	maps.Copy(all, s.acts)
	return all
}

// ask has the subject ask for each act, so that whoever asks for the same under the same key is
// told of hers, or of nothing.
func (s *subject) ask(p *portal) {
	s.t.Helper()
	s.acts = map[string]string{}
	for _, a := range p.resolver.Acts.All() {
		name, key := a.Name.Mutation(), uuid.NewSHA1(uuid.Nil, []byte(a.Name))
		argument, as := p.argument(a, key, p.asked(a, people.DemoPeople(today)[0]).Good), s.id.Reveal()
		if a.Who&act.AtDesk != 0 {
			as = "worker"
		}
		done := p.getAs(as, "mutation { it: "+name+argument+" { userErrors { code field } } }", nil)
		if at(done, "it", "userErrors", 0) != nil {
			s.t.Fatalf("%s: %v", name, done)
		}
		s.acts["Mutation."+name] = argument
	}
}
