package migrate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// before fills the tables that migrations 17 and 18 make acts of. A person's idempotency keys
// counted for one kind of act each: the same one stands in every table.
const before = `
insert into portal.acceptance (id, subject, key, digest, summary, status, decision, reason, created_at, decide_by, decided_at, ended_at)
values ('00000000-0000-4000-8000-000000000001', sha256('kari'), '00000000-0000-4000-8000-0000000000ff', sha256('d'),
        '{"kinds": ["LOWEST_MONTH", "PAY_NOW"], "cases": [{"Kind": "case", "Agency": "fjord", "ID": "7"}]}', 'CONFIRMED', 'CONFIRM', '', '2026-03-01', '2026-03-01', '2026-03-01', '2026-03-01');
insert into portal.power_of_attorney (id, grantor, key, org_number, sealed, covers_all, may_act, valid_from, valid_until, signed, issuer, acr,
    created_at, revoked_at, revocation_key)
select id::uuid, sha256('kari'), key::uuid, '987654325', '', true, false, '2026-03-02', '2027-03-02', 'BANKID', 'i', 'high', '2026-03-02 12:00Z', revoked, revocation::uuid
from (values
    ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000ff', null::timestamptz, null),
    ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000003', '2026-03-03', '00000000-0000-4000-8000-0000000000ff')
) v (id, key, revoked, revocation);
insert into portal.power_of_attorney_agency (power, agency, give_key, revoke_key, agency_key, refusal, told_at, ended_at, attempts)
select p.id, v.agency, ('00000000-0000-4000-8000-' || right(p.id::text, 12))::uuid, 'ffffffff-0000-4000-8000-000000000000',
    v.agency_key, v.refusal, v.told_at, case when p.revoked_at is not null then v.ended_at end, v.attempts
from portal.power_of_attorney p, (values
    ('a told', '31', null, timestamptz '2026-03-02', null::timestamptz, 1),
    ('b told of the end', '32', null, '2026-03-02', '2026-03-03', 2),
    ('c stranger', null, 'NOT_NEEDED', null, null, 1),
    ('d refused', null, 'REFUSED', null, null, 1),
    ('e never asked', null, null, null, null, 0),
    ('f has not answered', null, null, null, null, 3)) v (agency, agency_key, refusal, told_at, ended_at, attempts);
insert into portal.privacy_request (id, subject, key, kind, text, submitted_at, answer_by, status)
values ('00000000-0000-4000-8000-000000000004', sha256('kari'), '00000000-0000-4000-8000-0000000000ff', 'QUESTION', '', '2026-03-02', '2026-04-02', 'RECEIVED'),
       ('00000000-0000-4000-8000-000000000005', sha256('per'), '00000000-0000-4000-8000-0000000000ff', 'QUESTION', '', '2026-03-02', '2026-04-02', 'RECEIVED');
`

// TestWhatWasBeforeIsActs: nothing that people have asked for before is lost, and what agencies
// have been told of a power of attorney is known on.
func TestWhatWasBeforeIsActs(t *testing.T) {
	t.Parallel()
	db, conn, p := upTo(t, 16)
	if _, err := conn.ExecContext(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines := func(query string) []string {
		t.Helper()
		rows, err := db.Conn().Query(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		all, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for query, want := range map[string][]string{
		// The first of a person's acts keeps the key, and the sealed answers are told from open ones.
		`select format('%s %s %s %s %s', right(a.id::text, 1), name, status, sealed_as, key = '00000000-0000-4000-8000-0000000000ff')
		from portal.act a where name <> 'REVOKE_POWER_OF_ATTORNEY' order by id`: {
			"1 ACCEPT_PAYMENT_SOLUTION DONE acceptance t", "2 GIVE_POWER_OF_ATTORNEY DONE open f",
			"3 GIVE_POWER_OF_ATTORNEY DONE open f", "4 SUBMIT_PRIVACY_REQUEST DONE open f",
			"5 SUBMIT_PRIVACY_REQUEST DONE open t",
		},
		`select summary ->> 'kinds' from portal.act where summary is not null`: {`["LOWEST_MONTH", "PAY_FIRST"]`},
		`select format('%s %s', name, kept_from at time zone 'UTC') from portal.act where name like '%POWER%' order by 1`: {
			"GIVE_POWER_OF_ATTORNEY 2027-03-02 00:00:00", "GIVE_POWER_OF_ATTORNEY 2027-03-02 00:00:00",
			"REVOKE_POWER_OF_ATTORNEY 2026-03-03 00:00:00",
		},
		`select format('%s %s %s %s %s', right(x.act::text, 1), agency, state, sent, coalesce(convert_from(result, 'UTF8'), x.reason))
		from portal.act_agency x join portal.act a on a.id = x.act and a.name = 'GIVE_POWER_OF_ATTORNEY' order by 1`: {
			`2 a told DONE t {"power_of_attorney_id": "31"}`,
			`2 b told of the end DONE t {"power_of_attorney_id": "32"}`,
			"2 c stranger REFUSED t NOT_FOUND", "2 d refused REFUSED t OTHER",
			"2 e never asked PENDING f ", "2 f has not answered PENDING t ",
			`3 a told DONE t {"power_of_attorney_id": "31"}`,
			`3 b told of the end DONE t {"power_of_attorney_id": "32"}`,
			"3 c stranger WITHDRAWN t NOT_NEEDED", "3 d refused REFUSED t OTHER",
			"3 e never asked WITHDRAWN f NOT_NEEDED", "3 f has not answered PENDING t ",
		},
		`select format('%s %s %s', agency, state, left(x.key::text, 8)) from portal.act_agency x
		join portal.act a on a.id = x.act and a.name = 'REVOKE_POWER_OF_ATTORNEY'
		join portal.power_of_attorney p on p.revoked_by = a.id order by 1`: {
			"a told PENDING ffffffff", "b told of the end DONE ffffffff",
		},
		`select format('%s %s', right(l.power::text, 1), name) from portal.power_of_attorney_act l join portal.act a on a.id = l.act order by 1`: {
			"2 GIVE_POWER_OF_ATTORNEY", "3 GIVE_POWER_OF_ATTORNEY", "3 REVOKE_POWER_OF_ATTORNEY",
		},
	} {
		if diff := cmp.Diff(want, lines(query)); diff != "" {
			t.Errorf("%s\n(-want +got)\n%s", query, diff)
		}
	}
	if _, err := db.Conn().Exec(t.Context(), `update portal.power_of_attorney set revoked_at = now() where revoked_at is not null`); err == nil {
		t.Error("what was revoked can be put off")
	}
}
