package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/demo"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
)

// asOf is the day that the large database is made for and asked on, so that every
// run computes the same.
var asOf = norway.MustDate("2026-11-02")

// data is the databases that both servers read.
type data struct {
	dir      string
	today    norway.Date
	agencies []agency.Config
	portal   string // connection string of the product's own database
	debtors  int    // with cases, over all agencies
	cases    int
	close    func() error
}

func openData(ctx context.Context, o options) (*data, error) {
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return nil, fmt.Errorf("create data folder: %w", err)
	}
	open := openLarge
	if o.agencies == "demo" {
		open = openDemo
	}
	d, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	d.dir = o.dir
	for i, a := range d.agencies {
		d.agencies[i].Deadline = patience // a machine that is busy is slow, and nobody gives up
		d.agencies[i].Grace = patience    // so that every answer is the same
		if err := d.count(ctx, a.DSN); err != nil {
			return nil, errors.Join(err, d.close())
		}
	}
	return d, nil
}

func openDemo(ctx context.Context, o options) (*data, error) {
	dir := filepath.Join(o.dir, "demo")
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	progress("opening the demo agencies")
	d, err := demo.Open(ctx, dir, log)
	if err != nil {
		return nil, err
	}
	today, err := demo.Born(dir)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	agencies := d.Agencies()[:3] // those whose figures docs/benchmarks.md has, and where people ask
	for i := range agencies {
		agencies[i].MaxConns = 13 // six pools, and the portal's, share the demo's hundred connections
		// Straight, not over the line of the demo, which runs in this process.
		if agencies[i].DSN, err = changed(agencies[0].DSN, "", agencies[i].Code); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	return &data{today: today, agencies: agencies, portal: d.Portal(), close: d.Close}, nil
}

// changed returns a connection string for another role or database; empty keeps it.
func changed(dsn, role, database string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", fmt.Errorf("connection string: %w", err)
	}
	if role != "" {
		u.User = url.User(role)
	}
	if database != "" {
		u.Path = "/" + database
	}
	return u.String(), nil
}

func openLarge(ctx context.Context, o options) (*data, error) {
	bin, err := pgcluster.Ensure(ctx, slog.Default())
	if err != nil {
		return nil, err
	}
	cluster, err := pgcluster.Open(ctx, pgcluster.Options{
		Dir: filepath.Join(o.dir, "postgresql"), Log: slog.Default(), BinDir: bin,
		Settings: map[string]string{
			"max_connections": "100", "shared_buffers": "1GB", "synchronous_commit": "off", "max_wal_size": "4GB",
			"maintenance_work_mem": "512MB",
		},
	})
	if err != nil {
		return nil, err
	}
	prefix := fmt.Sprintf("%s_%d_", people.Fjord, o.debtors)
	name := prefix + pgcluster.HashFiles(reference.Files())[:8]
	if err := makeLarge(ctx, cluster, prefix, name, o.debtors); err != nil {
		return nil, errors.Join(err, cluster.Close())
	}
	profile, err := people.AgencyOf(people.Fjord)
	if err != nil {
		return nil, errors.Join(err, cluster.Close())
	}
	if err := makePortal(ctx, cluster); err != nil {
		return nil, errors.Join(err, cluster.Close())
	}
	config := agency.Config{Code: people.Fjord, Name: profile.Name, DSN: cluster.RoleDSN(spec.DefaultRole, name)}
	return &data{today: asOf, agencies: []agency.Config{config}, portal: cluster.RoleDSN(portal.Role, portalName),
		close: cluster.Close}, nil
}

const portalName = "portal"

// makePortal makes an empty portal database, which is as durable as in production.
func makePortal(ctx context.Context, cluster *pgcluster.Cluster) error {
	if err := cluster.DropDatabase(ctx, portalName); err != nil {
		return err
	}
	if err := cluster.CreateDatabase(ctx, portalName, ""); err != nil {
		return err
	}
	if _, err := migrate.Up(ctx, cluster.DSN(portalName)); err != nil {
		return err
	}
	return withConn(ctx, cluster.DSN(pgcluster.Maintenance), func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "alter database "+portalName+" set synchronous_commit = on")
		return err
	})
}

// makeLarge fills a database under another name and gives it its own at the end: one
// that has it is whole. What else begins with prefix is of an earlier core, or a draft.
func makeLarge(ctx context.Context, cluster *pgcluster.Cluster, prefix, name string, n int) error {
	if there, err := cluster.HasDatabase(ctx, name); err != nil || there {
		return err
	}
	progress("making the database %s", name)
	var old []string
	err := withConn(ctx, cluster.DSN(pgcluster.Maintenance), func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, "select datname from pg_catalog.pg_database where pg_catalog.starts_with(datname, $1)",
			prefix)
		if err != nil {
			return err
		}
		old, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return fmt.Errorf("look for earlier databases: %w", err)
	}
	for _, o := range old {
		if err := cluster.DropDatabase(ctx, o); err != nil {
			return err
		}
	}
	draft := name + "_new"
	if err := cluster.CreateDatabase(ctx, draft, ""); err != nil {
		return err
	}
	if err := withConn(ctx, cluster.DSN(draft), func(conn *pgx.Conn) error {
		if err := reference.Install(ctx, conn, reference.Options{}); err != nil {
			return err
		}
		if err := people.LoadReference(ctx, conn, people.New(demo.Seed, asOf), people.Fjord, n, nil); err != nil {
			return err
		}
		for _, statement := range []string{"vacuum analyze", "checkpoint"} {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	}); err != nil {
		return fmt.Errorf("fill database %s: %w", name, err)
	}
	return withConn(ctx, cluster.DSN(pgcluster.Maintenance), func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "alter database "+pgx.Identifier{draft}.Sanitize()+" rename to "+
			pgx.Identifier{name}.Sanitize())
		return err
	})
}

func withConn(ctx context.Context, dsn string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	err = do(conn)
	if closed := conn.Close(context.WithoutCancel(ctx)); err == nil {
		err = closed
	}
	return err
}

func (d *data) count(ctx context.Context, dsn string) error {
	return withConn(ctx, dsn, func(conn *pgx.Conn) error {
		var debtors, cases int
		const counts = "select count(distinct debtor_id), count(*) from oversikt.case"
		if err := conn.QueryRow(ctx, counts).Scan(&debtors, &cases); err != nil {
			return fmt.Errorf("count cases: %w", err)
		}
		d.debtors += debtors
		d.cases += cases
		return nil
	})
}

// looks counts the entries of the access log.
func (d *data) looks(ctx context.Context) (n int, err error) {
	owner, err := changed(d.portal, pgcluster.Superuser, "")
	if err != nil {
		return 0, err
	}
	err = withConn(ctx, owner, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "select count(*) from portal.access_log").Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count looks: %w", err)
	}
	return n, nil
}

// late is how long the last looks may take to the portal database.
const late = 2 * time.Minute

// await waits until the access log has so many entries, and no more.
func (d *data) await(ctx context.Context, want int) error {
	for start := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		n, err := d.looks(ctx)
		switch {
		case err != nil || n == want:
			return err
		case n > want || time.Since(start) > late:
			return fmt.Errorf("the access log has %d looks where there were %d", n, want)
		}
	}
}
