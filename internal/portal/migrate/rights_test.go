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
			(id, grantor, key, attorney, sealed, covers_all, may_act, valid_from, valid_until, signed, issuer, acr, created_at)
			values (gen_random_uuid(), sha256('a'), gen_random_uuid(), sha256('b'), '', true, false, '2026-01-01', '2026-12-31', 'BANKID', 'i', 'a', now())`, false},
		{"for how long is not the service's to change", `update portal.power_of_attorney set valid_until = '2027-12-31'`,
			true},
		{"it is revoked", `update portal.power_of_attorney set revoked_at = now(), revocation_key = gen_random_uuid()`,
			false},
		{"nobody takes that back", `update portal.power_of_attorney set revoked_at = null`, true},
		{"or puts it off", `update portal.power_of_attorney set revoked_at = now() + interval '1 year'`, true},
		{"nor is it deleted", `delete from portal.power_of_attorney`, true},
		{"a solution is accepted",
			`insert into portal.acceptance (id, subject, key, digest, person, summary, status, created_at, decide_by)
			values (gen_random_uuid(), sha256('a'), gen_random_uuid(), sha256('c'), '', '{}', 'PENDING', now(), now())`, false},
		{"it cannot end before it began",
			`update portal.acceptance set status = 'WITHDRAWN', decision = 'WITHDRAW', decided_at = now(),
			ended_at = created_at - interval '1 second', person = null`, true},
		{"it ends",
			`update portal.acceptance set status = 'WITHDRAWN', decision = 'WITHDRAW', decided_at = now(), ended_at = now(), person = null`, false},
		{"the same once more is no change", `update portal.acceptance set status = status`, false},
		{"it does not end at another time", `update portal.acceptance set ended_at = created_at`, true},
		{"nor begin again", `update portal.acceptance set status = 'PENDING', ended_at = null, person = ''`, true},
		{"another is, with a schedule",
			`insert into portal.acceptance (id, subject, key, digest, person, summary, status, created_at, decide_by, schedule, last_day)
			values ('00000000-0000-4000-8000-00000000000a', sha256('s'), gen_random_uuid(), sha256('c'), '', '{}', 'PENDING', now(), now(), 'sealed', current_date + 90)`, false},
		{"a schedule has a last day",
			`insert into portal.acceptance (id, subject, key, digest, person, summary, status, created_at, decide_by, schedule)
			values (gen_random_uuid(), sha256('t'), gen_random_uuid(), sha256('c'), '', '{}', 'PENDING', now(), now(), 'sealed')`, true},
		{"and is not kept for ever",
			`insert into portal.acceptance (id, subject, key, digest, person, summary, status, created_at, decide_by, schedule, last_day)
			values (gen_random_uuid(), sha256('t'), gen_random_uuid(), sha256('c'), '', '{}', 'PENDING', now(), now(), 'sealed', current_date + 9000)`, true},
		{"it is confirmed",
			`update portal.acceptance set decision = 'CONFIRM', decided_at = now(), status = 'CONFIRMED', ended_at = now(), person = null where schedule is not null`, false},
		{"what is to be paid does not change", `update portal.acceptance set schedule = 'another' where schedule is not null`,
			true},
		{"nor go away", `update portal.acceptance set schedule = null where schedule is not null`, true},
		{"not even so", `update portal.acceptance set decision = 'WITHDRAW', status = 'WITHDRAWN' where schedule is not null`,
			true},
		{"and it is kept until its last day",
			`update portal.acceptance set last_day = current_date where schedule is not null`, true},
		{"something is asked about privacy",
			`insert into portal.privacy_request (id, subject, key, kind, text, submitted_at, answer_by, status)
			values (gen_random_uuid(), sha256('a'), gen_random_uuid(), 'QUESTION', '', now(), current_date, 'RECEIVED')`, false},
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
