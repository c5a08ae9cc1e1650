// Package demo is four agencies with synthetic people, in a PostgreSQL of its own: the reference
// core, a legacy core that is mapped by views and functions, a small agency behind a line that can
// be made slow or cut while everything runs, and a core that keeps double-entry books.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/demo/journal"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
)

// Debtors is how many people the demo has.
const Debtors = 2000

// Seed gives the demo the same people everywhere.
const Seed = 1

// Demo is a running set of demo databases.
type Demo struct {
	Line *line.Line // to the small agency

	dir     string
	cluster *pgcluster.Cluster
	born    norway.Date
	debtors int
	rules   []portal.Rule
}

// core is one demo agency's database and what fills it.
type core struct {
	code    string
	install func(context.Context, *pgx.Conn) error
	load    func(ctx context.Context, conn *pgx.Conn, g *people.Generator, agency string, n int,
		progress func(float64)) error
}

var cores = []core{
	{people.Fjord, installReference, people.LoadReference},
	{people.Tradisjon, legacy.Install, people.LoadLegacy},
	{people.Lita, installReference, people.LoadReference},
	{people.Journal, journal.Install, people.LoadJournal},
}

func installReference(ctx context.Context, conn *pgx.Conn) error {
	return reference.Install(ctx, conn, reference.Options{})
}

// Open starts the databases in a folder, and fills them if they are not there yet.
// What was interrupted before is begun anew. The rules are those that the retention schedule
// of the portal has beside its own.
func Open(ctx context.Context, dir string, log *slog.Logger, rules ...portal.Rule) (*Demo, error) {
	return open(ctx, dir, Debtors, log, rules...)
}

// open makes databases that are not there yet for so many people.
func open(ctx context.Context, dir string, debtors int, log *slog.Logger, rules ...portal.Rule) (*Demo, error) {
	bin, err := pgcluster.Ensure(ctx, log)
	if err != nil {
		return nil, err
	}
	d := &Demo{dir: dir, debtors: debtors, rules: rules}
	if d.born, err = Born(dir); err != nil {
		return nil, err
	}
	d.cluster, err = pgcluster.Open(ctx, pgcluster.Options{
		Dir: filepath.Join(dir, "postgresql"), Log: log, BinDir: bin,
		Settings: map[string]string{"max_connections": "100", "shared_buffers": "256MB", "synchronous_commit": "off",
			"max_wal_size": "2GB"},
	})
	if err != nil {
		return nil, err
	}
	if err := d.fill(ctx, log); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Born returns the day that the demo's data is made for: the day on which it is first asked.
func Born(dir string) (norway.Date, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, fmt.Errorf("create demo folder: %w", err)
	}
	file := filepath.Join(dir, "born")
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		today := norway.DateOf(time.Now())
		draft := file + ".new" // half a day would stop every later start
		if err := os.WriteFile(draft, []byte(today.String()+"\n"), 0o644); err != nil {
			return 0, fmt.Errorf("write the demo's day: %w", err)
		}
		return today, os.Rename(draft, file)
	}
	if err != nil {
		return 0, fmt.Errorf("read the demo's day: %w", err)
	}
	return norway.ParseDate(strings.TrimSpace(string(text)))
}

func (d *Demo) fill(ctx context.Context, log *slog.Logger) error {
	admin, err := pgx.Connect(ctx, d.cluster.DSN(pgcluster.Maintenance))
	if err != nil {
		return fmt.Errorf("connect to the demo's PostgreSQL: %w", err)
	}
	target := filepath.Join(admin.Config().Host, fmt.Sprintf(".s.PGSQL.%d", admin.Config().Port))
	_ = admin.Close(ctx)
	if d.Line, err = line.Open(target); err != nil {
		return err
	}
	if err := d.forgetOtherLayout(ctx, log); err != nil {
		return err
	}
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error {
		err := d.make(ctx, portalName, func(*pgx.Conn, string) error { return nil })
		if err != nil {
			return err
		}
		_, err = migrate.Up(ctx, d.cluster.DSN(portalName), d.rules...)
		return err
	})
	for _, c := range cores {
		work.Go(func() error {
			return d.make(ctx, c.code, func(conn *pgx.Conn, _ string) error {
				log.Info("making demo agency", "agency", c.code, "people", d.debtors)
				if err := c.install(ctx, conn); err != nil {
					return err
				}
				return c.load(ctx, conn, people.New(Seed, d.born), c.code, d.debtors, nil)
			})
		})
	}
	return work.Wait()
}

// make creates a database under another name, fills it, and gives it its name at the
// end: a database that has its name is whole.
func (d *Demo) make(ctx context.Context, name string, fill func(*pgx.Conn, string) error) error {
	if there, err := d.cluster.HasDatabase(ctx, name); err != nil || there {
		return err
	}
	draft := name + "_new"
	if err := d.cluster.DropDatabase(ctx, draft); err != nil {
		return err
	}
	if err := d.cluster.CreateDatabase(ctx, draft, ""); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, d.cluster.DSN(draft))
	if err != nil {
		return fmt.Errorf("connect to database %s: %w", draft, err)
	}
	err = fill(conn, d.cluster.DSN(draft))
	if closed := conn.Close(ctx); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("fill database %s: %w", name, err)
	}
	admin, err := pgx.Connect(ctx, d.cluster.DSN(pgcluster.Maintenance))
	if err != nil {
		return fmt.Errorf("connect to the demo's PostgreSQL: %w", err)
	}
	defer admin.Close(ctx)
	_, err = admin.Exec(ctx, "alter database "+pgx.Identifier{draft}.Sanitize()+" rename to "+
		pgx.Identifier{name}.Sanitize())
	return err
}

// Agencies returns how to reach the four agencies, as the role that can only read.
func (d *Demo) Agencies() []agency.Config {
	configs := make([]agency.Config, len(cores))
	for i, c := range cores {
		profile, err := people.AgencyOf(c.code)
		if err != nil {
			panic(err) // the codes are those of package people
		}
		configs[i] = agency.Config{Code: c.code, Name: profile.Name, DSN: d.cluster.RoleDSN(spec.DefaultRole, c.code)}
		if c.code == people.Lita {
			configs[i].DSN = fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", d.Line.Dir(),
				spec.DefaultRole, c.code)
		}
	}
	return configs
}

// Portal returns the connection string of the portal database, as the service's role.
func (d *Demo) Portal() string { return d.cluster.RoleDSN(portal.Role, portalName) }

const portalName = "portal"

// DSN returns the connection string of an agency's database, as its owner.
func (d *Demo) DSN(code string) string { return d.cluster.DSN(code) }

// Close stops everything; the data stays.
func (d *Demo) Close() error {
	var err error
	if d.Line != nil {
		err = d.Line.Close()
	}
	return errors.Join(err, d.cluster.Close())
}
