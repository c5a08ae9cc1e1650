package migrate

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
)

//go:embed insert_rules.sql
var insertRules string

// addRules adds what the retention schedule lacks of the rules.
func addRules(ctx context.Context, config *pgx.ConnConfig, rules []portal.Rule) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("open portal database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var names, relations, ages, conditions, reasons []string
	var days []int32
	for _, r := range rules {
		names, relations, ages = append(names, r.Name), append(relations, r.Relation), append(ages, r.Age)
		conditions, days, reasons = append(conditions, r.Condition), append(days, int32(r.Days)), append(reasons, r.Reason)
	}
	if _, err := conn.Exec(ctx, insertRules, names, relations, ages, conditions, days, reasons); err != nil {
		return fmt.Errorf("add rules of retention: %w", err)
	}
	return nil
}
