package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
)

// hotRead is a statement that must find its rows by index.
type hotRead struct {
	name      string
	sql       string
	params    int
	relations []string
	lookup    bool // it is one of one column, and no read of the service
}

var relationInSQL = regexp.MustCompile(`\b` + spec.Schema + `\.([a-z_]+)`)

// hotReads are the reads of one debtor's or case's data. What has no parameter is
// read whole: agency, policy and rate.
func hotReads(schema string) ([]hotRead, error) {
	files, err := fs.Glob(core.Reads(), "*.sql")
	if err != nil {
		return nil, err
	}
	var reads []hotRead
	for _, file := range files {
		text, err := fs.ReadFile(core.Reads(), file)
		if err != nil {
			return nil, err
		}
		sql, args, err := pgx.NamedArgs{}.RewriteQuery(context.Background(), nil, string(text), nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if len(args) == 0 {
			continue
		}
		read := hotRead{name: path.Base(file), sql: spec.Placed(sql, schema), params: len(args)}
		for _, m := range relationInSQL.FindAllStringSubmatch(sql, -1) {
			read.relations = append(read.relations, m[1])
		}
		reads = append(reads, read)
		if from, ok := core.FromCase(string(text)); ok {
			if read.sql, args, err = (pgx.NamedArgs{}).RewriteQuery(context.Background(), nil, from, nil); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			read.name, read.sql, read.params = path.Base(file)+" from a case", spec.Placed(read.sql, schema), len(args)
			read.relations = append(slices.Clone(read.relations), "case")
			reads = append(reads, read)
		}
	}
	return reads, nil
}

// probes look each indexed column up alone. A read can hide a missing index by
// going through its tables in another order while they are small.
func probes(schema string) []hotRead {
	var reads []hotRead
	for _, r := range spec.Relations {
		for _, col := range r.Columns {
			if col.Index != "" {
				reads = append(reads, hotRead{
					name: "look-up of " + r.Name + " by " + col.Name,
					sql: fmt.Sprintf("select * from %s where %s = $1", pgx.Identifier{schema, r.Name}.Sanitize(),
						quoted(col.Name)),
					params:    1,
					relations: []string{r.Name},
					lookup:    true,
				})
			}
		}
	}
	return reads
}

// missingIndex is a table that reads go through whole; of partitions it is the table that they are of.
type missingIndex struct {
	schema, table string

	columns []string
	indexed []string // what an index that serves is on: columns and expressions
	clauses []string
	plain   []string // the columns that stand alone in a condition that is met above the table
	foreign bool     // it is another server's
	whole   bool     // the view is in the way: no index can help
	reads   []string
	plan    string
}

// plans asks PostgreSQL how it would run the reads if it avoided whole tables
// where it can: what it reads whole even then has no index that serves.
func (c *checker) plans(ctx context.Context) error {
	var missing []*missingIndex
	reads, err := hotReads(c.Schema)
	if err != nil {
		return err
	}
	if err := c.avoidWholeTables(ctx); err != nil {
		return err
	}
	for _, read := range append(reads, probes(c.Schema)...) {
		if !c.plannable(read.relations) {
			continue
		}
		read.sql = core.WithoutColumns(read.sql, read.relations, func(relation, column string) bool {
			return slices.Contains(c.lacking, relation+"."+column)
		})
		var plan *planNode
		err := c.savepoint(ctx, func(tx pgx.Tx) (err error) {
			plan, err = explain(ctx, tx, read)
			return err
		})
		if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
			if !c.fit(read.relations...) {
				continue // said already
			}
			for _, name := range read.relations {
				c.unplanned[name] = true
			}
			c.breach(Breach{Relation: read.relations[len(read.relations)-1], Rule: RuleUnreadable,
				What:   fmt.Sprintf("planning %s fails with SQLSTATE %s", read.name, pg.Code) + blame(pg.Code),
				Remedy: "run explain select * from oversikt." + read.relations[len(read.relations)-1] + " as the role to see the error"})
			continue
		}
		if err != nil {
			return fmt.Errorf("explain %s: %w", read.name, err)
		}
		scans := plan.wholeScans()
		for _, scan := range scans {
			m := scan.missing()
			facts, err := c.tableFacts(ctx, scan.node, m.plain)
			if err != nil {
				return err
			}
			if facts.Small && scan.cheapWhenSmall() {
				continue
			}
			if facts.Indexed || m.whole {
				m.whole, m.columns = true, nil
			}
			m.schema, m.table = facts.Schema, facts.Table
			if missing, err = c.merge(ctx, missing, m, read); err != nil {
				return err
			}
		}
	}
	for _, m := range missing {
		c.breach(m.breach())
	}
	return nil
}

// plannable says whether nothing of the relations is missing or of a wrong type.
func (c *checker) plannable(relations []string) bool {
	for name := range c.unplanned {
		relation, _, _ := strings.Cut(name, ".")
		if slices.Contains(relations, relation) {
			return false
		}
	}
	return true
}

func (c *checker) avoidWholeTables(ctx context.Context) error {
	return c.set(ctx, "plan_cache_mode", "force_generic_plan", "enable_seqscan", "off", "enable_hashjoin", "off",
		"enable_mergejoin", "off", "enable_material", "off", "enable_indexonlyscan", "off", "max_parallel_workers_per_gather",
		"0")
}

const preparedName = "oversikt_check"

// explain plans a read for parameters that are not known, as a prepared statement is.
func explain(ctx context.Context, tx pgx.Tx, read hotRead) (*planNode, error) {
	text, err := explained(ctx, tx, read, "verbose, format json")
	if err != nil {
		return nil, err
	}
	var out []struct{ Plan planNode }
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return nil, err
	}
	if len(out) != 1 {
		return nil, errors.New("not one plan")
	}
	return &out[0].Plan, nil
}

func explained(ctx context.Context, tx pgx.Tx, read hotRead, options string) (text string, err error) {
	if _, err = tx.Exec(ctx, "prepare "+preparedName+" as "+read.sql); err != nil {
		return "", err
	}
	defer func() {
		if err == nil {
			_, err = tx.Exec(ctx, "deallocate "+preparedName)
		}
	}()
	nulls := strings.TrimSuffix(strings.Repeat("null, ", read.params), ", ")
	if nulls != "" {
		nulls = "(" + nulls + ")"
	}
	rows, err := tx.Query(ctx, "explain ("+options+") execute "+preparedName+nulls, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return "", err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return strings.Join(lines, "\n"), err
}

// tableFact is what the catalogue says of a table.
type tableFact struct {
	Small   bool // it has so few pages that reading it whole costs nothing
	Indexed bool // an index begins with one of the columns

	Schema, Table string // its own, or those of the table that it is a partition of
}

func (c *checker) tableFacts(ctx context.Context, n *planNode, columns []string) (tableFact, error) {
	sql, err := files.ReadFile("sql/table.sql")
	if err != nil {
		return tableFact{}, err
	}
	rows, err := c.tx.Query(ctx, string(sql), pgx.QueryExecModeExec, pgx.NamedArgs{
		"schema": n.Schema, "table": n.Table, "columns": columns,
	})
	if err != nil {
		return tableFact{}, err
	}
	facts, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[tableFact])
	if err != nil {
		return tableFact{}, fmt.Errorf("look at table %s.%s: %w", n.Schema, n.Table, err)
	}
	return facts, nil
}

// merge adds a finding to those before it, once for each table and columns, with the plan of the
// simplest of the reads.
func (c *checker) merge(ctx context.Context, missing []*missingIndex, m *missingIndex, read hotRead) ([]*missingIndex,
	error) {
	i := slices.IndexFunc(missing, func(o *missingIndex) bool {
		return o.schema == m.schema && o.table == m.table && o.whole == m.whole && slices.Equal(o.columns, m.columns)
	})
	if i < 0 {
		i, missing = len(missing), append(missing, m)
	}
	o := missing[i]
	if slices.Contains(o.reads, read.name) {
		return missing, nil
	}
	o.reads = append(o.reads, read.name)
	if o.plan != "" && !read.lookup {
		return missing, nil
	}
	return missing, c.savepoint(ctx, func(tx pgx.Tx) error {
		plan, err := explained(ctx, tx, read, "costs off")
		if read.lookup {
			plan = read.sql + "\n" + plan
		} else {
			plan = read.name + "\n" + plan
		}
		o.plan = plan
		return err
	})
}

func (m *missingIndex) breach() Breach {
	b := Breach{Relation: m.schema + "." + m.table, Column: strings.Join(m.columns, ", "), Rule: RuleIndex, Plan: m.plan}
	if m.foreign {
		b.What = "fetched whole from another server by " + some(m.reads)
		b.Remedy = "let PostgreSQL send the condition along: use_remote_estimate, a type and collation that both sides have, no function that the other does not know; see docs/recipes.md"
		return b
	}
	if m.whole {
		b.What = "read whole by " + some(m.reads) + ": the condition does not reach the table"
		b.Remedy = "the view computes all its rows before one is chosen (group by, distinct, a window, a limit, a volatile function, a union of joins): see \"Views that PostgreSQL can see through\" in docs/contract.md"
		return b
	}
	b.What = "no index serves " + some(m.reads)
	if len(m.columns) == 0 {
		b.Remedy = "the view reads the whole table: join it by an indexed column"
		return b
	}
	b.Remedy = "index what the rows are chosen by: " + strings.Join(m.clauses, " and ")
	if len(m.indexed) > 0 {
		b.Remedy += "; write create index concurrently where the table is in use and has no partitions"
		b.DDL = fmt.Sprintf("create index on %s (%s);", pgx.Identifier{m.schema, m.table}.Sanitize(),
			strings.Join(m.indexed, ", "))
	}
	return b
}
