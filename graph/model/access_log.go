package model

import (
	"time"

	"github.com/oversikt/oversikt/internal/audit"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/norway"
	"github.com/oversikt/oversikt/internal/page"
)

// The connections of the access log.
type (
	AccessLogConnection    = page.Connection[audit.Seen]
	AccessLogEdge          = page.Edge[audit.Seen]
	AccessReviewConnection = page.Connection[audit.SeenByAgency]
	AccessReviewEdge       = page.Edge[audit.SeenByAgency]
)

// AccessLogFilter chooses entries of the access log.
type AccessLogFilter struct {
	From, To   *time.Time
	NationalID *norway.NationalID
	Actor      *string
	Case       *debt.Key
}
