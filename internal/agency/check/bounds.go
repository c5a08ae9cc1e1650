package check

import (
	"fmt"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// bound is what no value of a column may be.
type bound struct {
	where  string // SQL that is true for such a value
	rule   Rule
	what   string
	remedy string
}

// bounds returns those of a column.
func bounds(r spec.Relation, col spec.Column) (all []bound) {
	name := quoted(col.Name)
	if col.Null == "" {
		all = append(all, bound{name + " is null", RuleNull, "null",
			fmt.Sprintf("null is not allowed here: give those rows a value (coalesce in the view), or leave them out of the view (%s)",
				col.About)})
	}
	switch {
	case col.IsAmount():
		all = append(all, bound{fmt.Sprintf("%s not between 0 and %d", name, money.Max), RuleAmount,
			"an amount that is not from 0 to 10,000 million kroner",
			"mend the rows, or the mapping: kroner are multiplied by 100 once, and no amount has a minus sign"})
	case col.IsRate():
		all = append(all, bound{fmt.Sprintf("%s not between 0 and %d", name, spec.MaxBasisPoints), RuleRate,
			"a rate that is not from 0 to 1,000 per cent",
			"mend the rows, or the mapping: 12.25 per cent is 1225"})
	case r.Name == "policy" && col.Types[0] == "integer":
		all = append(all, bound{fmt.Sprintf("%s not between 0 and %d", name, spec.MaxCount), RuleCount,
			fmt.Sprintf("a count that is not from 0 to %s", Thousands(spec.MaxCount)), "mend the row, or the mapping"})
	case col.IsDay():
		where := fmt.Sprintf("%[1]s < '%[2]s' or %[1]s > '%[3]s'", name, norway.FirstDate, norway.LastDate)
		remedy := "give null for a day that is not known or never comes, where null is allowed; mend the row where it is not"
		if col.Ends {
			where = fmt.Sprintf("(%s) and %s <> 'infinity'", where, name)
		}
		all = append(all, bound{where, RuleDate, "a day before 1900 or after 2199", remedy})
	case col.IsText() && !col.IsKey() && col.Codes == nil:
		all = append(all, bound{fmt.Sprintf("octet_length(%s) > %d", name, spec.MaxText), RuleText,
			fmt.Sprintf("a text of more than %s bytes", Thousands(spec.MaxText)), "cut it in the view"})
	}
	return all
}
