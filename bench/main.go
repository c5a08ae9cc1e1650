// Command bench measures the flagship query, served by Oversikt, against a handler
// that is written by hand for it (package peer). Each runs in a process of its own and
// answers the same people from the same database; before anything is timed, every
// answer of the one is compared with the other's, byte for byte.
//
//	go run ./bench                        one agency with 200,000 people
//	go run ./bench -agencies demo         three of the demo agencies
//	go run ./bench -bulkheads             one person beside each neighbour that could cost others something
//	go run ./bench -acts                  complaints, at 1 and 16 connections
//	go run ./bench -cpuprofile cpu.prof   where the product's time goes
//
// The databases stay in the data folder; delete it to have them made anew. GOGC,
// GOMEMLIMIT and GOMAXPROCS of the environment hold for both servers.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// options are the flags.
type options struct {
	dir        string
	agencies   string
	debtors    int
	people     int
	rounds     int
	seconds    float64
	timeout    time.Duration
	json       bool
	gogc       string
	cpuProfile string
	memProfile string
	bulkheads  bool
	acts       bool
	only       string
	binary     string
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == childArgument {
		serveAsChild()
		return
	}
	if len(os.Args) == 2 && os.Args[1] == neighboursArgument {
		serveAsNeighbours()
		return
	}
	var o options
	flag.StringVar(&o.dir, "dir", ".oversikt/bench", "folder of the databases, kept between runs")
	flag.StringVar(&o.agencies, "agencies", "one", "one: a large agency; demo: three of the demo agencies")
	flag.IntVar(&o.debtors, "debtors", 200_000, "people that the large database is made from")
	flag.IntVar(&o.people, "people", 2_000, "how many different people ask")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds for each number of connections")
	flag.Float64Var(&o.seconds, "seconds", 0, "length of each server's turn in a round, 4; of each row of -bulkheads, 8")
	flag.DurationVar(&o.timeout, "timeout", 30*time.Minute, "give up after this time")
	flag.BoolVar(&o.json, "json", false, "print one line of JSON instead of the table")
	flag.StringVar(&o.gogc, "gogc", "", "GOGC of the product alone; as the environment has it when left out")
	flag.StringVar(&o.cpuProfile, "cpuprofile", "", "write the product's CPU profile at 16 connections to this file")
	flag.StringVar(&o.memProfile, "memprofile", "", "write the product's allocation profile to this file")
	flag.BoolVar(&o.bulkheads, "bulkheads", false, "measure one person beside each neighbour")
	flag.BoolVar(&o.acts, "acts", false, "measure acts: a complaint of each of -people, as long as some are left")
	flag.StringVar(&o.only, "only", "", "only the neighbours with this in their name")
	flag.StringVar(&o.binary, "binary", "", "the service to measure beside neighbours; it is built when left out")
	flag.Parse()
	if flag.NArg() > 0 || o.agencies != "one" && o.agencies != "demo" || o.people < 1 || o.rounds < 1 || o.seconds < 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	measured, length := run, 4.0
	if o.bulkheads {
		measured, length = bulkheads, 8
	}
	if o.acts {
		measured = acts
	}
	o.seconds = cmp.Or(o.seconds, length)
	err := measured(ctx, o)
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// concurrency is how many connections ask at once.
var concurrency = []int{1, 16}

func run(ctx context.Context, o options) (err error) {
	sql, query, err := sources()
	if err != nil {
		return err
	}
	d, err := openData(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	bank, err := openIssuer(d.dir)
	if err != nil {
		return err
	}
	defer bank.close()
	asked, err := d.people(ctx, o.people)
	if err != nil {
		return err
	}
	progress("minting tokens for %d people", len(asked))
	tokens, err := bank.tokens(ctx, asked)
	if err != nil {
		return err
	}
	setup := setup{
		Agencies: d.agencies, Portal: d.portal, AccessLog: filepath.Join(d.dir, "access-log"),
		SQL: sql, Issuer: bank.options.Accept(), Today: d.today.String(), IDKey: newIDKey(),
	}
	if err := os.RemoveAll(setup.AccessLog); err != nil { // the looks of a run before are in no table of this one
		return fmt.Errorf("empty the access log's folder: %w", err)
	}
	var tuned []string
	if o.gogc != "" {
		tuned = append(tuned, "GOGC="+o.gogc)
	}
	product, err := startSide(ctx, roleProduct, setup, postRequests(query, tokens), tuned...)
	if err != nil {
		return err
	}
	defer product.close()
	peer, err := startSide(ctx, rolePeer, setup, getRequests(tokens))
	if err != nil {
		return err
	}
	defer peer.close()
	return d.contest(ctx, o, product, peer)
}

// contest compares what the two answer, measures them and prints the report.
func (d *data) contest(ctx context.Context, o options, product, peer *side) error {
	before, err := d.looks(ctx) // of earlier runs
	if err != nil {
		return err
	}
	people := len(product.requests)
	progress("comparing %d answers", people)
	size, err := compare(ctx, product, peer)
	if err != nil {
		return err
	}
	pg, err := watchPostgres(ctx, d.agencies[0].DSN)
	if err != nil {
		return err
	}
	defer pg.close()
	r := report{
		Agencies: len(d.agencies), Debtors: d.debtors, Cases: d.cases, People: people, AnswerBytes: size,
		GOMAXPROCS: runtime.GOMAXPROCS(0), Go: runtime.Version(), LoadBefore: loadAverage(),
	}
	if err := measure(ctx, o, product, peer, pg, &r); err != nil {
		return err
	}
	r.LoadAfter = loadAverage()
	now, err := d.looks(ctx)
	if err != nil {
		return err
	}
	r.Looks, r.Delivered = product.answered, now-before
	if err := d.await(ctx, before+product.answered); err != nil {
		return err
	}
	return r.print(os.Stdout, o.json)
}

func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}
