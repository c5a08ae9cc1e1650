package resolvers_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/resolvers"
)

const (
	claiming = `mutation($input: ClaimCaseInput!) { claimCase(input: $input) {
		act { name status cases { id } agencies { agency { code } status reason } } cases { id }
		userErrors { code field message(language: NN) retryAfterSeconds } } }`
	myClaims   = `{ viewer { caseLinkRequests { agency { code } caseNumber text status decidedOn reply } cases(first: 100) { totalCount } } }`
	claimsWait = `{ staff { queue(kind: LINK_CASE) { nodes { id case { id } caseLink {
		caseNumber name nationalId text passwordRight } } } } }`
)

// claimsCase claims a case at an agency; password and text may be nil.
func (p *portal) claimsCase(as, code, number string, password, text any) answer {
	p.t.Helper()
	return p.askAs(as, claiming, map[string]any{"input": map[string]any{"idempotencyKey": uuid.NewString(), "agency": code,
		"caseNumber": number, "password": password, "text": text}})
}

// TestClaimCase: whatever is claimed is answered alike. What is one's own is seen in the next query, and what is
// not waits for a case worker, who cannot grant it.
func TestClaimCase(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	everyPasswordHolds(t, p)
	stranger := people.New(1, today).Person(40).NationalID
	had := at(p.get(s.id, myClaims, nil), "viewer", "cases", "totalCount").(float64)
	known := p.claimsCase(s.id.Reveal(), s.code, s.caseNumber, nil, nil)
	tries := map[string]answer{
		"it is their own":           known,
		"no such number":            p.claimsCase(stranger.Reveal(), s.code, "31-4159-26", "a secret guess", "Det er min."),
		"another's, without":        p.claimsCase(stranger.Reveal(), s.code, s.caseNumber, nil, nil),
		"another's, wrong password": p.claimsCase(stranger.Reveal(), s.code, s.caseNumber, "a secret guess", "Det er min."),
		"another's, right password": p.claimsCase(stranger.Reveal(), s.code, s.caseNumber, people.Password, nil),
	}
	for reason, a := range tries {
		if a.Raw = alike(a.Raw); a.Raw != alike(known.Raw) || at(a.object(t), "claimCase", "act", "status") != "DONE" {
			t.Errorf("%s: %s, not %s", reason, a.Raw, known.Raw)
		}
	}
	p.strangersClaims(s, stranger)
	p.isNotKnown(s)
	if left := at(p.get(s.id, myClaims, nil), "viewer", "cases", "totalCount").(float64); left >= had {
		t.Fatalf("%v of %v cases are left", left, had)
	}
	right := p.claimsCase(s.id.Reveal(), s.code, s.caseNumber, strings.ToUpper(people.Password), nil)
	now := p.get(s.id, myClaims, nil)
	if alike(right.Raw) != alike(known.Raw) || at(now, "viewer", "cases", "totalCount") != had ||
		at(now, "viewer", "caseLinkRequests", 1, "status") != "GRANTED" {
		t.Errorf("%s, and then %v", right.Raw, now)
	}
	if a := p.claimsCase(p.letterOf(s), s.code, s.caseNumber, people.Password, nil); a.codes() != "[FORBIDDEN]" {
		t.Errorf("with a letter: %s", a.Raw)
	}
	for _, typed := range []string{"31-4159-26", "secret guess", "Det er min", people.Password, s.caseNumber} {
		if strings.Contains(p.alarms.String(), typed) {
			t.Errorf("the log has %q", typed)
		}
	}
}

// alike is an answer without what tells one time from another.
func alike(raw string) string {
	data, _, _ := strings.Cut(raw, `"extensions"`)
	return data
}

// isNotKnown takes the number off the subject at their agency, who is called as their login is.
func (p *portal) isNotKnown(s *subject) {
	p.t.Helper()
	if _, err := p.databases[s.code].Conn().Exec(p.t.Context(),
		"update core.debtor set national_id = null, name = ' KARI  nordvik' where national_id = $1", s.id.Reveal()); err != nil {
		p.t.Fatal(err)
	}
}

// letterOf is a login with the letter of the subject's case.
func (p *portal) letterOf(s *subject) string {
	p.know("a letter", func() (caller.Principal, error) {
		return caller.Principal{Kind: caller.LetterCase, Case: caller.CaseKey{Agency: s.code, ID: s.caseKey}}, nil
	})
	return "a letter"
}

// strangersClaims has a case worker look at what a stranger has claimed, and decide it.
func (p *portal) strangersClaims(s *subject, stranger norway.NationalID) {
	p.t.Helper()
	t := p.t
	p.know("worker", staff(caller.CaseWorker, s.code))
	waiting := at(p.getAs("worker", claimsWait, nil), "staff", "queue", "nodes").([]any)
	if len(waiting) != 2 {
		t.Fatalf("%v wait", waiting)
	}
	wrong := map[any]string{"31-4159-26": "NO_SUCH_CASE", s.caseNumber: "OTHERS_CASE"}
	for _, node := range waiting {
		number, item := at(node, "caseLink", "caseNumber"), at(node, "id").(string)
		if at(node, "case") != nil || at(node, "caseLink", "name") != "Kari Nordvik" ||
			at(node, "caseLink", "nationalId") != stranger.Masked() ||
			at(node, "caseLink", "passwordRight") != (number == s.caseNumber) || at(node, "caseLink", "text") != "Det er min." {
			t.Errorf("what waits is %v", node)
		}
		if code := p.deskAct("worker", "decideCaseLink", item, map[string]any{"decision": "GRANT"}); code != wrong[number] {
			t.Errorf("a grant of %v is answered %q", number, code)
		}
		no := map[string]any{"decision": "REFUSE", "text": "Den er ikke din."}
		if code := p.deskAct("worker", "decideCaseLink", item, no); code != "" {
			t.Errorf("a refusal is answered %q", code)
		}
		if code := p.deskAct("worker", "decideCaseLink", item, no); code != "ALREADY_DECIDED" {
			t.Errorf("a second one is answered %q", code)
		}
	}
	for _, l := range at(p.get(stranger, myClaims, nil), "viewer", "caseLinkRequests").([]any) {
		if at(l, "status") != "REFUSED" || at(l, "reply") != "Den er ikke din." || at(l, "decidedOn") == nil {
			t.Errorf("the stranger has %v", l)
		}
	}
	looks := 0
	for _, l := range p.looked() {
		if (l.What == "staff.queue" || l.What == "decideCaseLink") && p.about(l, stranger) {
			looks++
		}
	}
	if looks < 4 {
		t.Errorf("%d looks at the stranger's claims are on record", looks)
	}
}

// TestClaimsAreCounted: one login claims five cases a minute, whatever they are.
func TestClaimsAreCounted(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.resolver.Engine.Allow = resolvers.AllowActs(p.resolver.Guard, p.resolver.Recorder)
	for i := range 6 {
		a := p.claimsCase(kari().Reveal(), people.Fjord, "no-"+uuid.NewString(), nil, nil)
		if i < 5 && a.userError(t, "claimCase") != "" || (a.codes() == "[RATE_LIMITED]") != (i == 5) {
			t.Errorf("claim %d: %s", i+1, a.Raw)
		}
	}
	if n := p.scalar("select count(*) from portal.act where name = 'CLAIM_CASE'"); n != 5 {
		t.Errorf("%d are stored", n)
	}
}
