package check

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// functionRow is one argument or result of a function in schema oversikt; Name is empty
// for a function without any.
type functionRow struct {
	OID      int64
	Function string
	Definer  bool
	Volatile bool
	Public   bool
	Path     string // what is wrong with its search_path; empty for nothing
	Pathed   bool   // it has one of its own
	Name     string
	Result   bool
	Type     string
}

// functions looks at the acts in the catalogue. Whether the role can call them is its
// rights' business.
func (c *checker) functions(ctx context.Context) error {
	rows, err := catalogue(ctx, c, "functions.sql", pgx.RowToStructByPos[functionRow])
	if err != nil {
		return err
	}
	found := map[string][]functionRow{}
	for _, row := range rows {
		found[row.Function] = append(found[row.Function], row)
	}
	for _, f := range spec.Functions {
		c.function(f, found[f.Name])
	}
	return nil
}

// function looks at the functions of one name. That one is missing is no breach: what needs
// it is not offered.
func (c *checker) function(f spec.Function, rows []functionRow) {
	byOID := map[int64][]functionRow{}
	for _, row := range rows {
		byOID[row.OID] = append(byOID[row.OID], row)
	}
	old := 0
	for oid, of := range byOID {
		if f.IsAct() && isOld(of) {
			delete(byOID, oid)
			old++
		}
	}
	if len(byOID) > 1 {
		c.breach(Breach{
			Relation: f.Name, Rule: RuleFunction,
			What:   "there are several functions of this name",
			Remedy: "drop all but " + f.Signature() + ": PostgreSQL may not be able to choose between them",
		})
		return
	}
	for _, of := range byOID {
		c.parameters(f, f.Arguments, of, RuleArgument, "argument")
		c.parameters(f, f.Results, of, RuleResult, "result")
		c.execution(f, of[0])
		return
	}
	switch {
	case !f.IsAct():
		c.noLogin = c.noLogin || len(f.With) > 0
	case old > 0:
		c.old = append(c.old, f.Name)
		fallthrough
	default:
		c.missing = append(c.missing, f.Name)
	}
}

// isOld says that a function is one of version 1, which had the caller as a number and no
// input.
func isOld(rows []functionRow) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(rows, func(r functionRow) bool { return !r.Result && r.Name == name })
	}
	return has("national_id") && !has("caller") && !has("input")
}

// parameters compares the arguments, or the results, of a function.
func (c *checker) parameters(f spec.Function, want []spec.Column, rows []functionRow, rule Rule, word string) {
	remedy := fmt.Sprintf("drop it and create function %s, then grant execute anew", f.Signature())
	for _, col := range want {
		i := slices.IndexFunc(rows, func(r functionRow) bool {
			return r.Name == col.Name &&
				r.Result == (rule == RuleResult)
		})
		switch {
		case i < 0:
			c.breach(Breach{Relation: f.Name, Column: col.Name, Rule: rule, What: "the " + word + " is missing", Remedy: remedy})
		case !slices.Contains(col.Types, rows[i].Type):
			c.breach(Breach{
				Relation: f.Name, Column: col.Name, Rule: rule,
				What:   fmt.Sprintf("the type of the %s is %s, not %s", word, rows[i].Type, anyOf(col.Types)),
				Remedy: remedy,
			})
		}
	}
	for _, row := range rows {
		wanted := slices.ContainsFunc(want, func(col spec.Column) bool { return col.Name == row.Name })
		if row.Type != "" && !row.Result && rule == RuleArgument && !wanted {
			c.breach(Breach{
				Relation: f.Name, Column: row.Name, Rule: rule,
				What:   "the contract has no such argument, and Oversikt does not pass it",
				Remedy: remedy,
			})
		}
	}
}

// execution looks at the rights that a function runs with and gives.
func (c *checker) execution(f spec.Function, row functionRow) {
	alter := "alter function oversikt." + f.Name
	if !row.Definer {
		c.breach(Breach{
			Relation: f.Name, Rule: RuleInvokerRights,
			What:   "the function is security invoker: it runs with the rights of Oversikt's role, which has none on your tables",
			Remedy: alter + " security definer; do not grant the tables",
		})
	}
	if row.Path != "" {
		c.breach(Breach{Relation: f.Name, Rule: RuleSearchPath, What: row.Path, Remedy: alter + safePath})
	}
	if !row.Volatile {
		c.breach(Breach{
			Relation: f.Name, Rule: RuleVolatility,
			What:   "the function is not volatile: PostgreSQL lets it change nothing",
			Remedy: alter + " volatile",
		})
	}
	if row.Public {
		c.breach(Breach{
			Relation: f.Name, Rule: RulePublic, What: isPublic,
			Remedy: fmt.Sprintf("revoke execute on function oversikt.%s from public", f.Name),
		})
	}
}

const (
	safePath = " set search_path = pg_catalog, pg_temp, and name the schema of everything else in it"
	isPublic = "everybody who can connect may call it, as functions are granted to public when they are created"
)

// Functions proves of any schema what is asked of the contract's functions: one that runs with its
// owner's rights, or says where names are looked up, looks nowhere where others can create, and
// public may not call what runs with its owner's rights.
func Functions(ctx context.Context, tx pgx.Tx, schema string) ([]Breach, error) {
	c := &checker{tx: tx, Options: Options{Schema: schema}}
	rows, err := catalogue(ctx, c, "functions.sql", pgx.RowToStructByPos[functionRow])
	if err != nil {
		return nil, fmt.Errorf("check functions of schema %s: %w", schema, err)
	}
	seen := map[int64]bool{}
	for _, row := range rows {
		if name := schema + "." + row.Function; !seen[row.OID] {
			if row.Path != "" && (row.Definer || row.Pathed) {
				c.breach(Breach{Relation: name, Rule: RuleSearchPath, What: row.Path, Remedy: "alter function " + name + safePath})
			}
			if row.Public && row.Definer {
				c.breach(Breach{Relation: name, Rule: RulePublic, What: isPublic,
					Remedy: "revoke execute on function " + name + " from public"})
			}
		}
		seen[row.OID] = true
	}
	return c.breaches, nil
}

// shadowed warns of functions that an act's function may call, and that then find temporary types and
// tables of the role where they look for others: with the owner's rights.
func (c *checker) shadowed(ctx context.Context) error {
	found, err := catalogue(ctx, c, "shadowed.sql", pgx.RowToStructByPos[grant])
	if err != nil {
		return err
	}
	bySchema(found, func(schema string, functions []grant) {
		c.warn(Breach{
			Relation: "schema " + schema, Rule: RuleSearchPath,
			What: fmt.Sprintf("the search_path of functions in it does not end with pg_temp, which is then searched first: %s. "+
				"Called by an act's function, they find what role %s has put there", someGrants(functions), c.Role),
			Remedy: "alter each of them to end its search_path with pg_temp, or revoke temporary on this database from public, " + c.Role,
		})
	})
	return nil
}

// callable looks for functions that the role cannot call.
func (c *checker) callable(ctx context.Context) error {
	names, err := catalogue(ctx, c, "uncallable.sql", pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		c.breach(Breach{
			Relation: name, Rule: RuleUncallable,
			What:   fmt.Sprintf("role %s cannot call it", c.Role),
			Remedy: fmt.Sprintf("grant execute on function oversikt.%s to %s", name, c.Role),
		})
	}
	return nil
}
