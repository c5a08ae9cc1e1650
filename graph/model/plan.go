package model

import (
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/instalment"
)

// InstalmentPlanQuote is what an instalment plan would cost, or why it cannot be had.
type InstalmentPlanQuote struct {
	AsOf       norway.Date
	Plan       *instalment.Plan
	Decision   *instalment.Decision
	Allowed    *instalment.Allowed
	UserErrors []ApplyForInstalmentPlanError
}
