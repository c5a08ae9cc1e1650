package service

import (
	"slices"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/act/household"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/resolvers"
)

// Rules are the rules of the retention schedule that follow from the acts.
func Rules() []portal.Rule { return act.Rules(allActs(resolvers.NewActs(resolvers.ActDeps{}), nil)) }

// UnderKey are the columns of the portal database that its key has written.
func UnderKey() []portal.Keyed {
	return slices.Concat(portal.UnderKey(), act.UnderKey(), attorney.UnderKey(), audit.UnderKey(), vault.UnderKey(),
		household.UnderKey(), privacy.UnderKey(), session.UnderKey(), throttle.UnderKey())
}

// allActs are the acts of people, and those that the service does by itself.
func allActs(acts *resolvers.Acts, powers *attorney.Register) []*act.Act {
	return append(acts.All(), attorney.Hidden(powers)...)
}
