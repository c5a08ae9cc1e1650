package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// selectPeople picks persons who have cases, at random but the same ones every time.
const selectPeople = `
select d.national_id, min(d.name)
from oversikt.debtor d
where d.national_id is not null
  and exists (select from oversikt.case c where c.debtor_id = d.debtor_id)
group by d.national_id
order by md5(d.national_id)
limit $1`

// people returns n people with cases; in the demo the people with stories come first.
func (d *data) people(ctx context.Context, n int) ([]issuer.Person, error) {
	var drawn []issuer.Person
	for _, a := range d.agencies {
		err := withConn(ctx, a.DSN, func(conn *pgx.Conn) error {
			rows, err := conn.Query(ctx, selectPeople, n)
			if err != nil {
				return err
			}
			found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p issuer.Person, err error) {
				return p, row.Scan(&p.NationalID, &p.Name)
			})
			drawn = append(drawn, found...)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("choose people: %w", err)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	r.Shuffle(len(drawn), func(i, k int) { drawn[i], drawn[k] = drawn[k], drawn[i] })

	var all []issuer.Person
	seen := map[string]bool{}
	add := func(p issuer.Person) {
		if len(all) < n && !seen[p.NationalID] {
			seen[p.NationalID] = true
			all = append(all, p)
		}
	}
	if len(d.agencies) > 1 {
		for _, p := range people.DemoPeople(d.today) {
			add(issuer.Person{NationalID: p.NationalID.Reveal(), Name: p.Name})
		}
	}
	for _, p := range drawn {
		add(p)
	}
	if len(all) == 0 {
		return nil, errors.New("nobody has cases")
	}
	return all, nil
}

// bank is the issuer of the demo, which both servers verify tokens with.
type bank struct {
	options issuer.Options
	server  *http.Server
}

func openIssuer(dir string) (*bank, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	b := &bank{options: issuer.Options{
		IssuerURL: "http://" + listener.Addr().String() + "/bankid",
		KeyFile:   filepath.Join(dir, "issuer.pem"),
	}}
	i, err := issuer.New(b.options)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	mux := http.NewServeMux()
	mux.Handle("/bankid/", i.Handler())
	b.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = b.server.Serve(listener) }()
	return b, nil
}

func (b *bank) close() { _ = b.server.Close() }

// tokens mints a token for each person.
func (b *bank) tokens(ctx context.Context, of []issuer.Person) ([]string, error) {
	tokens := make([]string, len(of))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range of {
		group.Go(func() (err error) {
			tokens[i], err = issuer.Mint(b.options, p, 0, time.Now())
			return cmp.Or(err, ctx.Err())
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if slices.Contains(tokens, "") {
		return nil, errors.New("a person has no token")
	}
	return tokens, nil
}
