package solver

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/fault"
)

// MaxCases is how many cases an instance can have.
const MaxCases = 200

// The limits of an instance: far beyond any debtor, and low enough for 64 bits.
const (
	maxAgencies = 200
	maxPayDays  = 241 // today, and four a month for five years
	maxEvents   = 60
	maxRate     = 100_000
	maxCount    = 10_000 // days and instalments
)

// Validate finds the first thing that is wrong with an instance and names the field, as
// in cases[2].events[0].date.
func (in *Instance) Validate() error {
	if in.ID == "" {
		return fault.Invalid("id", "is missing")
	}
	if in.Imputation != debt.CostsFirst && in.Imputation != debt.PrincipalFirst {
		return fault.Invalid("imputation", "%q is not an order of imputation", in.Imputation)
	}
	if err := in.validateDays(); err != nil {
		return err
	}
	if err := in.validateBudgets(); err != nil {
		return err
	}
	if err := in.validateAgencies(); err != nil {
		return err
	}
	return in.validateCases()
}

func (in *Instance) validateDays() error {
	if in.AsOf.IsZero() {
		return fault.Invalid("as_of", "is missing")
	}
	if n := len(in.PayDays); n == 0 || n > maxPayDays {
		return fault.Invalid("pay_days", "has %d days, must have 1 to %d", n, maxPayDays)
	}
	before := in.AsOf - 1
	for i, d := range in.PayDays {
		if d <= before {
			return fault.Invalid(fmt.Sprintf("pay_days[%d]", i), "%s is not after %s", d, before)
		}
		before = d
	}
	seen := map[int]bool{}
	for i, t := range in.OffRhythm {
		if t < 0 || t >= len(in.PayDays) || seen[t] {
			return fault.Invalid(fmt.Sprintf("off_rhythm[%d]", i), "%d is no pay day, or occurs twice", t)
		}
		seen[t] = true
	}
	return nil
}

func (in *Instance) validateBudgets() error {
	if in.Budgets == nil {
		if in.Budget == NoBudget {
			return nil
		}
		return amount("budget_ore", in.Budget)
	}
	if n := len(in.PayDays); len(in.Budgets) != n {
		return fault.Invalid("budgets_ore", "has %d amounts for %d pay days", len(in.Budgets), n)
	}
	for t, b := range in.Budgets {
		field := fmt.Sprintf("budgets_ore[%d]", t)
		if named := b != NoBudget; named != in.Budgeted() && (t > 0 || !in.Today()) {
			return fault.Invalid(field, "some pay days have a budget and some have none")
		} else if !named {
			continue
		}
		if err := amount(field, b); err != nil {
			return err
		}
	}
	return nil
}

func (in *Instance) validateAgencies() error {
	if len(in.Agencies) > maxAgencies {
		return fault.Invalid("agencies", "has %d agencies, at most %d", len(in.Agencies), maxAgencies)
	}
	seen := map[string]bool{}
	for i := range in.Agencies {
		a := &in.Agencies[i]
		at := fmt.Sprintf("agencies[%d].", i)
		if err := name(at+"id", a.ID, seen); err != nil {
			return err
		}
		if a.Imputation != "" && a.Imputation != debt.CostsFirst && a.Imputation != debt.PrincipalFirst {
			return fault.Invalid(at+"imputation", "%q is not an order of imputation", a.Imputation)
		}
		for _, f := range []struct {
			field string
			øre   money.Øre
		}{
			{"min_instalment_ore", a.MinInstalment}, {"instalment_fee_ore", a.InstalmentFee},
			{"setup_fee_ore", a.SetupFee}, {"deferral_fee_ore", a.DeferralFee},
		} {
			if err := amount(at+f.field, f.øre); err != nil {
				return err
			}
		}
		for _, f := range []struct {
			field string
			n     int
		}{
			{"max_instalments", a.MaxInstalments}, {"setup_free_instalments", a.SetupFreeInstalments},
			{"max_deferral_days", a.MaxDeferralDays},
		} {
			if err := count(at+f.field, f.n, maxCount); err != nil {
				return err
			}
		}
	}
	return nil
}

func (in *Instance) validateCases() error {
	if len(in.Cases) > MaxCases {
		return fault.Invalid("cases", "has %d cases, at most %d", len(in.Cases), MaxCases)
	}
	seen := map[string]bool{}
	for i := range in.Cases {
		c := &in.Cases[i]
		at := fmt.Sprintf("cases[%d].", i)
		if err := name(at+"id", c.ID, seen); err != nil {
			return err
		}
		if !slices.ContainsFunc(in.Agencies, func(a Agency) bool { return a.ID == c.Agency }) {
			return fault.Invalid(at+"agency", "%q is not among the agencies", c.Agency)
		}
		if c.Stage != Notice && c.Stage != Collection && c.Stage != Legal {
			return fault.Invalid(at+"stage", "%q is not one of varsel, inkasso, rettslig", string(c.Stage))
		}
		for _, f := range []struct {
			field string
			øre   money.Øre
		}{{"principal_ore", c.Principal}, {"costs_ore", c.Costs}, {"interest_ore", c.Interest}} {
			if err := amount(at+f.field, f.øre); err != nil {
				return err
			}
		}
		if err := in.validateRates(at, c); err != nil {
			return err
		}
		if err := in.validateEvents(at, c); err != nil {
			return err
		}
		if err := in.bearable(at, c); err != nil {
			return err
		}
	}
	return nil
}

func (in *Instance) validateEvents(at string, c *Case) error {
	if len(c.Events) > maxEvents {
		return fault.Invalid(at+"events", "has %d events, at most %d", len(c.Events), maxEvents)
	}
	for i, e := range c.Events {
		field := fmt.Sprintf("%sevents[%d]", at, i)
		if e.Date <= in.AsOf {
			return fault.Invalid(field+".date", "%s is not after as_of, %s", e.Date, in.AsOf)
		}
		if err := amount(field+".fee_ore", e.Fee); err != nil {
			return err
		}
	}
	return nil
}

func (in *Instance) validateRates(at string, c *Case) error {
	if c.Fraction < 0 || c.Fraction >= unitsPerØre {
		return fault.Invalid(at+"fraction", "%d is not a fraction of an øre", c.Fraction)
	}
	if err := count(at+"rate_bp", c.RateBasisPoints, maxRate); err != nil {
		return err
	}
	before := in.AsOf
	for i, r := range c.Rates {
		field := fmt.Sprintf("%srates[%d]", at, i)
		if r.From <= before {
			return fault.Invalid(field+".from", "%s is not after %s", r.From, before)
		}
		if err := count(field+".basis_points", r.BasisPoints, maxRate); err != nil {
			return err
		}
		before = r.From
	}
	return nil
}

// bearable refuses a case whose interest cannot be counted in 64 bits.
func (in *Instance) bearable(at string, c *Case) error {
	last := in.PayDays[len(in.PayDays)-1]
	most := c.RateBasisPoints
	for _, r := range c.Rates {
		most = max(most, r.BasisPoints)
	}
	hi, lo := bits.Mul64(uint64(c.Principal)*uint64(most), uint64(last-in.AsOf))
	if hi != 0 || lo > math.MaxInt64/2 {
		return fault.Invalid(at+"principal_ore", "%d at %d basis points until %s is too large to compute", c.Principal,
			most, last)
	}
	return nil
}

func amount(field string, o money.Øre) error {
	if o < 0 {
		return fault.Invalid(field, "%d is negative", o)
	}
	if o > money.Max {
		return fault.Invalid(field, "%d is more than the largest amount, %d", o, money.Max)
	}
	return nil
}

func count(field string, n, most int) error {
	if n < 0 {
		return fault.Invalid(field, "%d is negative", n)
	}
	if n > most {
		return fault.Invalid(field, "%d is more than the largest allowed value, %d", n, most)
	}
	return nil
}

func name(field, id string, seen map[string]bool) error {
	if id == "" {
		return fault.Invalid(field, "is missing")
	}
	if seen[id] {
		return fault.Invalid(field, "%q occurs twice", id)
	}
	seen[id] = true
	return nil
}
