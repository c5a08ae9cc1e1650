package core

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Waiting is an item of an agency's queue, and who asks.
type Waiting struct {
	debt.QueueItem
	Debtor caller.Debtor      // of a claim of a case, who claims it; zero: nobody whom the agency knows
	Link   *debt.LinkToDecide // of a claim of a case
}

// QueueQuery says which items of a queue are read, in the order of their time.
type QueueQuery struct {
	Kind     debt.QueueKind // the only kind; empty: all
	AnswerBy norway.Date    // those to be answered by this day at the latest; zero: all
	Items    []string       // the only items, by item_id; nil: all
	Others   []string       // all but these items; nil: all
	After    time.Time      // those after the item of this time and AfterID; zero: all
	AfterID  string
	Rows     int // how many at most
}

// Queued is what was read of a queue.
type Queued struct {
	Items []Waiting
	Left  []debt.Withheld // what breaks the contract, and is left out of Items
}

// Queue returns what waits at the one agency of the look-up: nothing at another one.
func Queue(ctx context.Context, conn *pgx.Conn, kept *Catalogue, agency debt.Agency, right caller.Lookup,
	q QueueQuery) (Queued, error) {
	if right.Agency() != agency.Code {
		return Queued{}, nil
	}
	args := pgx.NamedArgs{"kind": null(string(q.Kind)), "answer_by": nil, "items": q.Items, "others": q.Others,
		"after_at": nil, "after_id": q.AfterID, "rows": q.Rows}
	if !q.AnswerBy.IsZero() {
		args["answer_by"] = q.AnswerBy.String()
	}
	if !q.After.IsZero() {
		args["after_at"] = q.After
	}
	a := newAssembly(agency, 0)
	items, err := a.queued(ctx, conn, kept, args)
	if err == nil && kept.Has(linkView) {
		err = a.linked(ctx, conn, kept, items)
	}
	if err != nil {
		return Queued{}, mismatch(fmt.Errorf("queue: %w", Hushed(err)))
	}
	return Queued{items, a.withheld}, nil
}

// linkView is where an agency shows the cases that people claim.
const linkView = "case_link"

var queueSQL, linkSQL = rawSQL("queue_item"), rawSQL("link_to_decide")

func (a *assembly) queued(ctx context.Context, conn *pgx.Conn, kept *Catalogue, args pgx.NamedArgs) ([]Waiting, error) {
	rows, err := conn.Query(ctx, kept.place(queueSQL), args)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return a.queue(rows)
}

// linked adds to items what is claimed, and who claims it, where any of them is a claim of a case.
func (a *assembly) linked(ctx context.Context, conn *pgx.Conn, kept *Catalogue, items []Waiting) error {
	of := map[string]*Waiting{}
	for i := range items {
		if items[i].Kind == debt.QueueLink {
			of[items[i].SubjectID] = &items[i]
		}
	}
	if len(of) == 0 {
		return nil
	}
	rows, err := conn.Query(ctx, kept.place(linkSQL), pgx.NamedArgs{"links": arrayOf(maps.Keys(of))})
	if err != nil {
		return err
	}
	defer rows.Close()
	var x debt.LinkToDecide
	var number string
	a.begin(linkView)
	return a.each(rows, append(linkColumns(&x.CaseLink), &x.Name, &number, &x.PasswordRight), func() {
		row := x
		row.Agency = a.of
		row.NationalID, err = norway.ParseNationalID(number)
		if item := of[row.ID]; item != nil && err == nil { // else nobody logs in with it either
			item.Link, item.Debtor = &row, caller.Debtor{NationalID: row.NationalID}
		}
	}, a.unread)
}

// arrayOf returns keys as PostgreSQL writes an array of any type: which one is the agency's to choose.
func arrayOf(keys iter.Seq[string]) string {
	var all []string
	for key := range keys {
		all = append(all, `"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(key)+`"`)
	}
	return "{" + strings.Join(all, ",") + "}"
}

func (a *assembly) queue(rows pgx.Rows) (items []Waiting, err error) {
	var x debt.QueueItem
	var caseID, number *string
	a.begin("queue_item")
	err = a.each(rows, []any{&x.ID.ID, queueKind(&x.Kind), &caseID, &x.CreatedAt, &x.AnswerBy, &x.SubjectID, &number},
		func() {
			row := Waiting{QueueItem: x}
			row.ID = a.key(debt.KindQueueItem, x.ID.ID)
			if caseID != nil {
				row.CaseID = new(a.key(debt.KindCase, *caseID))
				row.Debtor.Case = caller.CaseKey{Agency: a.of.Code, ID: *caseID}
			}
			if number != nil {
				if id, err := norway.ParseNationalID(*number); err == nil { // else nobody logs in with it either
					row.Debtor = caller.Debtor{NationalID: id}
				}
			}
			items = append(items, row)
		}, a.unread)
	return items, err
}
