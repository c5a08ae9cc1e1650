package contracttest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// changes is how many changes are made and seen at least.
const changes = 100

// oneSnapshot reads while another connection changes payments and their allocations
// together: an answer has both or neither, although it takes them by two statements.
func oneSnapshot(t *testing.T, c *Core) {
	person := c.payer(t)
	conn, writer := c.connect(t), c.DB.Conn()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	var writing sync.WaitGroup
	defer writing.Wait()
	quit := make(chan struct{})
	defer close(quit)
	writing.Go(func() {
		for {
			select {
			case <-quit:
				return
			default:
			}
			if err := c.touch(ctx, writer, person); err != nil {
				t.Errorf("change payments: %v", err)
				return
			}
		}
	})
	seen := map[money.Øre]bool{}
	for len(seen) < changes && ctx.Err() == nil && !t.Failed() {
		part := c.read(t, conn, core.Query{Scope: scopeOf(&person), Want: debt.OfBalance})
		var sum money.Øre
		for _, x := range part.Cases {
			for i := range x.AllPayments {
				p := &x.AllPayments[i]
				sum += p.Amount
				if split := totalOf(p.Allocations); split != p.Amount {
					t.Fatalf("case %s: half of a change is seen: a payment of %s is split into %s", x.CaseNumber, p.Amount, split)
				}
			}
		}
		seen[sum] = true
	}
	if len(seen) < changes {
		t.Errorf("%d states were seen in time: too few to prove anything", len(seen))
	}
}

// touch makes one change.
func (c *Core) touch(ctx context.Context, conn *pgx.Conn, p people.Person) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, sql := range c.Touch {
			if _, err := tx.Exec(ctx, sql, p.NationalID.Reveal()); err != nil {
				return err
			}
		}
		return nil
	})
}

// payer returns the person with most payments here.
func (c *Core) payer(t *testing.T) people.Person {
	t.Helper()
	var who people.Person
	most := 0
	c.debtors(func(p *people.Person, d *people.Debtor) {
		n := 0
		for _, x := range d.Cases {
			n += len(x.Payments)
		}
		if n > most {
			most, who = n, *p
		}
	})
	if most < 3 {
		t.Fatalf("nobody has more than %d payments", most)
	}
	return who
}
