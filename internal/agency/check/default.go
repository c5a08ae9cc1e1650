package check

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// viewText is a view that a relation reads, itself first.
type viewText struct{ Relation, View, Text string }

// defaults looks into the text of the views for codes that are given to whatever is not mapped. A
// new code of the agency's would be read as one of them without a word: a case whose status is
// new, say, as closed.
func (c *checker) defaults(ctx context.Context) error {
	views, err := catalogue(ctx, c, "views.sql", pgx.RowToStructByPos[viewText])
	if err != nil {
		return err
	}
	for _, r := range spec.Relations {
		for _, v := range views {
			if v.Relation != r.Name {
				continue
			}
			for _, found := range defaultsIn(v.Text) {
				column, ok := codeColumn(r, found)
				if !ok {
					continue
				}
				c.warn(Breach{
					Relation: r.Name, Column: column, Rule: RuleDefault,
					What: fmt.Sprintf("view %s gives '%s' to every code that it does not name", v.View, found.literal),
					Remedy: fmt.Sprintf("name each of your codes and pass the others on: coalesce(case ... when ... then '%s' "+
						"end, your_code::text); the check then names those that are not mapped", found.literal),
				})
			}
		}
	}
	return nil
}

// codeColumn returns the column that a default is for: the one of that name, else the first that
// may hold the code.
func codeColumn(r spec.Relation, d byDefault) (string, bool) {
	col := r.Column(d.column)
	if col.Name != "" {
		return col.Name, col.Codes != nil && col.Codes.Has(d.literal)
	}
	i := slices.IndexFunc(r.Columns, func(col spec.Column) bool { return col.Codes != nil && col.Codes.Has(d.literal) })
	if i < 0 {
		return "", false
	}
	return r.Columns[i].Name, true
}

// byDefault is a text that an expression gives to all codes that it does not name.
type byDefault struct{ column, literal string }

// token is a quoted text, a word, a number, or a sign. PostgreSQL writes a view's text in one form,
// with keywords in capitals.
var token = regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_ÆØÅæøå][\wÆØÅæøå$.]*|[0-9.]+|::|<>|[<>!~=|+*/-]+|\S`)

// caseOf is a CASE that is being read.
type caseOf struct {
	simple    bool     // CASE code WHEN, and not CASE WHEN
	compares  bool     // it tells codes apart, and not only what is there from what is not
	otherwise []string // the tokens after ELSE
	unequal   string   // what it gives to all codes but one
	at        int      // the first token of the part that is read
	part      string   // WHEN, THEN or ELSE; empty: before the first WHEN
	coalesce  bool     // it is the first argument of COALESCE
	not       bool     // the last WHEN has <>
}

// defaultsIn finds the CASE and COALESCE of a view's text that end in a text for everything else.
func defaultsIn(text string) (found []byDefault) {
	tokens := token.FindAllString(text, -1)
	var open []*caseOf
	for i, t := range tokens {
		var now *caseOf
		if len(open) > 0 {
			now = open[len(open)-1]
		}
		switch {
		case t == "CASE":
			open = append(open, &caseOf{at: i + 1,
				coalesce: i > 1 && tokens[i-1] == "(" && strings.EqualFold(tokens[i-2], "COALESCE")})
		case now == nil:
		case t == "WHEN" || t == "THEN" || t == "ELSE":
			now.ends(tokens[now.at:i])
			now.part, now.at = t, i+1
		case t == "END":
			now.ends(tokens[now.at:i])
			open = open[:len(open)-1]
			if !now.compares {
				continue
			}
			literals := []string{literal(now.otherwise), now.unequal}
			if now.coalesce && i+2 < len(tokens) && tokens[i+1] == "," {
				literals = append(literals, literal(argument(tokens[i+2:])))
			}
			for _, l := range literals {
				if d := (byDefault{alias(tokens[i+1:]), l}); l != "" && !slices.Contains(found, d) {
					found = append(found, d)
				}
			}
		}
	}
	return found
}

// ends takes a part that has ended.
func (c *caseOf) ends(part []string) {
	constant := slices.ContainsFunc(part, func(t string) bool { return t[0] == '\'' || t[0] >= '0' && t[0] <= '9' })
	switch c.part {
	case "": // CASE code WHEN ...
		c.simple = len(part) > 0
	case "WHEN":
		c.not = slices.Contains(part, "<>") && constant
		equal := c.simple || slices.Contains(part, "=") || slices.Contains(part, "~~")
		c.compares = c.compares || c.not || constant && equal
	case "THEN":
		if c.not {
			c.unequal = literal(part)
		}
	case "ELSE":
		c.otherwise = part
	}
}

// literal returns the text that an expression is, cast or not; empty where it is more than that.
func literal(part []string) string {
	part = slices.DeleteFunc(slices.Clone(part), func(t string) bool { return t == "(" || t == ")" })
	if len(part) == 0 || part[0][0] != '\'' || len(part) > 1 && part[1] != "::" {
		return ""
	}
	return strings.ReplaceAll(strings.Trim(part[0], "'"), "''", "'")
}

// argument returns the tokens of the argument of a function that begins here, if it is the last.
func argument(tokens []string) []string {
	depth := 0
	for i, t := range tokens {
		switch t {
		case "(":
			depth++
		case ")":
			if depth--; depth < 0 {
				return tokens[:i]
			}
		case ",":
			if depth == 0 {
				return nil
			}
		}
	}
	return nil
}

// alias returns the name that the column has whose expression goes on here.
func alias(tokens []string) string {
	depth := 0
	for i, t := range tokens {
		switch t {
		case "(":
			depth++
		case ")":
			depth--
		case "AS":
			if depth <= 0 && i+1 < len(tokens) {
				return strings.Trim(tokens[i+1], `"`)
			}
		}
	}
	return ""
}
