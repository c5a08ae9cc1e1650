package service

import (
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/resolvers"
)

// Rules are the rules of the retention schedule that follow from the acts.
func Rules() []portal.Rule { return act.Rules(allActs(resolvers.NewActs(resolvers.ActDeps{}), nil)) }

// allActs are the acts of people, and those that the service does by itself.
func allActs(acts *resolvers.Acts, powers *attorney.Register) []*act.Act {
	return append(acts.All(), attorney.Hidden(powers)...)
}
