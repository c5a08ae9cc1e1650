// Package portal is Oversikt's own database: what belongs to the service and to no
// agency. It holds the pool, the secret that hides people in it, and the role that the
// service connects as. Its schema is made by portal/migrate, and what stands in it belongs
// to the packages that use it.
package portal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/tcp"
)

// Role is the role that the migrations make and that the service connects as. It owns
// nothing: what it may do with a table is what the table's migration grants.
const Role = "oversikt_portal"

// Schema is the schema of all that the migrations make, the job queue's tables too.
const Schema = "portal"

// DefaultPatience is how long a request waits for this database where nobody says otherwise.
const DefaultPatience = 2 * time.Second

const maxConns = 16

// ErrEncoding says that the portal database does not know in which encoding its texts are.
var ErrEncoding = errors.New("the portal database is in SQL_ASCII, which hands out bytes as they are, whatever they mean: " +
	"make one in UTF8, and run `oversikt migrate` or bring the data over with pg_dump --encoding and pg_restore")

// Encoded returns [ErrEncoding] for a connection to a database in SQL_ASCII.
func Encoded(conn *pgconn.PgConn) error {
	if conn.ParameterStatus("server_encoding") == "SQL_ASCII" {
		return ErrEncoding
	}
	return nil
}

// Open returns the portal database, without waiting for it: a database that is down at the
// start is treated like one that goes down later. A patience of 0 is DefaultPatience. The
// database ends a statement soon after, whoever has sent it. The error is about the
// connection string.
func Open(dsn string, patience time.Duration) (*DB, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("portal: the connection string cannot be read") // pgx would repeat it
	}
	if err := tcp.CheckPlain(&config.ConnConfig.Config); err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	patience = cmp.Or(patience, DefaultPatience)
	params := config.ConnConfig.RuntimeParams
	params["application_name"] = "oversikt"
	params["client_encoding"] = "UTF8" // whatever the database or the role says
	params["search_path"] = ""
	params["statement_timeout"] = fmt.Sprint((patience + time.Second).Milliseconds())
	params["idle_in_transaction_session_timeout"] = fmt.Sprint((patience + 3*time.Second).Milliseconds())
	// A line that is dead is noticed at both ends: here, and by the database, which would keep
	// the locks of a session for two hours otherwise.
	config.ConnConfig.DialFunc = tcp.Dial
	tcp.AskServer(params)
	config.ConnConfig.ConnectTimeout = patience
	if config.MaxConns < maxConns {
		config.MaxConns = maxConns
	}
	config.MaxConnLifetimeJitter = config.MaxConnLifetime / 10
	db := &DB{patience: patience}
	config.AfterConnect = db.afterConnect
	if db.pool, err = pgxpool.NewWithConfig(context.Background(), config); err != nil {
		return nil, fmt.Errorf("portal: open pool: %w", err)
	}
	return db, nil
}
