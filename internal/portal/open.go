package portal

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Role is the role that the migrations make, and that the service connects as. It owns nothing:
// the migration of a table grants what the role may do with it.
const Role = "oversikt_portal"

// Patience is how long a request waits for this database. It is set before the first use: tests
// wait longer, on a machine that is busy with others.
var Patience = 2 * time.Second

const maxConns = 16

// Open returns a pool of connections to the portal database, without waiting for it: a database
// that is down at the start is treated like one that goes down later. The error is only about
// the connection string.
func Open(dsn string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("portal: the connection string cannot be read") // pgx would repeat it
	}
	params := config.ConnConfig.RuntimeParams
	params["application_name"] = "oversikt"
	params["search_path"] = ""
	params["statement_timeout"] = fmt.Sprint((Patience + time.Second).Milliseconds())
	params["idle_in_transaction_session_timeout"] = fmt.Sprint((Patience + 3*time.Second).Milliseconds())
	config.ConnConfig.ConnectTimeout = Patience
	if config.MaxConns < maxConns {
		config.MaxConns = maxConns
	}
	config.MaxConnLifetimeJitter = config.MaxConnLifetime / 10
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, fmt.Errorf("portal: open pool: %w", err)
	}
	return pool, nil
}
