package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// need is what a view needs of the role that reads it.
type need struct {
	Relation, Kind, Name string
	Allowed              bool
	Opaque               bool // a function whose own needs cannot be seen
}

// called proves that the role may do what the views do with its rights: a view reads tables with
// its owner's, but calls functions with its reader's.
func (c *checker) called(ctx context.Context) error {
	if slices.ContainsFunc(c.breaches, func(b Breach) bool { return b.Rule == RuleRole || b.Rule == RuleUnread }) {
		return nil // first things first
	}
	needs, err := catalogue(ctx, c, "called.sql", pgx.RowToStructByPos[need])
	if err != nil {
		return err
	}
	missing := map[need][]string{}
	opaque := map[string][]string{}
	var order []need
	for _, n := range needs {
		if spec.RelationNamed(n.Relation).Name == "" || c.unfit[n.Relation] {
			continue
		}
		if n.Opaque && n.Allowed {
			opaque[n.Name] = append(opaque[n.Name], n.Relation)
		}
		if n.Allowed {
			continue
		}
		key := need{Kind: n.Kind, Name: n.Name}
		if missing[key] == nil {
			order = append(order, key)
		}
		missing[key] = append(missing[key], n.Relation)
	}
	for _, n := range order {
		views := missing[n]
		b := Breach{Relation: views[0], Rule: RuleCalled}
		if n.Kind == "function" {
			b.What = fmt.Sprintf("role %s may not execute %s, which %s calls: every read of it fails", c.Role, n.Name, some(views))
			b.Remedy = "grant it: a view calls functions with the rights of who reads it, whoever owns the view"
			b.DDL = fmt.Sprintf("grant execute on function %s to %s;", n.Name, quoted(c.Role))
		} else {
			b.What = fmt.Sprintf("role %s may not read %s, which %s reads with its rights: every read of it fails", c.Role, n.Name,
				some(views))
			b.Remedy = "reset security_invoker of the view between them, or make the function security definer with a search_path of its own; do not grant the table"
		}
		c.breach(b)
		c.unread = append(c.unread, views...)
	}
	if c.user == c.Role {
		return nil
	}
	return c.becomeRole(ctx, opaque)
}

// becomeRole looks at the rows as the role, where the connected user may: so what is found is what
// the service will find.
func (c *checker) becomeRole(ctx context.Context, opaque map[string][]string) error {
	var may bool
	err := c.tx.QueryRow(ctx, "select pg_catalog.pg_has_role($1::text, 'MEMBER')", pgx.QueryExecModeExec,
		c.Role).Scan(&may)
	if err != nil {
		return err
	}
	if may && len(c.unread) == 0 {
		return c.savepoint(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, "set local role "+quoted(c.Role))
			return err
		})
	}
	var names []string
	for name := range opaque {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		c.warn(Breach{
			Relation: opaque[name][0], Rule: RuleCalled,
			What: fmt.Sprintf("%s calls %s with the rights of role %s, and user %s cannot try that", some(opaque[name]), name, c.Role,
				c.user),
			Remedy: "run the check as role " + c.Role + " too, or make the function security definer with a search_path of its own",
		})
	}
	return nil
}

// blame names the right that is missing where reading fails for want of one.
func blame(code string) string {
	if strings.HasPrefix(code, "42501") {
		return ": a right is missing, perhaps of a function that the view calls with the rights of who reads it"
	}
	return ""
}
