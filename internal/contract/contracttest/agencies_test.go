package contracttest_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/oversikt/oversikt/internal/contract"
	"github.com/oversikt/oversikt/internal/contract/contracttest"
	"github.com/oversikt/oversikt/internal/demo/legacy"
	"github.com/oversikt/oversikt/internal/demo/people"
	"github.com/oversikt/oversikt/internal/norway"
	"github.com/oversikt/oversikt/internal/pgcluster/pgtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const population = 200

var (
	today     = norway.MustDate("2026-03-02")
	generator = people.New(1, today)
)

// A new core is a line here.
var cores = map[string]struct {
	reason  string
	agency  string
	install func(context.Context, *pgx.Conn) error
	load    func(context.Context, *pgx.Conn, *people.Generator, string, int, func(int)) error
	ownKeys bool
	touch   []string
}{
	"reference": {"the tidy core that others are mapped to", people.Fjord, installReference, people.LoadReference, false, touchReference},
	"legacy":    {"another key type, kroner, codes, all by views", people.Tradisjon, legacy.Install, people.LoadLegacy, true, touchLegacy},
	"small":     {"principal first, and few of everything", people.Lita, installReference, people.LoadReference, false, touchReference},
}

func installReference(ctx context.Context, conn *pgx.Conn) error {
	return contract.Install(ctx, conn, contract.InitOptions{})
}

var touchReference = []string{
	`update core.payment p set amount_ore = p.amount_ore + 1
	 from core.case c join core.debtor d using (debtor_id)
	 where c.case_id = p.case_id and d.national_id = $1`,
	`update core.payment_allocation x set amount_ore = x.amount_ore + 1
	 from core.payment p join core.case c using (case_id) join core.debtor d using (debtor_id)
	 where p.payment_id = x.payment_id and d.national_id = $1
	   and x.component = (select min(y.component) from core.payment_allocation y where y.payment_id = p.payment_id)`,
}

var touchLegacy = []string{
	`update inkasso.innbetaling p set belop = p.belop + 0.01
	 from inkasso.sak c join inkasso.skyldner d using (skyldner_id)
	 where c.saksnr = p.saksnr and d.fnr::text = $1`,
	`update inkasso.innbetaling_fordeling x set hovedstol = x.hovedstol + 0.01
	 from inkasso.innbetaling p join inkasso.sak c using (saksnr) join inkasso.skyldner d using (skyldner_id)
	 where p.innbetaling_id = x.innbetaling_id and d.fnr::text = $1`,
}

func TestAgencies(t *testing.T) {
	t.Parallel()
	sources := pgtest.Hash(os.DirFS("../install"), legacy.Files, os.DirFS("../../demo/people"))
	for name, c := range cores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := pgtest.New(t, pgtest.Template{
				Name: "contracttest_" + name,
				Hash: fmt.Sprint(sources, population, today),
				Fill: func(ctx context.Context, conn *pgx.Conn) error {
					if err := c.install(ctx, conn); err != nil {
						return err
					}
					return c.load(ctx, conn, generator, c.agency, population, nil)
				},
			})
			contracttest.Run(t, contracttest.Core{
				DB: db, Agency: c.agency, Generator: generator, People: population, Today: today, OwnKeys: c.ownKeys, Touch: c.touch,
			})
		})
	}
}
