package model

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
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

// InstalmentPlanChangeQuote is what changing a plan would come to, or why it cannot be changed so.
type InstalmentPlanChangeQuote struct {
	AsOf       norway.Date
	Plan       *instalment.Plan
	Current    *debt.Left
	Dearer     *money.Øre
	UsesSkip   *bool
	UserErrors []ChangeInstalmentPlanError
}
