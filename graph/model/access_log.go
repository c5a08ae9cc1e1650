package model

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/page"
	"github.com/oversikt/oversikt/internal/portal/audit"
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
