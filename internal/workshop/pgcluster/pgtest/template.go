package pgtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
)

// Template is a database that tests get copies of.
type Template struct {
	// Name is a short word (a-z, 0-9, _) for whoever lists the databases.
	Name string

	// Hash is any text that changes whenever Fill would do something else. A
	// template of the same name and hash is not filled again, by no process.
	// [Hash] makes one of embedded files.
	Hash string

	// Fill makes the content, connected as the superuser with an empty
	// search_path. One Fill runs at a time on the whole machine. It must not
	// leave other connections of its own open.
	Fill func(ctx context.Context, conn *pgx.Conn) error
}

// fillLock is the advisory lock of whoever fills a template; 1 and 2 are taken
// by package pgcluster.
const fillLock = 3

var validName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// templates holds the outcome for each template that this process has asked
// for: a func() error by database name.
var templates sync.Map

// ready makes sure that the template exists and returns its database.
func (tmpl Template) ready(ctx context.Context, c *pgcluster.Cluster) (string, error) {
	if tmpl.Name == "" && tmpl.Hash == "" && tmpl.Fill == nil {
		return "", nil
	}
	if !validName.MatchString(tmpl.Name) || tmpl.Hash == "" || tmpl.Fill == nil {
		return "", fmt.Errorf("template %q: it needs a name of a-z, 0-9 and _, a hash and a fill", tmpl.Name)
	}
	sum := sha256.Sum256([]byte(tmpl.Hash))
	database := "template_" + tmpl.Name + "_" + hex.EncodeToString(sum[:6])
	// Not the context of the test that happens to be first: others wait for it.
	ctx = context.WithoutCancel(ctx)
	once, _ := templates.LoadOrStore(database, sync.OnceValue(func() error { return tmpl.fill(ctx, c, database) }))
	if err := once.(func() error)(); err != nil {
		return "", fmt.Errorf("template %s: %w", tmpl.Name, err)
	}
	return database, nil
}

// fill makes the template unless another process has. That PostgreSQL knows it
// as a template is the mark of a complete one: what a killed process left half
// done is made again.
func (tmpl Template) fill(ctx context.Context, c *pgcluster.Cluster, database string) error {
	admin, err := pgx.Connect(ctx, c.DSN(pgcluster.Maintenance))
	if err != nil {
		return err
	}
	defer admin.Close(ctx)
	if done, err := isTemplate(ctx, admin, database); err != nil || done {
		return err
	}
	if _, err := admin.Exec(ctx, "SELECT pg_catalog.pg_advisory_lock($1)", fillLock); err != nil {
		return err
	}
	if done, err := isTemplate(ctx, admin, database); err != nil || done {
		return err
	}
	if err := c.DropDatabase(ctx, database); err != nil {
		return err
	}
	if err := c.CreateDatabase(ctx, database, ""); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, emptySearchPath(c.DSN(database)))
	if err != nil {
		return err
	}
	if err := errors.Join(tmpl.Fill(ctx, conn), conn.Close(ctx)); err != nil {
		return err
	}
	// Copying demands that nobody is connected.
	_, err = admin.Exec(ctx, "ALTER DATABASE "+pgx.Identifier{database}.Sanitize()+
		" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false")
	return err
}

func isTemplate(ctx context.Context, conn *pgx.Conn, database string) (bool, error) {
	const stmt = "SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1 AND datistemplate)"
	var is bool
	err := conn.QueryRow(ctx, stmt, database).Scan(&is)
	return is, err
}

// Hash returns a [Template] hash of all files in all of fsys, names included.
func Hash(fsys ...fs.FS) string { return pgcluster.HashFiles(fsys...) }
