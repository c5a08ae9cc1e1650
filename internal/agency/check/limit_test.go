package check

import (
	"testing"
	"time"
)

func TestCheckLimits(t *testing.T) {
	t.Parallel()
	limit := []Breach{{Relation: "role contract_limited", Rule: RuleLimit}}
	of := func(settings string) string { return roleWith("contract_limited", "login") + settings }
	opts := Options{Role: "contract_limited"}
	runBreaking(t, map[string]breaking{
		"as the contract says": {reason: "it is longer than an answer takes", opts: opts,
			sql: of("alter role contract_limited set statement_timeout = '5s'; alter role contract_limited set idle_in_transaction_session_timeout = '10s'")},
		"low": {reason: "answers are lost", opts: opts, warns: limit,
			sql:  of("alter role contract_limited set statement_timeout = '500ms'"),
			says: "statement_timeout of the role is 500ms, and holds: an answer is broken off before the agency's deadline of 1.5s"},
		"in microseconds, in one database": {reason: "as any unit", opts: opts, warns: limit,
			sql:  of("do $$ begin execute format('alter role contract_limited in database %I set idle_in_transaction_session_timeout = ''900000us''', current_database()); end $$"),
			says: "of the role in this database is 900ms"},
		"the role's before the database's": {reason: "so PostgreSQL takes them", opts: opts,
			sql: of("do $$ begin execute format('alter database %I set statement_timeout = 100', current_database()); end $$; alter role contract_limited set statement_timeout = '2s'")},
		"the database's": {reason: "for every role", opts: opts, warns: limit,
			sql:  of("do $$ begin execute format('alter database %I set statement_timeout = 100', current_database()); end $$"),
			says: "of the database is 100ms"},
		"locks": {reason: "an act waits for half the deadline", opts: opts, warns: limit,
			sql: of("alter role contract_limited set lock_timeout = '100ms'"), says: "before 750ms"},
		"another deadline": {reason: "the configuration may have a lower one",
			opts: Options{Role: "contract_limited", Deadline: 400 * time.Millisecond},
			sql:  of("alter role contract_limited set statement_timeout = '500ms'")},
		"none": {reason: "0 is no limit", opts: opts, sql: of("alter role contract_limited set statement_timeout = 0")},
	})
}
