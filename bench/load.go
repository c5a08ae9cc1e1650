package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// turn is one server's part of a round.
type turn struct {
	latencies []time.Duration // in no order
	took      time.Duration
	server    reply // differences over the turn
	postgres  time.Duration
	others    time.Duration // CPU of all that is not of the bench
}

func (t *turn) perSecond() float64 { return float64(len(t.latencies)) / t.took.Seconds() }

// measure lets both servers take turns, at each number of connections, and reports.
func measure(ctx context.Context, o options, product, peer *side, pg *postgres, r *report) error {
	length := time.Duration(o.seconds * float64(time.Second))
	for _, c := range concurrency {
		profiled := o.cpuProfile != "" && c == concurrency[len(concurrency)-1]
		for _, s := range []*side{product, peer} {
			if _, err := drive(ctx, s, pg, c, 0, length/2); err != nil {
				return err
			}
		}
		if profiled {
			if _, err := product.ask(command{Do: doProfile, File: o.cpuProfile}); err != nil {
				return err
			}
		}
		var turns [2][]turn
		for round := 1; round <= o.rounds; round++ {
			for i, s := range []*side{product, peer} {
				t, err := drive(ctx, s, pg, c, round, length)
				if err != nil {
					return err
				}
				turns[i] = append(turns[i], t)
			}
			progress("%d connections, round %d of %d: product %.0f/s, peer %.0f/s", c, round, o.rounds,
				turns[0][round-1].perSecond(), turns[1][round-1].perSecond())
		}
		if profiled {
			if _, err := product.ask(command{Do: doFinish}); err != nil {
				return err
			}
		}
		r.Results = append(r.Results, summarise(c, turns[0], turns[1]))
	}
	if o.memProfile != "" {
		if _, err := product.ask(command{Do: doAllocate, File: o.memProfile}); err != nil {
			return err
		}
	}
	return nil
}

// drive asks a server over c connections, each asking anew when it has its answer.
// The same round asks both servers for the same people in the same order.
func drive(ctx context.Context, s *side, pg *postgres, c, round int, length time.Duration) (t turn, err error) {
	clients := make([]*client, c)
	for i := range clients {
		if clients[i], err = dial(s.address); err != nil {
			return t, err
		}
		defer clients[i].close()
	}
	before, err := s.ask(command{Do: doStats})
	if err != nil {
		return t, err
	}
	used, err := pg.used(ctx)
	if err != nil {
		return t, err
	}
	mine, busy := ownCPU(), machineCPU()

	start := time.Now()
	end := start.Add(length)
	latencies := make([][]time.Duration, c)
	group, ctx := errgroup.WithContext(ctx)
	for i := range clients {
		group.Go(func() (err error) {
			latencies[i], err = s.loop(ctx, clients[i], rand.New(rand.NewPCG(uint64(round), uint64(i))), end)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return t, fmt.Errorf("%s at %d connections: %w", s.name, c, err)
	}
	t.took = time.Since(start)
	t.latencies = slices.Concat(latencies...)
	s.answered += len(t.latencies)

	mine, busy = ownCPU()-mine, machineCPU()-busy
	after, err := s.ask(command{Do: doStats})
	if err != nil {
		return t, err
	}
	t.server = reply{
		Objects: after.Objects - before.Objects, Bytes: after.Bytes - before.Bytes,
		GCs: after.GCs - before.GCs, CPU: after.CPU - before.CPU,
	}
	then, err := pg.used(context.WithoutCancel(ctx))
	if err != nil {
		return t, err
	}
	t.postgres = then.since(used)
	t.others = max(0, busy-mine-t.server.CPU-t.postgres)
	return t, nil
}

func (s *side) loop(ctx context.Context, c *client, r *rand.Rand, end time.Time) ([]time.Duration, error) {
	if err := c.conn.SetDeadline(end.Add(patience)); err != nil {
		return nil, err
	}
	latencies := make([]time.Duration, 0, 1<<14)
	for now := time.Now(); now.Before(end); {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		i := r.IntN(len(s.requests))
		if err := c.skip(s.requests[i], s.lengths[i]); err != nil {
			return nil, err
		}
		then := time.Now()
		latencies = append(latencies, then.Sub(now))
		now = then
	}
	return latencies, nil
}
