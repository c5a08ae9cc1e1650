package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/oversikt/oversikt/internal/workshop/demo"
)

// complain is an act that a person can ask for once in each case: the portal stores it, the agency's
// function does it, and the answer says so.
const (
	casesQuery = `{ viewer { cases(filter: {status: OPEN}, first: 20) { nodes {
		id availableActs { name allowed } } } } }`
	complain = `mutation($input: SubmitComplaintInput!) {
		submitComplaint(input: $input) { act { status } userErrors { code } } }`
)

// acts measures complaints through bin/oversikt at 1 and 16 connections.
func acts(ctx context.Context, o options) error {
	return served(ctx, o, o.people, func(_ *demo.Demo, service *oversikt, tokens []string) error {
		requests, err := complaints(ctx, service.address, tokens)
		if err != nil {
			return err
		}
		progress("%d complaints of %d people", len(requests), len(tokens))
		out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(out, "connections\tacts/s\tp50 ms\tp99 ms\tacts\t")
		for _, c := range concurrency {
			share := len(requests) * c / 17 // of 1 and 16
			took, all, err := perform(ctx, service.address, requests[:share], c, o.length())
			if err != nil {
				return err
			}
			requests = requests[share:]
			slices.Sort(took)
			fmt.Fprintf(out, "%d\t%.0f\t%.1f\t%.1f\t%d\t\n", c, float64(len(took))/all.Seconds(),
				milliseconds(at(took, 50)), milliseconds(at(took, 99)), len(took))
		}
		return out.Flush()
	})
}

// complaints are requests for what nobody has complained about yet, one a person.
func complaints(ctx context.Context, address string, tokens []string) ([]string, error) {
	found := make([]string, len(tokens))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for i, token := range tokens {
		group.Go(func() error {
			if ctx.Err() != nil { // another one has failed
				return ctx.Err()
			}
			c, err := dial(address)
			if err != nil {
				return err
			}
			defer c.close()
			text, err := c.answer(post(token, map[string]any{"query": casesQuery}))
			if err != nil {
				return err
			}
			id, err := complainable(text)
			if id != "" {
				found[i] = post(token, map[string]any{"query": complain, "variables": map[string]any{"input": map[string]any{
					"idempotencyKey": uuid.NewString(), "caseId": id, "categories": []string{"COSTS"}}}})
			}
			return err
		})
	}
	err := group.Wait()
	return slices.DeleteFunc(found, func(r string) bool { return r == "" }), err
}

// complainable returns the id of a case in which nobody has complained, of an answer to [casesQuery]; empty for none.
func complainable(answer []byte) (id string, err error) {
	var a struct {
		Data struct {
			Viewer struct {
				Cases struct {
					Nodes []struct {
						ID            string
						AvailableActs []offered
					}
				}
			}
		}
	}
	err = json.Unmarshal(answer, &a)
	for _, x := range a.Data.Viewer.Cases.Nodes {
		if slices.Contains(x.AvailableActs, offered{"SUBMIT_COMPLAINT", true}) {
			return x.ID, err
		}
	}
	return "", err
}

type offered struct {
	Name    string
	Allowed bool
}

// perform sends the requests over c connections until the time is over, or none is left. What is
// not done at once is an error.
func perform(ctx context.Context, address string, requests []string, c int, length time.Duration) (
	[]time.Duration, time.Duration, error) {
	var next atomic.Int64
	all := make([][]time.Duration, c)
	start := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for i := range c {
		group.Go(func() error {
			conn, err := dial(address)
			if err != nil {
				return err
			}
			defer conn.close()
			for time.Since(start) < length && ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= len(requests) {
					break
				}
				begun := time.Now()
				text, err := conn.answer(requests[n])
				if err != nil {
					return err
				}
				if string(text) != `{"data":{"submitComplaint":{"act":{"status":"DONE"},"userErrors":[]}}}` {
					return fmt.Errorf("an act is not done: %.200s", text)
				}
				all[i] = append(all[i], time.Since(begun))
			}
			return ctx.Err()
		})
	}
	err := group.Wait()
	took := slices.Concat(all...)
	if err == nil && len(took) == 0 {
		err = errors.New("nobody is left to complain: empty the folder")
	}
	return took, time.Since(start), err
}

// post is a request with a body in JSON.
func post(token string, body map[string]any) string {
	text, _ := json.Marshal(body) // maps and strings always can be
	return postRequest(token, text)
}

func (o options) length() time.Duration { return time.Duration(o.seconds * float64(time.Second)) }
