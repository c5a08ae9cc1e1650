package debt_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

func TestNextDue(t *testing.T) {
	t.Parallel()
	flat := func(change func(*debt.Case)) *debt.Case {
		return claim(func(c *debt.Case) {
			c.InterestFrom = 0
			c.DueOn = date("2026-03-10")
			change(c)
			for _, a := range c.Agreements {
				if a.Cases == nil {
					a.Cases = []*debt.Case{c}
				}
			}
		})
	}
	agreed := func(status debt.AgreementStatus) *debt.Agreement {
		return &debt.Agreement{Status: status, StartedOn: date("2026-01-01"), Instalments: []debt.Instalment{
			{Number: 1, DueOn: date("2026-02-01"), Amount: 500_00, PaidOn: date("2026-01-30")},
			{Number: 2, DueOn: date("2026-03-01"), Amount: 600_00},
			{Number: 3, DueOn: date("2026-04-01"), Amount: 700_00},
		}}
	}
	cases := map[string]struct {
		reason string
		c      *debt.Case
		due    string
		amount money.Øre
	}{
		"everything": {"the whole balance by the deadline", flat(func(*debt.Case) {}), "2026-03-10", 10_000_00},
		"overdue": {"a deadline that has passed is still due", flat(func(c *debt.Case) { c.DueOn = date("2026-01-01") }),
			"2026-01-01", 10_000_00},
		"instalment": {"an agreement in force: its first unpaid instalment, though overdue",
			flat(func(c *debt.Case) { c.Agreements = []*debt.Agreement{agreed(debt.AgreementActive)} }), "2026-03-01", 600_00},
		"breached": {"a broken agreement counts no more",
			flat(func(c *debt.Case) { c.Agreements = []*debt.Agreement{agreed(debt.AgreementBreached)} }), "2026-03-10",
			10_000_00},
		"active of many": {"the agreement in force, not the latest", flat(func(c *debt.Case) {
			c.Agreements = []*debt.Agreement{agreed(debt.AgreementActive), agreed(debt.AgreementProposed)}
		}), "2026-03-01", 600_00},
		"last instalment": {"all that is left, and the fee of the instalment, which is no part of the balance before its day",
			flat(func(c *debt.Case) {
				c.OriginalPrincipal, c.Agreements = 500_00, []*debt.Agreement{{Status: debt.AgreementActive,
					Instalments: []debt.Instalment{{Number: 1, DueOn: date("2026-03-20"), Amount: 565_00, Fee: 65_00}}}}
			}), "2026-03-20", 565_00},
		"paid ahead": {"no more than is left, and the fee", flat(func(c *debt.Case) {
			c.OriginalPrincipal, c.Agreements = 100_00, []*debt.Agreement{{Status: debt.AgreementActive,
				Instalments: []debt.Instalment{{Number: 1, DueOn: date("2026-03-20"), Amount: 565_00, Fee: 65_00}}}}
		}), "2026-03-20", 165_00},
		"paid ahead, and a cost comes": {"the cost that the agency adds before the day is owed by then, the instalment's fee once", flat(func(c *debt.Case) {
			c.OriginalPrincipal, c.Agreements = 100_00, []*debt.Agreement{{Status: debt.AgreementActive,
				Instalments: []debt.Instalment{{Number: 1, DueOn: date("2026-03-20"), Amount: 1_000_00, Fee: 65_00}}}}
			c.ScheduledCosts = []debt.ScheduledCost{
				{On: date("2026-03-19"), Kind: debt.CostHeavyFee, Amount: 300_00},
				{On: date("2026-03-20"), Kind: debt.CostInstalment, Amount: 65_00},
				{On: date("2026-03-21"), Kind: debt.CostInstalment, Amount: 400_00},
			}
		}), "2026-03-20", 465_00},
		"an øre short": {"the instalment's fee was added on its day: it is in the balance, and asked for once",
			flat(func(c *debt.Case) {
				c.OriginalPrincipal, c.Agreements = 500_00, []*debt.Agreement{{Status: debt.AgreementActive,
					Instalments: []debt.Instalment{{Number: 1, DueOn: date("2026-03-02"), Amount: 565_00, Fee: 65_00}}}}
				c.Fees = []debt.Fee{{Kind: debt.CostInstalment, Amount: 65_00, IncurredOn: date("2026-03-02")}}
				c.AllPayments = []debt.Payment{{Case: c, Amount: 564_99, ReceivedOn: date("2026-03-02")}}
			}), "2026-03-02", 1},
		"joint": {"an instalment on several cases is capped by what they owe together", flat(func(c *debt.Case) {
			other := flat(func(other *debt.Case) { other.OriginalPrincipal = 400_00 })
			a := &debt.Agreement{Status: debt.AgreementActive, Cases: []*debt.Case{c, other},
				Instalments: []debt.Instalment{{Number: 1, DueOn: date("2026-03-20"), Amount: 565_00, Fee: 65_00}}}
			c.OriginalPrincipal, c.Agreements = 50_00, []*debt.Agreement{a}
		}), "2026-03-20", 515_00},
		"deferred": {"a deferral that runs moves the deadline, also one that had passed", flat(func(c *debt.Case) {
			c.DueOn, c.AllHolds = date("2026-02-10"), []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-02-20"),
				Until: date("2026-03-15")}}
		}), "2026-03-15", 10_000_00},
		"deferred shorter": {"never to an earlier day", flat(func(c *debt.Case) {
			c.AllHolds = []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-02-20"), Until: date("2026-03-05")}}
		}), "2026-03-10", 10_000_00},
		"deferred once": {"a deferral that is over moves nothing", flat(func(c *debt.Case) {
			c.DueOn, c.AllHolds = date("2026-02-10"), []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-02-11"),
				Until: date("2026-02-28")}}
		}), "2026-02-10", 10_000_00},
		"deferred, none": {"a deferral makes no deadline where none runs", flat(func(c *debt.Case) {
			c.DueOn, c.AllHolds = 0, []debt.Hold{{Kind: debt.HoldDeferred, Since: date("2026-02-20"), Until: date("2026-03-15")}}
		}), "", 0},
		"no deadline":  {"nothing is due when no deadline runs", flat(func(c *debt.Case) { c.DueOn = 0 }), "", 0},
		"nothing owed": {"a paid claim is not due", flat(func(c *debt.Case) { c.OriginalPrincipal = 0 }), "", 0},
		"closed":       {"nor a closed one", flat(func(c *debt.Case) { c.Status = debt.Closed }), "", 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := &debt.DueItem{DueOn: norway.Date(0), Amount: c.amount, Case: c.c}
			if a := c.c.Agreement(); a.NextInstalment() != nil {
				want.Agreement = a
			}
			if c.due == "" {
				want = nil
			} else {
				want.DueOn = date(c.due)
			}
			got := c.c.NextDue()
			if got != nil && c.c.Deadline() != got.DueOn {
				t.Errorf("the deadline is %s, not %s", c.c.Deadline(), got.DueOn)
			}
			if (got == nil) != (want == nil) || got != nil && *got != *want {
				t.Errorf("%s: got %+v", c.reason, got)
			}
		})
	}
}

func TestHoldsAreOfToday(t *testing.T) {
	t.Parallel()
	c := claim(func(c *debt.Case) {
		c.AllHolds = []debt.Hold{
			{Kind: debt.HoldDisputed, Since: date("2026-01-01"), Until: date("2026-03-01")},
			{Kind: debt.HoldDeferred, Since: date("2026-01-01"), Until: date("2026-03-02")},
			{Kind: debt.HoldAgreement, Since: date("2026-03-02")},
			{Kind: debt.HoldDeath, Since: date("2026-03-03")},
		}
	})
	if diff := cmp.Diff(c.AllHolds[1:3], c.Holds()); diff != "" {
		t.Errorf("the last and the first day of a hold belong to it (-want +got):\n%s", diff)
	}
}

func TestBalanceDates(t *testing.T) {
	t.Parallel()
	c := claim(nil)
	cases := map[string]struct {
		reason string
		day    string
		ok     bool
	}{
		"opening":        {"the first day", "2025-12-01", true},
		"before opening": {"nothing is owed yet", "2025-11-30", true},
		"long before":    {"claims of the last century are still collected", "1999-12-31", true},
		"two years":      {"the last day", "2028-03-02", true},
		"too late":       {"a day more", "2028-03-03", false},
	}
	for name, tc := range cases {
		day := date(tc.day)
		_, err := c.Balance(&day)
		if (err == nil) != tc.ok {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
		if err != nil && (!errors.Is(err, &fault.Error{Code: fault.BadUserInput}) || fault.Of(err).Field != "asOf") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b, err := c.Balance(nil); err != nil || b.AsOf != c.Terms.Today {
		t.Errorf("today when left out: %v, %v", b, err)
	}
}

func TestImputedFollowsTheBalance(t *testing.T) {
	t.Parallel()
	c := claim(func(c *debt.Case) {
		c.InterestFrom = 0
		c.Fees = []debt.Fee{{Kind: debt.CostLightFee, Amount: 600_00, IncurredOn: date("2025-12-20"),
			WaivedOn: date("2026-02-01")}}
		c.AllPayments = []debt.Payment{{Amount: 600_00, ReceivedOn: date("2026-01-01")}}
	})
	c.AllPayments[0].Case = c
	want := []debt.Allocation{{Component: debt.Principal, Amount: 600_00}}
	if diff := cmp.Diff(want, c.AllPayments[0].Imputed()); diff != "" {
		t.Errorf("what paid a fee that was waived later covers principal (-want +got):\n%s", diff)
	}
}

// TestPagesFollowTheListNotTheOrderOfRows has letters of one day in an order that is not
// that of their ids as text.
func TestPagesFollowTheListNotTheOrderOfRows(t *testing.T) {
	t.Parallel()
	c := claim(func(c *debt.Case) {
		for _, id := range []string{"9", "10", "11"} {
			c.AllLetters = append(c.AllLetters, debt.Letter{ID: debt.Key{Kind: debt.KindLetter, Agency: "a", ID: id},
				SentOn: date("2026-01-01")})
		}
	})
	var seen []string
	for after := (*string)(nil); ; {
		letters, err := c.Letters(new(1), after, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range letters.Nodes {
			seen = append(seen, l.ID.ID)
		}
		if !letters.PageInfo.HasNextPage {
			break
		}
		after = new(letters.PageInfo.EndCursor.Text())
	}
	if len(seen) != 3 {
		t.Errorf("pages of one give %v", seen)
	}
}

// person has cases at two agencies that answered and one that did not.
func person() *debt.Person {
	p := &debt.Person{Today: date("2026-03-02")}
	for a, code := range []string{"a", "b"} {
		agency := &debt.Agency{ID: debt.Key{Kind: debt.KindAgency, Agency: code}, Code: code}
		creditor := &debt.Creditor{ID: debt.Key{Kind: debt.KindCreditor, Agency: code, ID: "1"}}
		part := debt.Part{Agency: agency, Status: debt.AgencyOK}
		for i := range 5 {
			part.Cases = append(part.Cases, claim(func(c *debt.Case) {
				c.ID = debt.Key{Kind: debt.KindCase, Agency: code, ID: fmt.Sprint(i)}
				c.OpenedOn = date("2025-12-01").AddDays(i)
				c.OriginalPrincipal = money.Øre(100_00 * (1 + i + 5*a))
				c.InterestFrom = 0
				c.Agency, c.Creditor, c.CreditorID = agency, creditor, "1"
				if i == 4 {
					c.Status, c.ClosedOn = debt.Closed, date("2026-02-01")
				}
			}))
		}
		p.Parts = append(p.Parts, part)
	}
	p.Parts = append(p.Parts, debt.Part{Agency: &debt.Agency{Code: "c"}, Status: debt.AgencyTimeout})
	return p
}

func TestOverview(t *testing.T) {
	t.Parallel()
	p := person()
	o, err := p.Overview(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if o.Complete || o.OpenCaseCount != 8 || o.Total != (1+2+3+4+6+7+8+9)*100_00 || o.Total != o.Principal {
		t.Errorf("today: %+v", o)
	}
	creditors := o.Creditors()
	if len(creditors) != 2 || creditors[0].Total != 30*100_00 || creditors[1].OpenCaseCount != 4 {
		t.Errorf("largest first: %+v", creditors)
	}
	if last := o.Agencies[2]; last.Status != debt.AgencyTimeout || last.Total != nil || last.OpenCaseCount != nil {
		t.Errorf("an agency that did not answer has no numbers: %+v", last)
	}
	january := date("2026-01-15")
	if o, err = p.Overview(&january, nil); err != nil || o.OpenCaseCount != 10 {
		t.Errorf("two cases were still open in January: %+v, %v", o, err)
	}
	early := date("2025-12-02")
	if o, err = p.Overview(&early, nil); err != nil || o.OpenCaseCount != 4 {
		t.Errorf("two days after the first opening, two cases each are open: %+v, %v", o, err)
	}
	bad := date("2028-03-03")
	if _, err := p.Overview(&bad, nil); !errors.Is(err, &fault.Error{Code: fault.BadUserInput}) {
		t.Errorf("%s is out of range: %v", bad, err)
	}
}

func TestCasesPages(t *testing.T) {
	t.Parallel()
	p := person()
	orders := []*debt.CaseOrder{nil, {Field: debt.OrderByTotal, Direction: debt.Ascending},
		{Field: debt.OrderByDue, Direction: debt.Descending}}
	for _, order := range orders {
		all, err := p.Cases(nil, order, new(100), nil, nil, nil)
		if err != nil || all.TotalCount != 10 || len(all.Nodes) != 10 {
			t.Fatalf("all: %+v, %v", all, err)
		}
		var walked []*debt.Case
		var after *string
		for {
			part, err := p.Cases(nil, order, new(3), after, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			walked = append(walked, part.Nodes...)
			if !part.PageInfo.HasNextPage {
				break
			}
			after = new(part.PageInfo.EndCursor.Text())
		}
		if len(walked) != 10 {
			t.Fatalf("pages of three give %d cases", len(walked))
		}
		for i := range walked {
			if walked[i] != all.Nodes[i] {
				t.Errorf("case %d is another one when the list is walked in pages", i)
			}
		}
		before := all.Edges[5].Cursor.Text()
		back, err := p.Cases(nil, order, nil, nil, new(2), &before)
		if err != nil || len(back.Nodes) != 2 || back.Nodes[1] != all.Nodes[4] || !back.PageInfo.HasPreviousPage {
			t.Errorf("the two before the sixth: %+v, %v", back, err)
		}
	}
	open := debt.Open
	other, err := p.Cases(&debt.CaseFilter{Status: &open}, nil, nil, nil, nil, nil)
	if err != nil || other.TotalCount != 8 {
		t.Fatalf("open ones: %+v, %v", other, err)
	}
	cursor := other.Edges[0].Cursor.Text()
	bad := map[string]struct {
		reason, field string
		call          func() error
	}{
		"foreign cursor": {"a cursor of another filter", "after", func() error {
			_, err := p.Cases(nil, nil, nil, &cursor, nil, nil)
			return err
		}},
		"garbage": {"no cursor at all", "before", func() error {
			_, err := p.Cases(nil, nil, nil, nil, nil, new("x"))
			return err
		}},
		"zero": {"an empty page is a mistake", "first", func() error {
			_, err := p.Cases(nil, nil, new(0), nil, nil, nil)
			return err
		}},
		"negative": {"so is a negative one", "last", func() error {
			_, err := p.Cases(nil, nil, nil, nil, new(-1), nil)
			return err
		}},
		"too many": {"a page has at most 100", "first", func() error {
			_, err := p.Cases(nil, nil, new(101), nil, nil, nil)
			return err
		}},
		"both": {"first and last contradict", "last", func() error {
			_, err := p.Cases(nil, nil, new(1), nil, new(1), nil)
			return err
		}},
		"other type": {"an agency's id is no creditor's", "filter.creditors", func() error {
			_, err := p.Cases(&debt.CaseFilter{Creditors: []debt.Key{{Kind: debt.KindAgency, Agency: "a"}}}, nil, nil, nil, nil,
				nil)
			return err
		}},
	}
	for name, c := range bad {
		if err := c.call(); !errors.Is(err, &fault.Error{Code: fault.BadUserInput}) || fault.Of(err).Field != c.field {
			t.Errorf("%s (%s): %v", name, c.reason, err)
		}
	}
}

// TestAgreementOf says which of several agreements tells how a case stands.
func TestAgreementOf(t *testing.T) {
	t.Parallel()
	ended := &debt.Agreement{Status: debt.AgreementCancelled, StartedOn: date("2026-05-01"), EndedOn: date("2026-03-01")}
	broken := &debt.Agreement{Status: debt.AgreementBreached, StartedOn: date("2026-01-01"), EndedOn: date("2026-03-02")}
	refused := &debt.Agreement{Status: debt.AgreementRefused, StartedOn: date("2026-01-02"), DecidedOn: date("2026-03-03")}
	waits := &debt.Agreement{Status: debt.AgreementRequested, StartedOn: date("2026-04-01")}
	runs := &debt.Agreement{Status: debt.AgreementActive, StartedOn: date("2026-02-01")}
	for name, tc := range map[string]struct {
		reason string
		of     []*debt.Agreement
		want   *debt.Agreement
	}{
		"none":     {"there is none", nil, nil},
		"in force": {"what holds goes first", []*debt.Agreement{broken, runs, waits, ended}, runs},
		"waits":    {"an older one that would have begun later has ended", []*debt.Agreement{broken, waits, ended}, waits},
		"refused":  {"the last thing that happened", []*debt.Agreement{broken, refused, ended}, refused},
		"broken":   {"after one that would have begun later was cancelled", []*debt.Agreement{broken, ended}, broken},
		"alone":    {"it has ended", []*debt.Agreement{ended}, ended},
	} {
		if got := (&debt.Case{Agreements: tc.of}).Agreement(); got != tc.want {
			t.Errorf("%s: %s: %+v", name, tc.reason, got)
		}
	}
}
