package preview

import (
	"fmt"
	"io"
	"strings"

	"github.com/oversikt/oversikt/internal/agency/sample"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// WriteReport prints what each debtor would see, then what is left out and why. It has no name
// and no number of a person.
func WriteReport(w io.Writer, p *Preview) error {
	var b strings.Builder
	var total money.Øre
	for _, f := range p.Figures {
		total += f.Total
	}
	for i, person := range p.Persons {
		person.write(&b, i+1)
	}
	for _, l := range p.LeftOut {
		fmt.Fprintf(&b, "left out: %s: %s\n", l.What, l.Why)
	}
	fmt.Fprintf(&b, "on %s: %s looked at, %s, %s kr in all; %s left out\n", p.Today, number(p.looked, "debtor"),
		number(len(p.Figures), "open case"), total, number(len(p.LeftOut), "case or debtor"))
	_, err := io.WriteString(w, sample.Masked(b.String()))
	return err
}

func number(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what == "case or debtor":
		return fmt.Sprintf("%d cases or debtors", n)
	default:
		return fmt.Sprintf("%d %ss", n, what)
	}
}

func (p Person) write(b *strings.Builder, nth int) {
	o := p.Overview
	fmt.Fprintf(b, "debtor %d: %s, %s kr: principal %s, interest %s, fees %s, legal costs %s\n", nth,
		number(o.OpenCaseCount, "open case"), o.Total, o.Principal, o.Interest, o.Fees, o.LegalCosts)
	for _, c := range o.Creditors() {
		fmt.Fprintf(b, "  to %s: %s, %s kr\n", creditor(c.Creditor), number(c.OpenCaseCount, "case"), c.Total)
	}
	if due := o.NextDue(); due != nil {
		fmt.Fprintf(b, "  next to pay: %s kr by %s in case %s\n", due.Amount, due.DueOn, due.Case.ID.ID)
	}
	if cost := o.NextCost(); cost != nil {
		fmt.Fprintf(b, "  next cost: %s, %s kr on %s in case %s\n", cost.Kind, cost.Amount, cost.On, cost.Case.ID.ID)
	}
	for _, x := range p.Cases {
		fmt.Fprintf(b, "  case %s, %s: %s kr\n", x.Case.ID.ID, x.Phase, x.Total)
		for i := range x.Lines {
			fmt.Fprintf(b, "    %12s  %s\n", x.Lines[i].Amount, x.Lines[i].Text(nil))
		}
	}
}

// creditor is the name of a business; a person's is not printed.
func creditor(c *debt.Creditor) string {
	if c == nil || c.OrgNumber == nil {
		return "a creditor without organisation number"
	}
	return c.Name
}

// WriteComparison prints each case that differs, and what was not compared.
func WriteComparison(w io.Writer, c Comparison) error {
	var b strings.Builder
	for _, d := range c.Differ {
		more, by := "more", d.Shown-d.Core
		if by < 0 {
			more, by = "less", -by
		}
		fmt.Fprintf(&b, "case %s: the core has %d øre, Oversikt %d: %d øre %s\n", d.Case, d.Core, d.Shown, by, more)
	}
	for _, id := range c.Uncompared {
		fmt.Fprintf(&b, "not compared: case %s: Oversikt shows nobody such a case\n", id)
	}
	fmt.Fprintf(&b, "compared to the øre: %s; %d differ, %d could not be compared\n", number(c.Compared, "case"),
		len(c.Differ), len(c.Uncompared))
	_, err := io.WriteString(w, sample.Masked(b.String()))
	return err
}
