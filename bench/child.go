package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
	"syscall"
	"time"

	"github.com/oversikt/oversikt/bench/peer"
	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/server"
)

// childArgument makes this program one of the two servers. It reads a setup and then
// commands from standard input, answers each with a line, and ends with its input.
const childArgument = "-as-child"

// The roles of a child.
const (
	roleProduct = "product"
	rolePeer    = "peer"
)

// setup is the first line that a child reads.
type setup struct {
	Role      string
	Agencies  []agency.Config
	Portal    string // connection string of the product's own database
	AccessLog string // folder of the product's access log
	SQL       map[string]string
	Issuer    token.Config
	IDKey     string
	Today     string
}

// command is every other line.
type command struct {
	Do   string // one of the constants
	File string
}

const (
	doStats    = "stats"    // only tell the counters
	doProfile  = "profile"  // begin a CPU profile in File
	doFinish   = "finish"   // end it
	doAllocate = "allocate" // write the profile of allocations to File
)

// reply is what a child answers.
type reply struct {
	Error   string        `json:",omitempty"`
	Address string        `json:",omitempty"`
	Objects uint64        // allocated so far
	Bytes   uint64        // allocated so far
	GCs     uint32        // so far
	CPU     time.Duration // of user and system so far
}

// serveAsChild is the main function of a child. What it logs goes to its standard error.
func serveAsChild() {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	fail := func(err error) {
		_ = out.Encode(reply{Error: err.Error()})
		os.Exit(1)
	}
	var s setup
	if err := in.Decode(&s); err != nil {
		fail(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fail(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	serve, err := s.server(ctx)
	if err != nil {
		fail(err)
	}
	go func() {
		if err := serve(ctx, listener); err != nil {
			fail(err)
		}
	}()
	_ = out.Encode(reply{Address: listener.Addr().String()})
	for {
		var c command
		if err := in.Decode(&c); err != nil {
			if !errors.Is(err, io.EOF) {
				fail(err)
			}
			return
		}
		if err := c.run(); err != nil {
			fail(err)
		}
		_ = out.Encode(counters())
	}
}

// server sets up what the role serves with.
func (s setup) server(ctx context.Context) (func(context.Context, net.Listener) error, error) {
	key, err := hex.DecodeString(s.IDKey)
	if err != nil {
		return nil, err
	}
	ids, err := model.NewIDs(key)
	if err != nil {
		return nil, err
	}
	verifier, err := token.NewVerifier([]token.Config{s.Issuer}, time.Now, nil)
	if err != nil {
		return nil, err
	}
	today, err := norway.ParseDate(s.Today)
	if err != nil {
		return nil, err
	}
	server.TuneMemory() // both, or the one with less garbage pays for collecting it oftener
	noon := today.Time().Add(12 * time.Hour)
	clock := func() time.Time { return noon }
	switch s.Role {
	case roleProduct:
		log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
		p, err := product{s, verifier, ids, clock, log}.open()
		if err != nil {
			return nil, err
		}
		return p.Serve, nil
	case rolePeer:
		p, err := peer.Open(ctx, peer.Config{Agencies: s.Agencies, SQL: s.SQL, Verifier: verifier, IDs: ids, Clock: clock})
		if err != nil {
			return nil, err
		}
		return p.Serve, nil
	}
	return nil, fmt.Errorf("there is no role %q", s.Role)
}

func (c command) run() error {
	switch c.Do {
	case doProfile:
		file, err := os.Create(c.File)
		if err != nil {
			return err
		}
		return pprof.StartCPUProfile(file)
	case doFinish:
		pprof.StopCPUProfile()
	case doAllocate:
		file, err := os.Create(c.File)
		if err != nil {
			return err
		}
		return errors.Join(pprof.Lookup("allocs").WriteTo(file, 0), file.Close())
	}
	return nil
}

func counters() reply {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return reply{Objects: m.Mallocs, Bytes: m.TotalAlloc, GCs: m.NumGC, CPU: ownCPU()}
}

// ownCPU returns what this process has used so far.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
