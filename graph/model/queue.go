package model

import (
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/page"
)

// QueueItemConnection is a page of what waits: a type of its own for the same reason as ActConnection.
type QueueItemConnection struct {
	Edges    []QueueItemEdge
	Nodes    []*QueueItem
	PageInfo page.Info
}

// QueueItemEdge is an item in the list of what waits.
type QueueItemEdge struct {
	Node   *QueueItem
	Cursor page.Cursor
}

// QueueItem is what waits for a case worker, with what was read of its case.
type QueueItem struct {
	debt.QueueItem
	Case    *debt.Case // nil: it is about none, or it was not read
	Subject QueueSubject
	Claim   *act.Claim // nil: it is in nobody's hand

	CaseLink *debt.LinkToDecide // nil: it is no claim of a case
}

// QueueSubject is what was asked for; the schema says which types it may be.
type QueueSubject any

// NewQueueItem returns an item with its case, nil where none was read, and finds its subject there.
func NewQueueItem(item debt.QueueItem, c *debt.Case) *QueueItem {
	it := &QueueItem{QueueItem: item, Case: c}
	if c == nil {
		return it
	}
	switch item.Kind {
	case debt.QueueDeferral:
		for i := range c.Deferrals {
			if c.Deferrals[i].ID == item.SubjectID {
				it.Subject = &c.Deferrals[i]
			}
		}
	case debt.QueueReceipt:
		for i := range c.Receipts {
			if c.Receipts[i].ID == item.SubjectID {
				it.Subject = &c.Receipts[i]
			}
		}
	case debt.QueueInvoiceCopy:
		copies := c.InvoiceCopies()
		for i := range copies {
			if copies[i].ID == item.SubjectID {
				it.Subject = &copies[i]
			}
		}
	case debt.QueueComplaint:
		for i := range c.Complaints {
			if c.Complaints[i].ID == item.SubjectID {
				it.Subject = &c.Complaints[i]
			}
		}
	case debt.QueuePlan:
		for _, a := range c.Agreements {
			if a.ID.ID == item.SubjectID {
				it.Subject = a
			}
		}
	case debt.QueueObjection:
		for i := range c.Objections {
			if c.Objections[i].ID.ID == item.SubjectID {
				it.Subject = &c.Objections[i]
			}
		}
	}
	return it
}
