package check

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// limits warns of limits on the role that are below what one answer may take: they hold, and so
// answers are lost that the service would have waited for.
func (c *checker) limits(ctx context.Context) error {
	rows, err := catalogue(ctx, c, "limit.sql", pgx.RowToStructByPos[struct{ Name, Value, Whose string }])
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if seen[r.Name] {
			continue
		}
		seen[r.Name] = true
		least, what := c.Deadline, "an answer is broken off before the agency's deadline of %s"
		if r.Name == "lock_timeout" {
			least, what = c.Deadline/2, "an act gives up on a lock before %s, half of the agency's deadline"
		}
		has, ok := limitOf(r.Value)
		if !ok || has == 0 || has >= least {
			continue
		}
		c.warn(Breach{
			Relation: "role " + c.Role, Rule: RuleLimit,
			What: fmt.Sprintf("%s of %s is %s, and holds: "+what, r.Name, r.Whose, has, least),
			Remedy: fmt.Sprintf("raise it if that is not meant (alter role %s set %s = '%s'), or set a lower deadline in the configuration of Oversikt, and say --deadline to this check",
				c.Role, r.Name, least),
		})
	}
	return nil
}

var limitForm = regexp.MustCompile(`^\s*([0-9.]+)\s*([a-z]*)\s*$`)

// limitOf reads a limit as PostgreSQL writes it: milliseconds where no unit is said.
func limitOf(value string) (time.Duration, bool) {
	m := limitForm.FindStringSubmatch(strings.Trim(value, "'\""))
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	unit, ok := map[string]time.Duration{"us": time.Microsecond, "": time.Millisecond, "ms": time.Millisecond,
		"s": time.Second, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[m[2]]
	return time.Duration(n * float64(unit)), ok && err == nil
}
