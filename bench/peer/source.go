package peer

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// source is one agency's database.
type source struct {
	code      string
	name      string
	deadline  time.Duration
	pool      *pgxpool.Pool
	statement string
}

// open sets the pool up as package agency does.
func open(ctx context.Context, c agency.Config, statement string) (*source, error) {
	s := &source{code: c.Code, name: c.Name, deadline: c.Deadline, statement: statement}
	if s.deadline == 0 {
		s.deadline = agency.DefaultDeadline
	}
	config, err := pgxpool.ParseConfig(c.DSN)
	if err != nil {
		return nil, fmt.Errorf("connection string: %w", err)
	}
	params := config.ConnConfig.RuntimeParams
	params["application_name"] = "peer"
	params["search_path"] = ""
	params["default_transaction_read_only"] = "on"
	params["statement_timeout"] = "1700"
	params["idle_in_transaction_session_timeout"] = "5000"
	params["plan_cache_mode"] = "force_generic_plan"
	config.AfterConnect = s.warm
	config.MaxConns = c.MaxConns
	if config.MaxConns == 0 {
		config.MaxConns = 16
	}
	config.MinIdleConns = min(2, config.MaxConns)
	config.MaxConnLifetimeJitter = config.MaxConnLifetime / 10
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	s.pool, err = pgxpool.NewWithConfig(ctx, config)
	return s, err
}

// warm prepares the statement on a new connection.
func (s *source) warm(ctx context.Context, conn *pgx.Conn) error {
	_, err := s.ask(ctx, conn, nil, 0)
	return err
}

func (s *source) read(ctx context.Context, nationalID string, today norway.Date) (*part, error) {
	ctx, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	return s.ask(ctx, s.pool, nationalID, today)
}

// querier is a connection, or a pool of them.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// room is what most people's cases fit in.
const room = 8

func (s *source) ask(ctx context.Context, conn querier, nationalID any, today norway.Date) (*part, error) {
	rows, err := conn.Query(ctx, s.statement, nationalID)
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	defer rows.Close()
	p := &part{
		code: s.code, name: s.name, terms: debt.Terms{Today: today, Rates: make([]debt.Rate, 0, 8*room)},
		creditors: make([]debt.Creditor, 0, room), cases: make([]debt.Case, 0, room),
	}
	for rows.Next() {
		r := row(rows.RawValues())
		relations[r.relation()].take(p, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return p, nil
}
