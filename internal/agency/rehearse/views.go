package rehearse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/sample"
	"github.com/oversikt/oversikt/internal/agency/spec"
)

// Print tells a relation from what it was: the number of its rows, and the sum of a hash of
// each, so that their order does not count.
type Print struct {
	Rows int64
	Sum  uint64 // modulo 2 to the power of 61
}

const (
	hashed  = "(pg_catalog.hashtextextended(x::text, 0) & 2305843009213693951)"
	modulus = 1 << 61
)

func (p Print) minus(q Print) Print { return Print{p.Rows - q.Rows, (p.Sum - q.Sum) % modulus} }

// Prints returns the print of each relation in a schema of the contract, in one round trip.
func Prints(ctx context.Context, conn core.Conn, schema string, relations []string) (map[string]Print, error) {
	var batch pgx.Batch
	for _, name := range relations {
		batch.Queue(fmt.Sprintf("select pg_catalog.count(*)::text, "+
			"coalesce(pg_catalog.mod(pg_catalog.sum(%s), 2305843009213693952), 0)::text from %s x", hashed, placed(schema, name)))
	}
	results := conn.SendBatch(ctx, &batch)
	all := map[string]Print{}
	var failed error
	for _, name := range relations {
		var rows, sum string
		var p Print
		if failed = results.QueryRow().Scan(&rows, &sum); failed != nil {
			failed = fmt.Errorf("look at relation %s: %w", name, core.Hushed(failed))
			break
		}
		p.Rows, _ = strconv.ParseInt(rows, 10, 64) // it is PostgreSQL's
		p.Sum, _ = strconv.ParseUint(sum, 10, 64)
		all[name] = p
	}
	return all, errors.Join(failed, core.Hushed(results.Close()))
}

func placed(schema, relation string) string { return pgx.Identifier{schema, relation}.Sanitize() }

// row is one row of a relation: its key, and a hash of all of it.
type row struct {
	key string
	sum uint64
}

func byKey(x, y row) int { return cmp.Or(strings.Compare(x.key, y.key), cmp.Compare(x.sum, y.sum)) }

// keyed is SQL for the key of a row: all of it where the contract has no key.
func keyed(r spec.Relation) string {
	if r.OneRow {
		return "''"
	}
	var columns []string
	if len(r.Unique) > 0 {
		columns = r.Unique[0]
	} else {
		for _, c := range r.Columns {
			columns = append(columns, c.Name)
		}
	}
	var texts []string
	for _, c := range columns {
		texts = append(texts, "x."+c+"::text")
	}
	return "pg_catalog.concat_ws(' ', " + strings.Join(texts, ", ") + ")"
}

// owner returns the column by which a row belongs to a debtor, and the relation and column that
// it refers to. relation is empty where no row belongs to anybody.
func owner(r spec.Relation) (column, relation, key string) {
	best := 0
	for _, c := range r.Columns {
		to, of, refers := strings.Cut(c.Refers, ".")
		rank := map[string]int{"debtor": 4, "case": 3}[to] + 2
		if c.Null != "" && to == "case" {
			rank = 1 // where nothing else says whose it is
		} else if c.Null != "" {
			continue
		}
		if !refers || rank <= best {
			continue
		}
		if _, above, _ := owner(spec.RelationNamed(to)); above != "" || to == "debtor" {
			best, column, relation, key = rank, c.Name, to, of
		}
	}
	return column, relation, key
}

// queueOfClaims is what waits of who claims a case, who need be no debtor, and of debtors.
const queueOfClaims = `oversikt.queue_item x
	left join oversikt.case_link l on x.kind = 'LINK_CASE' and l.case_link_id::text = x.subject_id
	left join oversikt.case c on c.case_id = x.case_id
	left join oversikt.debtor d on d.debtor_id = coalesce(x.debtor_id, c.debtor_id)
	where coalesce(l.national_id, d.national_id) = $1`

// owned is SQL for the rows x of a relation that belong to the person of the number $1, joined as
// the reads of debtors are; empty where no row belongs to anybody. claims says that cases are claimed here.
func owned(r spec.Relation, claims bool) string {
	if r.Name == "queue_item" && claims {
		return queueOfClaims
	}
	from := fmt.Sprintf("%s.%q x", spec.Schema, r.Name)
	at := "x"
	for n := 0; r.Column("national_id").Name == ""; n++ {
		column, relation, key := owner(r)
		if relation == "" {
			return ""
		}
		above := fmt.Sprintf("t%d", n)
		from += fmt.Sprintf(" join %s.%q %s on %s.%s = %s.%s", spec.Schema, relation, above, above, key, at, column)
		at, r = above, spec.RelationNamed(relation)
	}
	return from + " where " + at + ".national_id = $1"
}

// views is how the views are looked at.
type views struct {
	whole  []string          // relations of which every row is looked at
	owned  []string          // relations whose rows belong to a debtor
	sql    map[string]string // of owned: the rows of one
	slow   []string          // those of which not every row is looked at
	moving []string          // those that differ from one look to the next, without an act
}

// state is what the views show: whole, and the rows of one debtor.
type state struct {
	whole map[string]Print
	rows  map[string][]row
}

// relations are those that the database has.
func relations(v *sample.View) (names []string) {
	for _, r := range spec.Relations {
		if v.Kept.Has(r.Name) {
			names = append(names, r.Name)
		}
	}
	return names
}

// measure finds out which relations can be looked at whole: those that take at most each, the
// quickest first, while all of them take at most together.
func measure(ctx context.Context, v *sample.View, each, together time.Duration) (*views, error) {
	type measured struct {
		name string
		took time.Duration
	}
	var quick []measured
	w := &views{sql: map[string]string{}}
	for _, name := range relations(v) {
		took, still, err := timed(ctx, v, name, each)
		if mine := owned(spec.RelationNamed(name), v.Kept.Has("case_link")); still && mine != "" {
			w.owned = append(w.owned, name)
			w.sql[name] = spec.Placed(fmt.Sprintf("select %s, %s::text from %s", keyed(spec.RelationNamed(name)), hashed, mine),
				v.Schema)
		}
		switch {
		case err != nil:
			return nil, err
		case !still:
			w.moving = append(w.moving, name)
		case took > each:
			w.slow = append(w.slow, name)
		default:
			quick = append(quick, measured{name, took})
		}
	}
	slices.SortStableFunc(quick, func(x, y measured) int { return cmp.Compare(x.took, y.took) })
	for _, m := range quick {
		if together -= m.took; together < 0 {
			w.slow = append(w.slow, m.name)
		} else {
			w.whole = append(w.whole, m.name)
		}
	}
	return w, nil
}

// timed looks at a relation twice, each time no longer than a time. still says that both
// showed the same.
func timed(ctx context.Context, v *sample.View, name string, most time.Duration) (time.Duration, bool, error) {
	sp, err := v.Savepoint(ctx)
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = sp.Rollback(ctx) }() // with the bound
	_, err = sp.Exec(ctx, "select pg_catalog.set_config('statement_timeout', $1, true)", pgx.QueryExecModeExec,
		strconv.FormatInt(most.Milliseconds(), 10))
	if err != nil {
		return 0, false, err
	}
	var prints [2]Print
	var took time.Duration
	for i := range prints {
		start := time.Now()
		all, err := Prints(ctx, sp, v.Schema, []string{name})
		if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "57014" && ctx.Err() == nil {
			return most + 1, true, nil
		}
		if err != nil {
			return 0, false, err
		}
		prints[i], took = all[name], time.Since(start)
	}
	return took, prints[0] == prints[1], nil
}

// look returns what the views show now, of a debtor and of everybody.
func (w *views) look(ctx context.Context, v *sample.View, nationalID string) (s state, err error) {
	var batch pgx.Batch
	for _, name := range w.owned {
		batch.Queue(w.sql[name], nationalID)
	}
	s.rows = map[string][]row{}
	results := v.SendBatch(ctx, &batch)
	for _, name := range w.owned {
		rows, err := results.Query()
		if err == nil {
			s.rows[name], err = collected(rows)
		}
		if err != nil {
			return s, errors.Join(fmt.Errorf("look at relation %s: %w", name, core.Hushed(err)), core.Hushed(results.Close()))
		}
	}
	if err := results.Close(); err != nil {
		return s, err
	}
	s.whole, err = Prints(ctx, v, v.Schema, w.whole)
	return s, err
}

func collected(rows pgx.Rows) ([]row, error) {
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (x row, err error) {
		var sum string
		if err = r.Scan(&x.key, &sum); err == nil {
			x.sum, err = strconv.ParseUint(sum, 10, 64)
		}
		return x, err
	})
	slices.SortFunc(all, byKey)
	return all, core.Hushed(err)
}

// list returns all rows of a relation.
func list(ctx context.Context, v *sample.View, name string) ([]row, error) {
	rows, err := v.Query(ctx, fmt.Sprintf("select %s, %s::text from %s x", keyed(spec.RelationNamed(name)), hashed,
		placed(v.Schema, name)))
	if err != nil {
		return nil, fmt.Errorf("list relation %s: %w", name, core.Hushed(err))
	}
	return collected(rows)
}

// changes names the relations in which the debtor's rows differ.
func (s state) changes(now state) (all []Finding) {
	for _, r := range spec.Relations {
		if how := changed(s.rows[r.Name], now.rows[r.Name]); how != "" {
			all = append(all, Finding{r.Name, how})
		}
	}
	return all
}

// outside names the relations in which rows that are not the debtor's differ.
func (s state) outside(now state) (names []string) {
	sum := func(rows []row) (p Print) {
		for _, x := range rows {
			p = Print{p.Rows + 1, (p.Sum + x.sum) % modulus}
		}
		return p
	}
	for _, r := range spec.Relations {
		if _, whole := now.whole[r.Name]; !whole {
			continue
		}
		if now.whole[r.Name].minus(s.whole[r.Name]) != sum(now.rows[r.Name]).minus(sum(s.rows[r.Name])) {
			names = append(names, r.Name)
		}
	}
	return names
}

// changed says how rows differ, empty where they do not.
func changed(before, now []row) string {
	more, less := differ(before, now)
	var both []row
	more = slices.DeleteFunc(more, func(x row) bool {
		i := slices.IndexFunc(less, func(y row) bool { return y.key == x.key })
		if i >= 0 {
			less = slices.Delete(less, i, i+1)
			both = append(both, x)
		}
		return i >= 0
	})
	var parts []string
	for _, p := range []struct {
		rows []row
		what string
	}{{more, "more"}, {less, "less"}, {both, "changed"}} {
		if len(p.rows) > 0 {
			parts = append(parts, fmt.Sprintf("%s %s: %s", rowsText(len(p.rows)), p.what, keys(p.rows)))
		}
	}
	return strings.Join(parts, "; ")
}

func rowsText(n int) string {
	if n == 1 {
		return "1 row"
	}
	return strconv.Itoa(n) + " rows"
}

// keys names the first few rows.
func keys(rows []row) string {
	const few = 5
	var texts []string
	for _, x := range rows[:min(few, len(rows))] {
		texts = append(texts, x.key)
	}
	if len(rows) > few {
		texts = append(texts, "and others")
	}
	return strings.Join(texts, ", ")
}
