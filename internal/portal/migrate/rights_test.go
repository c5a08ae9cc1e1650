package migrate_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestRights is what the service's role can do with what has ended: the retention schedule
// counts from then.
func TestRights(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	service, err := pgx.Connect(t.Context(), db.RoleDSN(portal.Role))
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close(t.Context())
	steps := []struct {
		reason, sql string
		refused     bool
	}{
		{"the service gives one", `insert into portal.power_of_attorney
			(id, grantor, attorney, sealed, covers_all, may_act, valid_from, valid_until, signed, issuer, acr, created_at)
			values (gen_random_uuid(), sha256('a'), sha256('b'), '', true, false, '2026-01-01', '2026-12-31', 'BANKID', 'i', 'a', now())`, false},
		{"for how long is not the service's to change", `update portal.power_of_attorney set valid_until = '2027-12-31'`,
			true},
		{"nobody revokes it but by an act", `update portal.power_of_attorney set revoked_at = now()`, true},
		{"it is revoked", `update portal.power_of_attorney set revoked_at = now(), revoked_by = gen_random_uuid()`, false},
		{"nobody takes that back", `update portal.power_of_attorney set revoked_at = null`, true},
		{"or puts it off", `update portal.power_of_attorney set revoked_at = now() + interval '1 year'`, true},
		{"nor is it deleted", `delete from portal.power_of_attorney`, true},
		{"an act is stored", `insert into portal.act (id, subject, key, name, reach, cases, status, created_at, until, whose, kept, rests)
			values ('00000000-0000-4000-8000-00000000000a', sha256('a'), gen_random_uuid(), 'DO_THIS', 'EACH', '{}', 'PENDING', now(), now(), '', 'sealed', current_date)`, false},
		{"it is not kept for ever", `insert into portal.act (id, subject, key, name, reach, cases, status, created_at, until, rests)
			values (gen_random_uuid(), sha256('a'), gen_random_uuid(), 'DO_THIS', 'EACH', '{}', 'PENDING', now(), now(), current_date + 9000)`, true},
		{"it cannot end before it began",
			`update portal.act set status = 'DONE', ended_at = created_at - interval '1 second', whose = null`, true},
		{"nor end and say whose it was", `update portal.act set status = 'DONE', ended_at = now()`, true},
		{"what was asked does not change", `update portal.act set digest = sha256('x')`, true},
		{"nor until when it is kept", `update portal.act set rests = current_date - 1`, true},
		{"it ends", `update portal.act set status = 'DONE', ended_at = now(), whose = null`, false},
		{"it does not end at another time", `update portal.act set ended_at = created_at`, true},
		{"nor begin again", `update portal.act set status = 'PENDING', ended_at = null, whose = ''`, true},
		{"nor is it deleted", `delete from portal.act`, true},
		{"a solution is accepted", `insert into portal.act (id, subject, key, name, reach, cases, status, created_at, decide_by, until, whose, kept)
			values (gen_random_uuid(), sha256('s'), gen_random_uuid(), 'ACCEPT', 'ALL', '{}', 'PENDING', now(), now(), now(), '', 'sealed')`, false},
		{"it is not done without a decision", `update portal.act set status = 'DONE', ended_at = now(), whose = null where name = 'ACCEPT'`, true},
		{"it is confirmed", `update portal.act set decision = 'CONFIRM', decided_at = now() where name = 'ACCEPT'`, false},
		{"nobody decides otherwise", `update portal.act set decision = 'WITHDRAW' where name = 'ACCEPT'`, true},
		{"what happens to it is told", `insert into portal.event (act, name, status, subject) values (gen_random_uuid(), 'ACCEPT', 'DONE', '')`, false},
		{"and not taken back", `delete from portal.event`, true},
		{"something is asked about privacy",
			`insert into portal.privacy_request (id, subject, kind, text, submitted_at, answer_by, status)
			values (gen_random_uuid(), sha256('a'), 'QUESTION', '', now(), current_date, 'RECEIVED')`, false},
		{"it cannot be answered before",
			`update portal.privacy_request set status = 'ANSWERED', reply = '', answered_at = submitted_at - interval '1 second'`, true},
		{"it is answered", `update portal.privacy_request set status = 'ANSWERED', reply = '', answered_at = now()`, false},
		{"not at another time", `update portal.privacy_request set answered_at = submitted_at`, true},
	}
	for _, s := range steps {
		_, err := service.Exec(t.Context(), s.sql)
		pg, _ := errors.AsType[*pgconn.PgError](err)
		const forbidden, broken = "42501", "23514" // insufficient_privilege, check_violation
		if s.refused && (pg == nil || pg.Code != forbidden && pg.Code != broken) || !s.refused && err != nil {
			t.Errorf("%s: %v", s.reason, err)
		}
	}
}
