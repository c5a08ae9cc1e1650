package peer

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// source is one agency's database.
type source struct {
	code     string
	name     string
	deadline time.Duration
	pool     *pgxpool.Pool
	reads    []read
}

// read is a statement and the loop that takes its rows up.
type read struct {
	name   string
	sql    string
	params int
	scan   func(*part, pgx.Rows) error
}

// ordered returns the reads that the flagship query needs, in the product's order.
func ordered(sql map[string]string) ([]read, error) {
	reads := []read{
		{name: "policy", scan: (*part).policy},
		{name: "rate", scan: (*part).rates},
		{name: "creditor", params: 2, scan: (*part).creditors},
		{name: "case", params: 2, scan: (*part).readCases},
		{name: "hold", params: 2, scan: (*part).holds},
		{name: "fee", params: 2, scan: (*part).fees},
		{name: "scheduled_cost", params: 2, scan: (*part).scheduledCosts},
		{name: "letter", params: 2, scan: (*part).letters},
		{name: "payment", params: 2, scan: (*part).payments},
		{name: "payment_allocation", params: 2, scan: (*part).allocations},
		{name: "agreement", params: 2, scan: (*part).agreements},
		{name: "instalment", params: 1, scan: (*part).instalments},
		{name: "objection", params: 2, scan: (*part).objections},
	}
	for i := range reads {
		text, ok := sql[reads[i].name]
		if !ok {
			return nil, fmt.Errorf("the contract has no read %s", reads[i].name)
		}
		reads[i].sql = text
	}
	return reads, nil
}

// open sets the pool up as package agency does.
func open(ctx context.Context, c agency.Config, reads []read) (*source, error) {
	s := &source{code: c.Code, name: c.Name, deadline: c.Deadline, reads: reads}
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

// warm prepares every read on a new connection.
func (s *source) warm(ctx context.Context, conn *pgx.Conn) error {
	core.Register(conn)
	_, err := s.ask(ctx, conn, nil, 0)
	return err
}

func (s *source) read(ctx context.Context, nationalID string, today norway.Date) (*part, error) {
	ctx, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	return s.ask(ctx, s.pool, nationalID, today)
}

func (s *source) ask(ctx context.Context, conn core.Conn, nationalID any, today norway.Date) (*part, error) {
	var batch pgx.Batch
	batch.Queue("begin isolation level repeatable read read only")
	for i := range s.reads {
		switch r := &s.reads[i]; r.params {
		case 0:
			batch.Queue(r.sql)
		case 1:
			batch.Queue(r.sql, nationalID)
		default:
			batch.Queue(r.sql, nationalID, nil)
		}
	}
	batch.Queue("commit")
	results := conn.SendBatch(ctx, &batch)
	p := &part{code: s.code, name: s.name, terms: debt.Terms{Today: today}}
	err := s.take(p, results)
	if closed := results.Close(); err == nil {
		err = closed
	}
	return p, err
}

func (s *source) take(p *part, results pgx.BatchResults) error {
	if _, err := results.Exec(); err != nil {
		return err
	}
	for i := range s.reads {
		rows, err := results.Query()
		if err != nil {
			return err
		}
		err = s.reads[i].scan(p, rows)
		rows.Close()
		if err == nil {
			err = rows.Err()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.reads[i].name, err)
		}
	}
	_, err := results.Exec()
	return err
}
