package check

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// rates compares the rates of late-payment interest with those of the law to today.
func (c *checker) rates(ctx context.Context) error {
	if !c.fit("rate", "rate.kind", "rate.valid_from", "rate.basis_points") {
		return nil
	}
	return c.sampled(ctx, "rate", "rules", func(tx pgx.Tx, _ int) error {
		var today string
		if err := tx.QueryRow(ctx, "select (now() at time zone 'Europe/Oslo')::date::text",
			pgx.QueryExecModeExec).Scan(&today); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, fmt.Sprintf(`select r.valid_from::text, r.basis_points::integer
			from %s.rate r where r.kind = $1 and r.basis_points is not null and r.valid_from between '1900-01-01' and '2199-12-31'
			order by r.valid_from`, quoted(c.Schema)), pgx.QueryExecModeExec, debt.RateLatePayment)
		if err != nil {
			return err
		}
		var all []debt.Rate
		var from string
		var points int
		if _, err := pgx.ForEachRow(rows, []any{&from, &points}, func() error {
			day, err := norway.ParseDate(from)
			all = append(all, debt.Rate{Kind: debt.RateLatePayment, ValidFrom: day, BasisPoints: points})
			return err
		}); err != nil {
			return err
		}
		on, err := norway.ParseDate(today)
		if err != nil {
			return err
		}
		off := debt.OffRates(all, on)
		for first := 0; first < len(off); {
			next := first
			for next < len(off) && off[next].Row == off[first].Row {
				next++
			}
			c.offRates(off[first:next])
			first = next
		}
		return nil
	})
}

// offRates names a row with the half-years for which the law has another rate.
func (c *checker) offRates(off []debt.OffRate) {
	row := off[0]
	var law []string
	for i, x := range off {
		if i == 0 || x.Law != off[i-1].Law {
			law = append(law, fmt.Sprintf("%d from %s", x.Law, x.From))
		}
	}
	what := fmt.Sprintf("the row (%s, %s) has %d basis points, the law %s", debt.RateLatePayment, row.Row, row.Has,
		strings.Join(law, ", "))
	remedy := "mend the row: interest is counted by it, and every line of it says that the law has another rate"
	if row.From != row.Row {
		remedy = "add a row for each of these days: without them interest goes on at the rate before, and says so"
	}
	if off[len(off)-1].BeyondTheTable {
		what = "the table is old: " + what
	}
	c.breach(Breach{Relation: "rate", Column: "basis_points", Rule: RuleRateLaw, What: what, Remedy: remedy})
}
