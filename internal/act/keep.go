package act

import (
	"fmt"

	"github.com/oversikt/oversikt/internal/portal"
)

// Rules returns what the retention schedule says of acts: of each, what it declares.
func Rules(acts []*Act) []portal.Rule {
	rules := make([]portal.Rule, len(acts))
	for i, a := range acts {
		rules[i] = portal.Rule{
			Name: a.Rule(), Relation: "portal.act", Age: "kept_from", Condition: fmt.Sprintf("name = '%s'", a.Name),
			Days: a.Keep.Days, Reason: a.Keep.Why,
		}
	}
	return rules
}
