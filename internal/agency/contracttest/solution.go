package contracttest

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/debt"
)

const (
	proposed  = debt.ProposalProposed
	confirmed = debt.ProposalConfirmed
	withdrawn = debt.ProposalWithdrawn
	rejected  = debt.ProposalRefused
)

// again returns the cases of the subject as they are now.
func (c *Core) again(t *testing.T, conn *pgx.Conn, s *subject) map[string]*debt.Case {
	t.Helper()
	return rehearse.ByKey(c.read(t, conn, core.Query{Scope: s.scope, Want: everything}))
}

// solutionLives follows a proposal through its life: each step changes what it says and
// nothing else, twice does what once did, and at the end nothing is left of it.
func solutionLives(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	c.schedule(t, owner, s)
	before, p, key := c.again(t, conn, s), s.proposal(), uuid.New()
	atFirst := snapshot(t, owner)

	answer, repeated, err := Propose(t.Context(), conn, s.scope, key, p)
	if err != nil || repeated || answer.Status != proposed || answer.Reason != "" {
		t.Fatalf("the first answer is %+v, repeated %v, %v", answer, repeated, err)
	}
	c.checkProposed(t, conn, s, before, p)
	whenProposed := snapshot(t, owner)
	unchanged(t, atFirst, whenProposed, "agreement", "agreement_case", "instalment", "request")
	if _, repeated, err = Propose(t.Context(), conn, s.scope, key, p); err != nil || !repeated {
		t.Errorf("the second time it is repeated: %v, %v", repeated, err)
	}
	s.expect(t, conn, proposing(p), key, proposed, "")
	unchanged(t, whenProposed, snapshot(t, owner))

	s.expect(t, conn, Confirm, key, confirmed, "")
	right(t, rehearse.Confirmed(s.policy, s.today, before, c.again(t, conn, s), p))
	whenConfirmed := snapshot(t, owner)
	changed := []string{"agreement", "agreement_case", "instalment", "request", "deferral", "hold", "scheduled_cost"}
	if s.policy.DeferralFee > 0 {
		changed = append(changed, "fee")
	}
	unchanged(t, atFirst, whenConfirmed, changed...)
	s.expect(t, conn, Confirm, key, confirmed, "")
	s.expect(t, conn, proposing(p), key, confirmed, "")
	unchanged(t, whenConfirmed, snapshot(t, owner))

	for range 2 {
		s.expect(t, conn, Withdraw, key, withdrawn, "")
		unchanged(t, atFirst, snapshot(t, owner))
	}
	s.expect(t, conn, proposing(p), key, withdrawn, "")
	s.expect(t, conn, Confirm, key, withdrawn, "")
	unchanged(t, atFirst, snapshot(t, owner))

	another := uuid.New()
	s.expect(t, conn, proposing(p), another, proposed, "")
	s.expect(t, conn, Withdraw, another, withdrawn, "")
	unchanged(t, atFirst, snapshot(t, owner))
}

// unchanged compares all relations but some, which must differ.
func unchanged(t *testing.T, want, got map[string]rehearse.Print, but ...string) {
	t.Helper()
	for name := range want {
		if differs := want[name] != got[name]; differs != slices.Contains(but, name) {
			t.Errorf("relation %s differs: %v. It was %+v and is %+v", name, differs, want[name], got[name])
		}
	}
}

func (c *Core) checkProposed(t *testing.T, conn *pgx.Conn, s *subject, before map[string]*debt.Case, p debt.Proposal) {
	t.Helper()
	now := c.again(t, conn, s)
	right(t, rehearse.Proposed(before, now, p))
	made := c.made(t, now, before, p)
	if made.MonthlyAmount == nil || *made.MonthlyAmount != p.Agreements[0].Instalments[0].Amount &&
		s.policy.SetupFee == 0 {
		t.Errorf("the monthly amount is %v", made.MonthlyAmount)
	}
}

// solutionUneven has a last instalment that is more than the one before: there is no amount a
// month that it could be called by.
func solutionUneven(t *testing.T, c *Core) {
	conn := c.connect(t)
	s := c.subject(t, conn)
	before, p, key := c.again(t, conn, s), s.proposal(), uuid.New()
	instalments := p.Agreements[0].Instalments
	instalments[len(instalments)-1].Amount = instalments[0].Amount + 1
	s.expect(t, conn, proposing(p), key, proposed, "")
	if made := c.made(t, c.again(t, conn, s), before, p); made.MonthlyAmount != nil {
		t.Errorf("the monthly amount is %v", *made.MonthlyAmount)
	}
	s.expect(t, conn, Withdraw, key, withdrawn, "")
}

// made returns the agreement that the proposal made, which its cases have and no others.
func (c *Core) made(t *testing.T, now, before map[string]*debt.Case, p debt.Proposal) *debt.Agreement {
	t.Helper()
	made, wrong := rehearse.Made(before, now, p)
	if right(t, wrong); len(wrong) > 0 {
		t.FailNow()
	}
	return made
}

// solutionDoesNotStopCosts is the policy that an agreement does not stop further steps.
func solutionDoesNotStopCosts(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	c.schedule(t, owner, s)
	s.policy.AgreementStopsCosts = false
	before, p, key := c.again(t, conn, s), s.proposal(), uuid.New()
	tx := begin(t, owner)
	must(t, tx, c.Happen.Onward)
	atFirst := snapshot(t, tx)
	s.expect(t, tx, proposing(p), key, proposed, "")
	s.expect(t, tx, Confirm, key, confirmed, "")
	part, err := core.ReadWithin(t.Context(), tx, c.facts(),
		core.Query{Scope: s.scope, Want: everything, Today: c.Today})
	if err != nil {
		t.Fatal(err)
	}
	right(t, rehearse.Confirmed(s.policy, s.today, before, rehearse.ByKey(part), p))
	s.expect(t, tx, Withdraw, key, withdrawn, "")
	unchanged(t, atFirst, snapshot(t, tx))
}

// begin opens a transaction of the owner's that is rolled back when the test ends.
func begin(t *testing.T, owner *pgx.Conn) pgx.Tx {
	t.Helper()
	core.Register(owner)
	tx, err := owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tx.Rollback(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return tx
}

// solutionIsRefused tries every reason: each is answered again, and changes nothing.
func solutionIsRefused(t *testing.T, c *Core) {
	conn := c.connect(t)
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	agreement := func(change func(*debt.ProposedAgreement)) func(*debt.Proposal) {
		return func(p *debt.Proposal) { change(&p.Agreements[0]) }
	}
	instalment := func(n int, change func(*debt.Instalment)) func(*debt.Proposal) {
		return agreement(func(a *debt.ProposedAgreement) { change(&a.Instalments[n]) })
	}
	deferral := func(change func(*debt.ProposedDeferral)) func(*debt.Proposal) {
		return func(p *debt.Proposal) { change(&p.Deferrals[0]) }
	}
	cases := map[string]struct {
		reason string
		happen string // on the last of the cases, but for the policy
		change func(*debt.Proposal)
		want   debt.ProposalReason
	}{
		"another's case": {"a known key opens nothing", "", func(p *debt.Proposal) {
			p.Cases = append(p.Cases,
				stranger.cases[0].ID.ID)
		}, debt.RefusedNotFound},
		"only another's": {"not even alone", "", func(p *debt.Proposal) { *p = stranger.proposal() },
			debt.RefusedNotFound},
		"no such case": {"text that no key type holds", "",
			func(p *debt.Proposal) { p.Cases = append(p.Cases, "' or true --") }, debt.RefusedNotFound},
		"closed":   {"paid meanwhile", c.Happen.Close, nil, debt.RefusedCaseClosed},
		"disputed": {"an objection is looked at first", c.Happen.Object, nil, debt.RefusedDisputed},
		"agreed":   {"one agreement at a time", c.Happen.Agree, nil, debt.RefusedAgreementExists},
		"too many instalments": {"the policy has a most", "",
			agreement(func(a *debt.ProposedAgreement) { a.Instalments = s.instalments(s.policy.MaxInstalments + 1) }),
			debt.RefusedNotThePolicy},
		"too little": {"the policy has a least, without the fee", "",
			instalment(1, func(i *debt.Instalment) { i.Amount-- }), debt.RefusedNotThePolicy},
		"no fee": {"the fee is the policy's", "", instalment(1, func(i *debt.Instalment) { i.Fee-- }),
			debt.RefusedNotThePolicy},
		"no setup fee": {"so is that of long agreements", "", agreement(withoutSetup(s)),
			refusedIf(s.policy.SetupFee > 0)},
		"too early": {"agreement_from", "", instalment(0,
			func(i *debt.Instalment) { i.DueOn = s.cases[0].AgreementFrom - 1 }), debt.RefusedNotThePolicy},
		"not joint": {"the policy can have one case an agreement", c.Happen.Apart, agreement(func(a *debt.ProposedAgreement) {
			a.Cases = []string{s.cases[0].ID.ID, s.cases[1].ID.ID}
		}), debt.RefusedNotThePolicy},
		"another group": {"cases of different groups are not joined", c.Happen.Group, func(p *debt.Proposal) {
			p.Agreements[0].Cases = []string{s.cases[0].ID.ID, s.cases[1].ID.ID}
			last := len(p.Cases) - 1
			p.Cases[1], p.Cases[last] = p.Cases[last], p.Cases[1] // the group is the last one's
		}, debt.RefusedNotThePolicy},
		"deferred too long": {"the policy has a most", "",
			deferral(func(d *debt.ProposedDeferral) { d.Days = s.policy.MaxDeferralDays + 1 }), debt.RefusedNotThePolicy},
		"held too long": {"the same for the day", "",
			deferral(func(d *debt.ProposedDeferral) { d.Until = s.today.AddDays(s.policy.MaxDeferralDays + 1) }),
			debt.RefusedNotThePolicy},
		"deferred by nothing": {"a deferral moves something", "", deferral(func(d *debt.ProposedDeferral) { d.Days = 0 }),
			debt.RefusedNotThePolicy},
		"other deferral fee": {"the fee is the policy's", "", deferral(func(d *debt.ProposedDeferral) { d.Fee++ }),
			debt.RefusedNotThePolicy},
		"no cases": {"nothing is proposed", "", func(p *debt.Proposal) { *p = debt.Proposal{} },
			debt.RefusedInvalidTerms},
		"case twice": {"a case is one case", "", func(p *debt.Proposal) { p.Cases = append(p.Cases, p.Cases[0]) },
			debt.RefusedInvalidTerms},
		"case not listed": {"what is agreed is among the cases", "", func(p *debt.Proposal) { p.Cases = p.Cases[1:] },
			debt.RefusedInvalidTerms},
		"deferred not listed": {"so is what is deferred", "", deferral(func(d *debt.ProposedDeferral) { d.Case = "0" }),
			debt.RefusedInvalidTerms},
		"two agreements": {"one case has one", "", func(p *debt.Proposal) {
			p.Agreements = append(p.Agreements,
				p.Agreements[0])
		}, debt.RefusedInvalidTerms},
		"two deferrals": {"one case has one", "", func(p *debt.Proposal) {
			p.Deferrals = append(p.Deferrals,
				p.Deferrals[0])
		}, debt.RefusedInvalidTerms},
		"agreement of nothing": {"it has cases", "", agreement(func(a *debt.ProposedAgreement) { a.Cases = nil }),
			debt.RefusedInvalidTerms},
		"no instalments": {"and instalments", "", agreement(func(a *debt.ProposedAgreement) { a.Instalments = nil }),
			debt.RefusedInvalidTerms},
		"numbers": {"one, two, three", "", instalment(1, func(i *debt.Instalment) { i.Number = 4 }),
			debt.RefusedInvalidTerms},
		"same number": {"one, two, three", "", instalment(2, func(i *debt.Instalment) { i.Number = 2 }),
			debt.RefusedInvalidTerms},
		"same day": {"one after the other", "", instalment(1, func(i *debt.Instalment) { i.DueOn = s.start() }),
			debt.RefusedInvalidTerms},
		"nothing to pay": {"a fee alone is no instalment", "",
			instalment(2, func(i *debt.Instalment) { i.Amount = i.Fee }), debt.RefusedInvalidTerms},
		"negative fee": {"nobody is paid for it", "", instalment(2, func(i *debt.Instalment) { i.Fee = -1 }),
			debt.RefusedInvalidTerms},
	}
	owner := c.DB.Conn()
	for name, tc := range cases {
		if tc.want == "" {
			continue // this agency's policy has no such fee
		}
		t.Run(name, func(t *testing.T) {
			tx, p, key := begin(t, owner), s.proposal(), uuid.New()
			if tc.change != nil {
				tc.change(&p)
			}
			switch tc.happen {
			case "":
			case c.Happen.Apart:
				must(t, tx, tc.happen)
			default:
				must(t, tx, tc.happen, p.Cases[len(p.Cases)-1])
			}
			before := snapshot(t, tx)
			for range 2 {
				s.expect(t, tx, proposing(p), key, rejected, tc.want)
			}
			s.expect(t, tx, Confirm, key, rejected, tc.want)
			other := p
			other.Cases = append(slices.Clone(p.Cases), "1")
			s.expect(t, tx, proposing(other), key, rejected, debt.RefusedKeyReused)
			unchanged(t, before, snapshot(t, tx))
			s.expect(t, tx, Withdraw, key, withdrawn, "")
			unchanged(t, before, snapshot(t, tx))
		})
	}
	t.Run("nobody", func(t *testing.T) {
		nobody := subject{}
		for _, f := range []call{proposing(s.proposal()), Confirm, Withdraw} {
			nobody.expect(t, conn, f, uuid.New(), rejected, debt.RefusedNotFound)
		}
	})
}

func withoutSetup(s *subject) func(*debt.ProposedAgreement) {
	return func(a *debt.ProposedAgreement) {
		a.Instalments = s.instalments(s.policy.SetupFreeInstalments + 1)
		a.Instalments[0].Fee -= s.policy.SetupFee
	}
}

func refusedIf(yes bool) debt.ProposalReason {
	if yes {
		return debt.RefusedNotThePolicy
	}
	return ""
}
