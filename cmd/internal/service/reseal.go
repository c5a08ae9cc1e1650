package service

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/reseal"
	"github.com/oversikt/oversikt/internal/tcp"
)

// Reseal gives what is in the portal database the first keys of the configuration, and returns how
// many rows had others. dsn is the owner's; tell is called for each table that had some.
func Reseal(ctx context.Context, conf Config, dsn string, tell func(table string, n int)) (int, error) {
	secret, ids, err := conf.rings()
	if err != nil {
		return 0, err
	}
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return 0, errors.New("the connection string cannot be read") // pgx would repeat it
	}
	if err := tcp.CheckPlain(&config.Config); err != nil {
		return 0, fmt.Errorf("open portal database: %w", err)
	}
	config.RuntimeParams["search_path"] = ""
	config.RuntimeParams["client_encoding"] = "UTF8"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return 0, fmt.Errorf("open portal database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := portal.CheckKeys(ctx, conn, secret, UnderKey(), ids); err != nil {
		return 0, err
	}
	job := reseal.Job{Conn: conn, Secret: secret, Tables: UnderKey(), Rings: []portal.Ring{secret.Ring(), ids}, Tell: tell}
	return job.Run(ctx)
}
