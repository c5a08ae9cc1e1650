package health

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// codeOf tells why there is no connection, or why one is of no use.
func codeOf(err error) Code {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case pg.Code == "3D000":
			return NoSuchDatabase
		case pg.Code[:2] == "28", pg.Code == "42501": // 42501: no right to connect to the database
			return LoginRefused
		case pg.Code == "53300":
			return TooManyConnections
		case pg.Code == "57P03":
			return Starting
		}
	}
	if pgconn.Timeout(err) || errors.Is(err, context.DeadlineExceeded) {
		return NoAnswer
	}
	return Unreachable
}
