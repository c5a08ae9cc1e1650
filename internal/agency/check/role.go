package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

type roleRow struct {
	Super, BypassRLS, CreateRole, CreateDB, Replication, Login bool
}

// grant is one right on one object.
type grant struct {
	Schema, Object, Privilege string
}

// rights proves that the run-time role can read the views, call the functions and do
// nothing else. What it could become through a membership counts as what it is.
func (c *checker) rights(ctx context.Context) error {
	if err := c.chooseRole(ctx); err != nil {
		return err
	}
	subject := "role " + c.Role
	roles, err := catalogue(ctx, c, "role.sql", pgx.RowToStructByPos[roleRow])
	if err != nil {
		return err
	}
	if len(roles) == 0 {
		c.breach(Breach{
			Relation: subject, Rule: RuleRole,
			What:   "the role does not exist",
			Remedy: fmt.Sprintf("create role %s login nosuperuser nocreatedb nocreaterole noinherit nobypassrls; then grant it usage on schema oversikt, select on its views and execute on its functions", c.Role),
		})
		return c.blind()
	}
	if powers := roles[0].powers(); len(powers) > 0 {
		c.breach(Breach{
			Relation: subject, Rule: RulePower,
			What:   "the role has " + strings.Join(powers, ", "),
			Remedy: fmt.Sprintf("alter role %s no%s", c.Role, strings.Join(powers, " no")),
		})
	}
	if !roles[0].Login {
		c.breach(Breach{
			Relation: subject, Rule: RuleRole,
			What:   "the role cannot log in",
			Remedy: fmt.Sprintf("alter role %s login, with a password or a certificate", c.Role),
		})
	}
	if roles[0].Super {
		return nil // every other right follows from it
	}
	return c.lesserRights(ctx, subject)
}

func (r roleRow) powers() []string {
	var names []string
	for _, p := range []struct {
		has  bool
		name string
	}{{r.Super, "superuser"}, {r.BypassRLS, "bypassrls"}, {r.CreateRole, "createrole"}, {r.CreateDB, "createdb"},
		{r.Replication, "replication"}} {
		if p.has {
			names = append(names, p.name)
		}
	}
	return names
}

// chooseRole takes the connected user as the run-time role where that is meant.
func (c *checker) chooseRole(ctx context.Context) error {
	if c.Role != "" {
		return nil
	}
	c.Role = c.user
	if c.user == spec.DefaultRole {
		return nil
	}
	owned, err := catalogue(ctx, c, "own.sql", pgx.RowTo[string])
	if err != nil {
		return err
	}
	if len(owned) > 0 {
		c.Role = spec.DefaultRole
	}
	return nil
}

func (c *checker) lesserRights(ctx context.Context, subject string) error {
	members, err := catalogue(ctx, c, "member.sql", pgx.RowTo[string])
	if err != nil {
		return err
	}
	if len(members) > 0 {
		c.breach(Breach{
			Relation: subject, Rule: RuleMember,
			What:   "the role is a member of " + some(members),
			Remedy: fmt.Sprintf("revoke %s from %s", strings.Join(members, ", "), c.Role),
		})
	}
	owned, err := catalogue(ctx, c, "own.sql", pgx.RowTo[string])
	if err != nil {
		return err
	}
	if len(owned) > 0 {
		c.breach(Breach{
			Relation: subject, Rule: RuleOwner,
			What:   "the role owns " + some(owned),
			Remedy: "alter their owner: an owner can change and grant them, and a view reads your tables with its owner's rights",
		})
	}
	unread, err := catalogue(ctx, c, "unread.sql", pgx.RowToStructByPos[struct {
		Relation string
		Usage    bool
	}])
	if err != nil {
		return err
	}
	var names []string
	usage := true
	for _, u := range unread {
		usage = usage && u.Usage
		if u.Usage && slices.ContainsFunc(spec.Relations, func(r spec.Relation) bool { return r.Name == u.Relation }) {
			names = append(names, u.Relation)
		}
	}
	if !usage {
		c.breach(Breach{
			Relation: subject, Rule: RuleUnread,
			What:   "the role has no usage on schema oversikt",
			Remedy: fmt.Sprintf("grant usage on schema oversikt to %s", c.Role),
		})
	}
	for _, name := range names {
		c.breach(Breach{
			Relation: name, Rule: RuleUnread,
			What:   fmt.Sprintf("role %s cannot read it", c.Role),
			Remedy: fmt.Sprintf("grant select on oversikt.%s to %s", name, c.Role),
		})
	}
	if err := c.callable(ctx); err != nil {
		return err
	}
	if err := c.blind(); err != nil {
		return err
	}
	return c.surplusRights(ctx)
}

// blind is an error where data cannot be looked at and no breach says why.
func (c *checker) blind() error {
	if len(c.unread) > 0 && c.user != c.Role {
		return fmt.Errorf("user %s cannot read oversikt.%s: connect as the owner of the schema, or as role %s", c.user,
			c.unread[0], c.Role)
	}
	return nil
}

// surplusRights looks for what the role can do beside the contract.
func (c *checker) surplusRights(ctx context.Context) error {
	for _, s := range []struct {
		file   string
		rule   Rule
		what   string
		remedy string
	}{
		{"outside.sql", RuleOutside, "role %s can read outside the contract: %s",
			"revoke select on those tables from whom it is granted to (%s, public or a role that it is a member of)"},
		{"write.sql", RuleWrite, "role %s can change data: %s",
			"revoke those rights from whom they are granted to (%s, public or a role that it is a member of)"},
		{"definer.sql", RuleDefiner, "role %s can call functions that run with their owner's rights (security definer): %s",
			"revoke execute on them from public, and from %s"},
	} {
		grants, err := catalogue(ctx, c, s.file, pgx.RowToStructByPos[grant])
		if err != nil {
			return err
		}
		bySchema(grants, func(schema string, grants []grant) {
			c.breach(Breach{
				Relation: "schema " + schema, Rule: s.rule,
				What:   fmt.Sprintf(s.what, c.Role, someGrants(grants)),
				Remedy: fmt.Sprintf(s.remedy, c.Role),
			})
		})
	}
	if err := c.shadowed(ctx); err != nil {
		return err
	}
	places, err := catalogue(ctx, c, "create.sql", pgx.RowToStructByPos[struct{ Kind, Name string }])
	if err != nil {
		return err
	}
	for _, p := range places {
		c.breach(Breach{
			Relation: p.Kind + " " + p.Name, Rule: RuleCreate,
			What:   fmt.Sprintf("role %s can create objects in it", c.Role),
			Remedy: fmt.Sprintf("revoke create on %s %s from public, %s", p.Kind, p.Name, c.Role),
		})
	}
	return nil
}

// bySchema calls say for each schema with its grants, which come in the order of schemas.
func bySchema(grants []grant, say func(schema string, grants []grant)) {
	for len(grants) > 0 {
		n := 1
		for n < len(grants) && grants[n].Schema == grants[0].Schema {
			n++
		}
		say(grants[0].Schema, grants[:n])
		grants = grants[n:]
	}
}

// some names the first few of a list.
func some(names []string) string {
	const few = 5
	if len(names) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
	}
	return strings.Join(names, ", ")
}

// someGrants names the first few objects with the rights on each.
func someGrants(grants []grant) string {
	var names []string
	for i, g := range grants {
		if i > 0 && grants[i-1].Object == g.Object {
			names[len(names)-1] += " " + strings.ToLower(g.Privilege)
			continue
		}
		names = append(names, fmt.Sprintf("%s %s", g.Object, strings.ToLower(g.Privilege)))
	}
	return some(names)
}
