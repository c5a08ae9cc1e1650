package check

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
)

// TestDefaultsIn reads the texts that PostgreSQL writes of views.
func TestDefaultsIn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text string
		want []byDefault
	}{
		"else": {"SELECT CASE s.tilstand WHEN 'AK'::bpchar THEN 'OPEN'::text ELSE 'CLOSED'::text END AS status FROM x.sak s;",
			[]byDefault{{"status", "CLOSED"}}},
		"searched": {"SELECT CASE WHEN s.tilstand = 'AK'::bpchar THEN 'OPEN'::text ELSE 'CLOSED'::text END AS status",
			[]byDefault{{"status", "CLOSED"}}},
		"in a list": {`SELECT CASE WHEN (s.steg = ANY (ARRAY[10, 20])) THEN 'REMINDER'::text ELSE 'LEGAL'::text END AS phase`,
			[]byDefault{{"phase", "LEGAL"}}},
		"all but one": {"SELECT CASE WHEN s.tilstand <> 'AK'::bpchar THEN 'CLOSED'::text WHEN s.tilstand = 'AK' THEN 'OPEN'::text END AS status",
			[]byDefault{{"status", "CLOSED"}}},
		"nested": {"SELECT CASE WHEN s.slutt IS NOT NULL THEN 'CLOSED'::text ELSE CASE s.steg WHEN 10 THEN 'REMINDER'::text ELSE 'OTHER'::text END END AS phase",
			[]byDefault{{"phase", "OTHER"}}},
		"coalesce": {"SELECT COALESCE(CASE s.tilstand WHEN 'AK'::bpchar THEN 'OPEN'::text ELSE NULL::text END, 'CLOSED'::text) AS status",
			[]byDefault{{"status", "CLOSED"}}},
		"quoted name": {`SELECT CASE s."Tilstand" WHEN 'it''s' THEN 'OPEN'::text ELSE 'CLOSED'::text END AS "status"`,
			[]byDefault{{"status", "CLOSED"}}},
		"in an array": {"SELECT ARRAY( SELECT CASE a.kode WHEN '01'::text THEN 'DEFECT'::text ELSE 'OTHER'::text END AS \"case\" FROM u a) AS reasons",
			[]byDefault{{"case", "OTHER"}}},
		"passed on":   {"SELECT COALESCE(CASE s.tilstand WHEN 'AK'::bpchar THEN 'OPEN'::text ELSE NULL::text END, s.tilstand::text) AS status", nil},
		"two-valued":  {"SELECT CASE WHEN s.slutt IS NULL THEN 'OPEN'::text ELSE 'CLOSED'::text END AS status", nil},
		"a flag":      {"SELECT CASE s.aktiv WHEN true THEN 'OPEN'::text ELSE 'CLOSED'::text END AS status", nil},
		"no text":     {"SELECT CASE s.tilstand WHEN 'AK'::bpchar THEN 'OPEN'::text ELSE s.tilstand END AS status", nil},
		"a word only": {"SELECT 'CASE WHEN x = 1 THEN ''A'' ELSE ''CLOSED'' END'::text AS status", nil},
	} {
		if diff := cmp.Diff(tc.want, defaultsIn(tc.text), cmp.AllowUnexported(byDefault{})); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestCheckDefaults(t *testing.T) {
	t.Parallel()
	warned := func(relation, column string) []Breach {
		return []Breach{{Relation: relation, Column: column, Rule: RuleDefault}}
	}
	runBreaking(t, map[string]breaking{
		"status": {
			reason: "a case with a new status would be closed, and its debt gone",
			sql:    referencetest.Swap("case", " status,", " case status when 'OPEN' then 'OPEN' else 'CLOSED' end as status,"),
			warns:  warned("case", "status"),
			says:   "view oversikt.case gives 'CLOSED' to every code that it does not name",
		},
		"fee": {
			reason: "a new kind of fee would be another one",
			sql: referencetest.Swap("fee", " kind,",
				" case when kind in ('REMINDER', 'LIGHT_FEE', 'COURT_FEE') then kind else 'OTHER' end as kind,"),
			warns: warned("fee", "kind"),
			says:  "'OTHER'",
		},
		"below": {
			reason: "the view of the contract reads another view",
			sql: `create view core.mapped as select case_id, case status when 'OPEN' then 'OPEN' else 'CLOSED' end as status
				from core.case; ` + referencetest.Swap("case", " status,", " (select m.status from core.mapped m where m.case_id = c.case_id) as status,",
				"from core.case", "from core.case c"),
			warns: warned("case", "status"),
			says:  "view core.mapped",
		},
		"not a code": {
			reason: "a text that is no code may have a default",
			sql: referencetest.Swap("letter", " title,",
				" case title when 'A' then 'B' else 'OTHER' end as title,"),
		},
		"passed on": {
			reason: "a code that is not named is passed on, and so found",
			sql:    referencetest.Swap("case", " status,", " coalesce(case status when 'OPEN' then 'OPEN' end, status) as status,"),
		},
	})
}

func TestCheckRates(t *testing.T) {
	t.Parallel()
	off := func(n int) (all []Breach) {
		for range n {
			all = append(all, Breach{Relation: "rate", Column: "basis_points", Rule: RuleRateLaw})
		}
		return all
	}
	runBreaking(t, map[string]breaking{
		"two half-years old": {
			reason: "both are said, with the row that would mend them",
			sql:    "delete from core.rate where kind = 'LATE_PAYMENT' and valid_from > '2025-01-01'",
			want:   off(1),
			says: "the table is old: the row (LATE_PAYMENT, 2024-01-01) has 1250 basis points, the law 1225 from 2025-07-01, " +
				"1200 from 2026-01-01, 1225 from 2026-07-01 | add a row",
		},
		"99 per cent": {
			reason: "the row is named",
			sql:    "update core.rate set basis_points = 9900 where valid_from = '2026-07-01'",
			want:   off(1),
			says:   "the row (LATE_PAYMENT, 2026-07-01) has 9900 basis points, the law 1225",
		},
		"a hole": {
			reason: "the row before is named",
			sql:    "delete from core.rate where valid_from in ('2023-01-01', '2024-01-01')",
			want:   off(2),
			says:   "the row (LATE_PAYMENT, 2022-07-01) has 925 basis points, the law 1075 from 2023-01-01 | add a row",
		},
		"of before": {
			reason: "an old row counts for old claims",
			sql:    "update core.rate set basis_points = 1 where valid_from = '2015-07-01'",
			want:   off(1),
			says:   "2015-07-01",
		},
		"more rows": {
			reason: "a half-year with the rate of the one before may have a row or none",
			sql:    "insert into core.rate values ('LATE_PAYMENT', '2017-01-01', 850, 'test')",
		},
		"what is not known": {
			reason: "rates before the table, and after it, are the agency's alone",
			sql:    "insert into core.rate values ('LATE_PAYMENT', '2014-01-01', 950, 'test'), ('LATE_PAYMENT', '2199-01-01', 1, 'test')",
		},
	})
}

func TestCheckRepeatedRows(t *testing.T) {
	t.Parallel()
	runBreaking(t, map[string]breaking{
		"hold": {
			reason: "a hold has no key: the same row twice is a warning",
			sql: `alter view oversikt.hold rename to hold_once; create view oversikt.hold as
				select h.* from core.case c cross join lateral (select x.* from oversikt.hold_once x where x.case_id = c.case_id) h
				cross join generate_series(1, 2); grant select on oversikt.hold to oversikt_app`,
			warns: []Breach{{Relation: "hold", Rule: RuleRepeated}},
			says:  "come more than once, and are counted once",
		},
		"fee": {
			reason: "what has a key is a breach",
			sql: `alter view oversikt.fee rename to fee_once; create view oversikt.fee as
				select f.* from oversikt.fee_once f cross join generate_series(1, 2); grant select on oversikt.fee to oversikt_app`,
			want: []Breach{{Relation: "fee", Column: "fee_id", Rule: RuleUnique}},
			says: "3 values identify more than one row",
		},
	})
}
