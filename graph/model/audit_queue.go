package model

import (
	"github.com/oversikt/oversikt/internal/agency/book"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/page"
)

// AuditQueue is a page of the cases of a book in which something was found.
type AuditQueue struct {
	Edges      []AuditQueueEdge
	Nodes      []*AuditQueueItem
	PageInfo   page.Info
	TotalCount int
	Sweep      book.Sweep
}

// AuditQueueEdge is a case in the list of those in which something was found.
type AuditQueueEdge struct {
	Node   *AuditQueueItem
	Cursor page.Cursor
}

// AuditQueueItem is a case with what is found in it as it was just read.
type AuditQueueItem struct {
	book.Found
	Case *debt.Case
}
