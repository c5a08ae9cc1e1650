package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// side is one of the two servers, seen from the outside.
type side struct {
	name     string
	address  string
	requests []string // one for each person
	lengths  []int    // of the answers
	answered int      // so far

	child *exec.Cmd
	in    io.WriteCloser
	say   *json.Encoder
	hear  *json.Decoder
}

// startSide starts a server as a child of this process, with a few variables of the
// environment changed. It ends with this process, or with close.
func startSide(ctx context.Context, role string, s setup, requests []string, environment ...string) (*side, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s.Role = role
	c := &side{name: role, requests: requests, child: exec.CommandContext(ctx, self, childArgument)}
	c.child.Env = append(os.Environ(), environment...)
	if os.Getenv("BENCH_VERBOSE") != "" {
		c.child.Stderr = os.Stderr
	}
	if c.in, err = c.child.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.child.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.say, c.hear = json.NewEncoder(c.in), json.NewDecoder(out)
	if err := c.child.Start(); err != nil {
		return nil, fmt.Errorf("start the %s: %w", role, err)
	}
	r, err := c.ask(s)
	if err != nil {
		c.close()
		return nil, err
	}
	c.address = r.Address
	return c, nil
}

// ask sends the child a line and returns its answer.
func (s *side) ask(line any) (r reply, err error) {
	if err := s.say.Encode(line); err != nil {
		return r, fmt.Errorf("ask the %s: %w", s.name, err)
	}
	if err := s.hear.Decode(&r); err != nil {
		return r, fmt.Errorf("the %s has ended: %w", s.name, err)
	}
	if r.Error != "" {
		return r, fmt.Errorf("the %s: %s", s.name, r.Error)
	}
	return r, nil
}

// close ends the child, gently for a while.
func (s *side) close() {
	_ = s.in.Close()
	late := time.AfterFunc(patience, func() { _ = s.child.Process.Kill() })
	defer late.Stop()
	_ = s.child.Wait()
}

// compare asks both servers for everybody, demands that the answers are equal, and
// returns how long they are on average. It also warms everything up.
func compare(ctx context.Context, a, b *side) (meanBytes int, err error) {
	ca, err := dial(a.address)
	if err != nil {
		return 0, err
	}
	defer ca.close()
	cb, err := dial(b.address)
	if err != nil {
		return 0, err
	}
	defer cb.close()
	total := 0
	for i := range a.requests {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		first, err := ca.answer(a.requests[i])
		if err != nil {
			return 0, fmt.Errorf("%s, person %d: %w", a.name, i, err)
		}
		second, err := cb.answer(b.requests[i])
		if err != nil {
			return 0, fmt.Errorf("%s, person %d: %w", b.name, i, err)
		}
		if err := equal(first, second); err != nil {
			return 0, fmt.Errorf("person %d: %w", i, err)
		}
		a.lengths, b.lengths = append(a.lengths, len(first)), append(b.lengths, len(second))
		a.answered, b.answered = a.answered+1, b.answered+1
		total += len(first)
	}
	return total / len(a.requests), nil
}

func equal(a, b []byte) error {
	switch {
	case !bytes.HasPrefix(a, []byte(`{"data":{"viewer":{"name":"`)):
		return fmt.Errorf("no data: %.300s", a)
	case bytes.Equal(a, b):
		return nil
	}
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	around := func(text []byte) []byte { return text[max(0, at-80):min(len(text), at+80)] }
	return errors.New("the answers differ:\n" + string(around(a)) + "\n" + string(around(b)))
}
