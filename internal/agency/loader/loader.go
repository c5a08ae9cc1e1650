// Package loader collects what the fields of one request ask for, so that any number
// of ids costs one read per agency. What a request foresees by look-ahead never comes here.
package loader

import (
	"context"
	"sync"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// wait is how long an id waits for others that the request was expected to ask for.
// It passes only when the expected number is never reached.
const wait = 20 * time.Millisecond

// Ask is an id with the relations that the selection below it needs.
type Ask struct {
	Key  debt.Key
	Want debt.Relations
}

// Nodes loads objects by id within the scope of one caller.
type Nodes struct {
	loader *dataloader.Loader[Ask, any]
	batch  *batch
}

// NewNodes returns a loader for one request that is expected to ask for so many ids; the
// read begins as soon as they are there.
func NewNodes(agencies *agency.Registry, scope caller.Scope, expected int) *Nodes {
	b := &batch{agencies: agencies, scope: scope}
	return &Nodes{dataloader.NewBatchedLoader(b.read,
		dataloader.WithWait[Ask, any](wait),
		dataloader.WithBatchCapacity[Ask, any](max(expected, 1))), b}
}

// Whole lets every read bring all cases with these relations, and tells of each part that was read
// before anybody gets an object of it. It is called before Load.
func (n *Nodes) Whole(want debt.Relations, tell func(debt.Part)) {
	n.batch.want, n.batch.tell = want, tell
}

// Load returns a function that waits for the object: one of the record types of
// package debt, or NOT_FOUND where the caller may see none.
func (n *Nodes) Load(ctx context.Context, ask Ask) func() (any, error) {
	return n.loader.Load(ctx, ask)
}

type batch struct {
	agencies *agency.Registry
	scope    caller.Scope
	want     debt.Relations
	tell     func(debt.Part) // nil: only the cases that are asked for are read
}

// read answers each ask in its place, with one read per agency.
func (b *batch) read(ctx context.Context, asks []Ask) []*dataloader.Result[any] {
	byAgency := map[string][]int{}
	for i, a := range asks {
		byAgency[a.Key.Agency] = append(byAgency[a.Key.Agency], i)
	}
	results := make([]*dataloader.Result[any], len(asks))
	var reading sync.WaitGroup
	for code, places := range byAgency {
		reading.Go(func() { b.readAgency(ctx, code, asks, places, results) })
	}
	reading.Wait()
	return results
}

func (b *batch) readAgency(ctx context.Context, code string, asks []Ask, places []int,
	results []*dataloader.Result[any]) {
	want := b.want
	cases := []string{}
	for _, i := range places {
		want |= asks[i].Want | asks[i].Key.Kind.Relation()
		if asks[i].Key.Kind != debt.KindCase || want.Has(debt.OfAgreements) || b.tell != nil {
			cases = nil // what was asked for may hang on any case
		}
		if cases != nil {
			cases = append(cases, asks[i].Key.ID)
		}
	}
	part, err := b.agencies.ReadCases(ctx, code, b.scope, want, cases)
	if b.tell != nil {
		b.tell(part)
	}
	for _, i := range places {
		results[i] = &dataloader.Result[any]{Error: err}
		if part.Status != debt.AgencyOK {
			continue
		}
		// With an error, some cases are withheld; whatever else was found is sound.
		if results[i].Data = part.Find(asks[i].Key); results[i].Data != nil {
			results[i].Error = nil
		} else if err == nil || asks[i].Key.Kind == debt.KindCase && !part.Withholds(asks[i].Key) {
			results[i].Error = agency.ErrNotFound
		}
	}
}
