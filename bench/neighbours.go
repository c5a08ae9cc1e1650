package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// neighboursArgument makes this program those who ask beside the person who is measured. It reads
// a crowd from standard input, asks until that ends, and tells what it got.
const neighboursArgument = "-as-neighbours"

// crowd is so many connections, each of which asks anew as soon as it has its answer.
type crowd struct {
	URL    string
	Conns  int
	Body   string   // NUMBER in it is another one each time, and UUID too
	Tokens []string // one for each connection; none: without a login
	Many   bool     // each request comes from another address
}

// longestHead is the part of a body in which NUMBER and UUID are looked for.
const longestHead = 64 << 10

// got is what a crowd got.
type got struct {
	Answers int64 // status 200
	Refused int64 // any other status
	Lost    int64 // no answer at all
}

func serveAsNeighbours() {
	var c crowd
	in := json.NewDecoder(os.Stdin)
	if err := in.Decode(&c); err != nil {
		fmt.Fprintln(os.Stderr, "neighbours:", err)
		os.Exit(1)
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	_ = json.NewEncoder(os.Stdout).Encode(c.ask(ctx))
}

func (c crowd) ask(ctx context.Context) (all got) {
	var beside sync.WaitGroup
	var number atomic.Int64
	for i := range c.Conns {
		beside.Go(func() {
			client := http.Client{Transport: &http.Transport{WriteBufferSize: longestHead}, Timeout: patience}
			defer client.CloseIdleConnections()
			for ctx.Err() == nil {
				r, err := c.request(ctx, i, number.Add(1))
				if err != nil {
					fmt.Fprintln(os.Stderr, "neighbours:", err)
					return
				}
				all.count(ctx, &client, r)
			}
		})
	}
	beside.Wait()
	return all
}

func (g *got) count(ctx context.Context, client *http.Client, r *http.Request) {
	answer, err := client.Do(r)
	if err != nil {
		if ctx.Err() == nil {
			atomic.AddInt64(&g.Lost, 1)
		}
		return
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	if answer.StatusCode == http.StatusOK {
		atomic.AddInt64(&g.Answers, 1)
	} else {
		atomic.AddInt64(&g.Refused, 1)
	}
}

func (c crowd) request(ctx context.Context, conn int, number int64) (*http.Request, error) {
	// What is long is not copied: it would be this program that takes the processor.
	head, rest := c.Body, ""
	if len(head) > longestHead {
		head, rest = head[:longestHead], head[longestHead:]
	}
	head = strings.NewReplacer("NUMBER", fmt.Sprint(number), "UUID", uuid.NewString()).Replace(head)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL,
		io.MultiReader(strings.NewReader(head), strings.NewReader(rest)))
	if err != nil {
		return nil, err
	}
	r.ContentLength = int64(len(head) + len(rest))
	from := int64(conn)
	if c.Many {
		from = number
	}
	r.Header = http.Header{
		"Content-Type": {"application/json"}, "Accept": {"application/graphql-response+json"},
		"X-Oversikt-Client": {"bench"}, "X-Forwarded-For": {fmt.Sprintf("10.%d.%d.%d", from>>16&255, from>>8&255, from&255)},
	}
	if len(c.Tokens) > 0 {
		r.Header["Authorization"] = []string{"Bearer " + c.Tokens[conn%len(c.Tokens)]}
	}
	return r, nil
}

// start begins to ask in a process of its own; end tells what was got.
func (c crowd) start(ctx context.Context) (end func() (got, error), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	// On a real machine nothing of what other people's machines do is there.
	child := exec.CommandContext(ctx, "nice", "-n", "10", self, neighboursArgument)
	child.Stderr = os.Stderr
	in, err := child.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := child.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := child.Start(); err != nil {
		return nil, fmt.Errorf("start the neighbours: %w", err)
	}
	begun := json.NewEncoder(in).Encode(c)
	return func() (all got, err error) {
		late := time.AfterFunc(patience, func() { _ = child.Process.Kill() })
		defer late.Stop()
		closed := in.Close()
		told := json.NewDecoder(out).Decode(&all)
		return all, errors.Join(begun, closed, told, child.Wait())
	}, nil
}
