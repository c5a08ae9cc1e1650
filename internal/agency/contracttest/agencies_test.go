package contracttest_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/contracttest"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/journal"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// population is how many people there are; each agency knows a share of them, and the small one few.
const population = 160

var (
	today     = norway.MustDate("2026-03-02")
	generator = people.New(1, today)
)

// A new core is a line here.
var cores = map[string]struct {
	reason  string
	agency  string
	install func(context.Context, *pgx.Conn) error
	load    func(context.Context, *pgx.Conn, *people.Generator, string, int, func(float64)) error
	caseKey func(*people.Case) string
	touch   []string
	happen  contracttest.Happenings
}{
	"reference": {"the tidy core that others are mapped to", people.Fjord, installReference, people.LoadReference, nil,
		touchReference, inReference},
	"legacy": {"another key type, kroner, codes, all by views and functions", people.Tradisjon, legacy.Install,
		people.LoadLegacy, number, touchLegacy, inLegacy},
	"journal": {"keys of two columns, postings, partitions, marks of deletion", people.Fjord, journal.Install,
		people.LoadJournal, officeAndSerial, touchJournal, inJournal},
	"small": {"principal first, and few of everything", people.Lita, installReference, people.LoadReference, nil,
		touchReference, inReference},
}

func number(c *people.Case) string { return c.Number }

func officeAndSerial(c *people.Case) string { return fmt.Sprintf("%d-%d", 10*(1+c.ID%3), c.ID/3) }

func installReference(ctx context.Context, conn *pgx.Conn) error {
	return reference.Install(ctx, conn, reference.Options{})
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

var touchJournal = []string{
	`update journal.posting p set amount = p.amount + 0.01
	 from journal.voucher v join journal.case c on (c.office, c.serial) = (v.case_office, v.case_serial)
	 join journal.debtor d on (d.office, d.serial) = (c.debtor_office, c.debtor_serial)
	 where v.kind = 'P' and p.office = v.office and p.voucher = v.serial and p.account = 1900 and d.national_id = $1`,
	`update journal.posting p set amount = p.amount - 0.01
	 from journal.voucher v join journal.case c on (c.office, c.serial) = (v.case_office, v.case_serial)
	 join journal.debtor d on (d.office, d.serial) = (c.debtor_office, c.debtor_serial)
	 where v.kind = 'P' and p.office = v.office and p.voucher = v.serial and p.line = 1 and d.national_id = $1`,
}

var inReference = contracttest.Happenings{
	Open: `insert into core.case (case_number, debtor_id, creditor_id, description, opened_on, principal_ore, agreement_from, kid, account, payee)
	       select case_number || $2, debtor_id, creditor_id, description, opened_on, principal_ore, opened_on, kid, account, payee
	       from core.case where case_id = $1::text::bigint`,
	Pay:    `insert into core.payment (case_id, amount_ore, received_on, channel) values ($1::text::bigint, 100, current_date, 'BANK')`,
	Object: `insert into core.objection (case_id, submitted_at) values ($1::text::bigint, now())`,
	Close:  `update core.case set status = 'CLOSED', phase = 'CLOSED', closed_on = current_date where case_id = $1::text::bigint`,
	Invoice: `with i as (insert into core.claim_item (case_id, number, invoice_number, issued_on, due_on, amount_ore)
	          values ($1::text::bigint, $2::integer, 'F' || $2::integer, current_date, current_date, $3::bigint))
	          update core.case c set principal_ore = $3::bigint + (select coalesce(sum(i.amount_ore), 0) from core.claim_item i
	                                                       where i.case_id = c.case_id)
	          where c.case_id = $1::text::bigint`,
	Charge: `insert into core.fee (case_id, kind, amount_ore, incurred_on) values ($1::text::bigint, $4, $3, $2::text::date)`,
	Early:  `update core.case set phase = 'REMINDER' where case_id = $1::text::bigint`,
	Agree: `with a as (insert into core.agreement (debtor_id, status, started_on)
	        select debtor_id, 'ACTIVE', current_date from core.case where case_id = $1::text::bigint returning agreement_id)
	        insert into core.agreement_case select agreement_id, $1::text::bigint from a`,
	Schedule: `insert into core.scheduled_cost values ($1::text::bigint, $2::text::date, $4, $3)`,
	Group:    `update core.case set agreement_group = 'EGEN' where case_id = $1::text::bigint`,
	Apart:    `update core.policy set joint_agreements = false`,
	Onward:   `update core.policy set agreement_stops_costs = false`,
	Once:     `update core.policy set plan_after_breach = false`,
	Review:   `update core.objection set status = 'UNDER_REVIEW' where objection_id = $1::text::bigint`,
	Pass: `with a as (update core.agreement set started_on = started_on - $2::integer, agreed_on = agreed_on - $2::integer,
	                  agreed_at = agreed_at - make_interval(days => $2::integer)
	                  where agreement_id = $1::text::bigint returning agreement_id, solution),
	       x as (update core.solution_cost x set taken_from = taken_from - $2::integer, put_on = put_on - $2::integer
	             from a where x.solution = a.solution),
	       p as (update core.payment p set received_on = received_on - $2::integer, registered_at = registered_at - make_interval(days => $2::integer)
	             from a join core.agreement_case y using (agreement_id) where p.case_id = y.case_id),
	       s as (update core.scheduled_cost s set scheduled_on = scheduled_on - $2::integer
	             from a join core.agreement_case y using (agreement_id) where s.case_id = y.case_id)
	       update core.instalment i set due_on = due_on - $2::integer, paid_on = paid_on - $2::integer from a where i.agreement_id = a.agreement_id`,
	Instalment: `insert into core.payment (case_id, amount_ore, received_on, channel)
	             select (select min(case_id) from core.agreement_case y where y.agreement_id = i.agreement_id), i.amount_ore, core.today(), 'BANK'
	             from core.instalment_now i where i.agreement_id = $1::text::bigint and i.paid_on is null order by i.number limit 1`,
	Expire: `update core.case_credential set valid_until = $2::text::date where case_id = $1::text::bigint`,
	Orders: `select count(*) from core.credential_order where case_id = $1::text::bigint and delivered_at is null`,
	Send: `with o as (update core.credential_order set delivered_at = now() where case_id = $1::text::bigint)
	       insert into core.case_credential (case_id, password_hash, mark, issued_on, valid_until)
	       values ($1::text::bigint, $2, $3, core.today(), core.today() + 21)`,
	Forget: `update core.debtor set national_id = null
	         where debtor_id = (select debtor_id from core.case where case_id = $1::text::bigint)`,
	Owed: `select case_id::text, core.owed(case_id, $1::text::date) from oversikt.case where status = 'OPEN'`,
	Later: `with a as (update core.login_attempt set made_at = made_at - make_interval(secs => $1::integer))
	        update core.login_throttle set locked_until = locked_until - make_interval(secs => $1::integer), last_at = last_at - make_interval(secs => $1::integer)`,
}

var inLegacy = contracttest.Happenings{
	Open: `insert into inkasso.sak (saksnr, skyldner_id, fordringshaver_id, gjelder, registrert, rente_fra, avtale_fra, kid, kontonr, betalingsmottaker)
	       select saksnr || $2, skyldner_id, fordringshaver_id, gjelder, registrert, rente_fra, registrert, kid, kontonr, betalingsmottaker
	       from inkasso.sak where saksnr = $1::text`,
	Pay:    `insert into inkasso.innbetaling (saksnr, belop, valutert, kanal) values ($1::text, 1.00, current_date, 'B')`,
	Object: `insert into inkasso.innsigelse (saksnr, mottatt) values ($1::text, now() at time zone 'Europe/Oslo')`,
	Close:  `update inkasso.sak set status = 80, avsluttet = current_date where saksnr = $1::text`,
	Invoice: `insert into inkasso.fordring (saksnr, linjenr, fakturanr, fakturadato, forfall, belop)
	          values ($1::text, $2::smallint, 'F' || $2::smallint, current_date, current_date, $3::bigint / 100.0)`,
	Charge: `insert into inkasso.salaer (saksnr, type, belop, dato)
	         values ($1::text, case $4::text when 'HEAVY_FEE' then 12 else 31 end, $3::bigint / 100.0, $2::text::date)`,
	Early: `update inkasso.sak set status = 10 where saksnr = $1::text`,
	Agree: `with a as (insert into inkasso.avtale (skyldner_id, status, startet)
	        select skyldner_id, 'A', current_date from inkasso.sak where saksnr = $1::text returning avtale_id)
	        insert into inkasso.avtale_sak select avtale_id, $1::text from a`,
	Schedule: `insert into inkasso.planlagt_kostnad values ($1::text, $2::text::date, case $4::text when 'HEAVY_FEE' then 12 else 21 end, $3::bigint / 100.0)`,
	Group:    `update inkasso.sak set avtalegruppe = 'EGEN' where saksnr = $1::text`,
	Apart:    `update inkasso.retningslinje set fellesavtale = 'N'`,
	Onward:   `update inkasso.retningslinje set avtale_stopper_salaer = 'N'`,
	Once:     `update inkasso.retningslinje set ny_etter_brudd = 'N'`,
	Review:   `update inkasso.innsigelse set status = 'B' where innsigelse_id::text = $1::text`,
	Pass: `with a as (update inkasso.avtale set startet = startet - $2::integer, inngaatt = inngaatt - $2::integer
	                  where avtale_id::text = $1::text returning avtale_id, forslag),
	       x as (update inkasso.forslag_kostnad x set fra = fra - $2::integer, til = til - $2::integer from a where x.forslag = a.forslag),
	       s as (update inkasso.planlagt_kostnad s set dato = dato - $2::integer
	             from a join inkasso.avtale_sak y using (avtale_id) where s.saksnr = y.saksnr)
	       update inkasso.avdrag i set forfall = forfall - $2::integer, betalt = betalt - $2::integer from a where i.avtale_id = a.avtale_id`,
	Instalment: `update inkasso.avdrag i set betalt = inkasso.i_dag()
	             where i.avtale_id::text = $1::text
	               and i.nr = (select min(n.nr) from inkasso.avdrag n where n.avtale_id = i.avtale_id and n.betalt is null)`,
	Expire: `update inkasso.passord set gyldig_til = $2::text::date where saksnr = $1::text`,
	Orders: `select count(*) from inkasso.passordbestilling where saksnr = $1::text and levert is null`,
	Send: `with b as (update inkasso.passordbestilling set levert = now() where saksnr = $1::text)
	       insert into inkasso.passord (saksnr, avtrykk, merke, utstedt, gyldig_til)
	       values ($1::text, $2, $3, inkasso.i_dag(), inkasso.i_dag() + 21)`,
	Forget: `update inkasso.skyldner set fnr = null
	         where skyldner_id = (select skyldner_id from inkasso.sak where saksnr = $1::text)`,
	Owed: `select case_id, inkasso.skyldig(case_id, $1::text::date) from oversikt.case where status = 'OPEN'`,
	Later: `with f as (update inkasso.innloggingsforsok set tid = tid - make_interval(secs => $1::integer))
	        update inkasso.innlogging set sperret_til = sperret_til - make_interval(secs => $1::integer), siste = siste - make_interval(secs => $1::integer)`,
}

const ofJournal = `office::text || '-' || serial::text = $1::text`

var inJournal = contracttest.Happenings{
	Open: `insert into journal.case (office, serial, number, debtor_office, debtor_serial, creditor, phase, description, opened_on, agreement_from, kid, account, payee)
	       select office, nextval('journal.serials'), number || $2, debtor_office, debtor_serial, creditor, '30', description, opened_on, opened_on, kid, account, payee
	       from journal.keyed where id = $1::text`,
	Pay: `with v as (insert into journal.voucher (office, serial, kind, case_office, case_serial, booked_on, channel, registered_at)
	      select office, nextval('journal.serials'), 'P', office, serial, journal.day_of(current_date), 'B', now()
	      from journal.keyed where id = $1::text returning office, serial, booked_on)
	      insert into journal.posting (office, voucher, line, booked_on, account, amount)
	      select v.office, v.serial, x.line, v.booked_on, x.account, x.amount from v, (values (1, 1900, 1.00), (2, 1500, -1.00)) x (line, account, amount)`,
	Object: `insert into journal.objection (office, serial, case_office, case_serial, status, submitted_at)
	         select office, nextval('journal.serials'), office, serial, 'M', now() from journal.keyed where id = $1::text`,
	Close: `update journal.case set phase = '80', closed_on = journal.day_of(current_date) where ` + ofJournal,
	Invoice: `with v as (insert into journal.voucher (office, serial, kind, case_office, case_serial, booked_on, place, invoice, issued_on, due_on)
	          select office, nextval('journal.serials'), 'K', office, serial, journal.day_of(current_date), $2::smallint, 'F' || $2::smallint,
	                 journal.day_of(current_date), journal.day_of(current_date)
	          from journal.keyed where id = $1::text returning office, serial, booked_on)
	          insert into journal.posting (office, voucher, line, booked_on, account, amount)
	          select v.office, v.serial, x.line, v.booked_on, x.account, x.sign * ($3::bigint / 100.0 + 0.0012) from v,
	                 (values (1, 1500, 1), (2, 2400, -1)) x (line, account, sign)`,
	Charge: `with v as (insert into journal.voucher (office, serial, kind, case_office, case_serial, booked_on, cost)
	         select office, nextval('journal.serials'), 'F', office, serial, journal.day_of($2::text::date),
	                case $4::text when 'HEAVY_FEE' then '12' else '31' end
	         from journal.keyed where id = $1::text returning office, serial, booked_on)
	         insert into journal.posting (office, voucher, line, booked_on, account, amount)
	         select v.office, v.serial, x.line, v.booked_on, x.account, x.sign * $3::bigint / 100.0 from v,
	                (values (1, 1520, 1), (2, 3000, -1)) x (line, account, sign)`,
	Early: `update journal.case set phase = '10' where ` + ofJournal,
	Agree: `with a as (insert into journal.agreement (office, serial, debtor_office, debtor_serial, kind, status, started_on)
	        select debtor_office, nextval('journal.serials'), debtor_office, debtor_serial, 'A', 'A', journal.day_of(current_date)
	        from journal.keyed where id = $1::text returning office, serial)
	        insert into journal.agreement_case select a.office, a.serial, k.office, k.serial from a, journal.keyed k where k.id = $1::text`,
	Schedule: `select journal.plan($1::text, $2::text::date, case $4::text when 'HEAVY_FEE' then '12' else '21' end, $3::bigint / 100.0)`,
	Group:    `update journal.case set agreement_group = 'EGEN' where ` + ofJournal,
	Apart:    `update journal.policy set joint = false`,
	Onward:   `update journal.policy set stops_costs = false`,
	Once:     `update journal.policy set again = false`,
	Review:   `update journal.objection set status = 'B' where ` + ofJournal,
	Pass: `with a as (update journal.agreement set started_on = journal.day_of(journal.date_of(started_on) - $2::integer),
	                  agreed_on = journal.day_of(journal.date_of(agreed_on) - $2::integer) where ` + ofJournal + ` returning office, serial, proposal),
	       x as (update journal.proposal_cost x set was_on = was_on - $2::integer, comes_on = comes_on - $2::integer
	             from a where x.proposal = a.proposal),
	       s as (update journal.planned_cost s set planned_on = journal.day_of(journal.date_of(planned_on) - $2::integer)
	             from a join journal.agreement_case y using (office, serial) where (s.case_office, s.case_serial) = (y.case_office, y.case_serial))
	       update journal.instalment i set due_on = journal.day_of(journal.date_of(due_on) - $2::integer),
	              paid_on = case when paid_on > 0 then journal.day_of(journal.date_of(paid_on) - $2::integer) else 0 end
	       from a where (i.office, i.serial) = (a.office, a.serial)`,
	Instalment: `update journal.instalment i set paid_on = journal.day_of(journal.today())
	             where ` + ofJournal + ` and i.number = (select min(n.number) from journal.instalment n
	               where (n.office, n.serial) = (i.office, i.serial) and n.paid_on = 0)`,
	Expire: `update journal.credential set valid_until = $2::text::date
	         where (case_office, case_serial) = (select office, serial from journal.keyed where id = $1::text)`,
	Orders: `select count(*) from journal.credential_order
	         where (case_office, case_serial) = (select office, serial from journal.keyed where id = $1::text) and sent_at is null`,
	Send: `with s as (select office, serial from journal.keyed where id = $1::text),
	       o as (update journal.credential_order set sent_at = now() where (case_office, case_serial) = (select office, serial from s))
	       insert into journal.credential (case_office, case_serial, hash, mark, issued_on, valid_until)
	       select office, serial, $2, $3, journal.today(), journal.today() + 21 from s`,
	Forget: `update journal.debtor set national_id = null
	         where (office, serial) = (select debtor_office, debtor_serial from journal.keyed where id = $1::text)`,
	Owed: `select case_id, journal.owed(case_id, $1::text::date) from oversikt.case where status = 'OPEN'`,
	Later: `with a as (update journal.login_attempt set made_at = made_at - make_interval(secs => $1::integer))
	        update journal.login set locked_until = locked_until - make_interval(secs => $1::integer), last_at = last_at - make_interval(secs => $1::integer)`,
}

// alone takes the acts of a core away, and the login with a letter.
const alone = `drop schema if exists oversikt_rules cascade;
	do $$
	declare
		f record;
	begin
		for f in select oid::regprocedure::text as name from pg_proc where pronamespace = 'oversikt'::regnamespace loop
			execute 'drop function ' || f.name;
		end loop;
	end $$`

// filled is a core of a name with people in it, after some SQL of its owner.
func filled(t *testing.T, name, sql string) contracttest.Core {
	t.Helper()
	c, population := cores[name], population
	if c.agency == people.Lita {
		population *= 3
	}
	sources := pgtest.Hash(reference.Files(), legacy.Files(), journal.Files(), os.DirFS("../../workshop/demo/people"))
	return contracttest.Core{
		DB: pgtest.New(t, pgtest.Template{
			Name: "contracttest_" + name,
			Hash: fmt.Sprint(sources, population, today, sql),
			Fill: func(ctx context.Context, conn *pgx.Conn) error {
				if err := c.install(ctx, conn); err != nil {
					return err
				}
				if err := c.load(ctx, conn, generator, c.agency, population, nil); err != nil {
					return err
				}
				_, err := conn.Exec(ctx, sql)
				return err
			},
		}),
		Agency: c.agency, Generator: generator, People: population, Today: today, CaseKey: c.caseKey,
		Touch: c.touch, Happen: c.happen,
	}
}

func TestAgencies(t *testing.T) {
	t.Parallel()
	for name := range cores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := filled(t, name, "")
			c.Again = name == "small"
			contracttest.Run(t, c)
		})
	}
}

// TestReadAlone: an agency that offers no acts promises all that is promised of reads.
func TestReadAlone(t *testing.T) {
	t.Parallel()
	c := filled(t, "journal", alone)
	var left int
	if err := c.DB.Conn().QueryRow(t.Context(),
		"select count(*) from pg_proc where pronamespace = 'oversikt'::regnamespace").Scan(&left); err != nil || left > 0 {
		t.Fatalf("%d functions are left, %v", left, err)
	}
	contracttest.RunReads(t, c)
}
