package act

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/throttle"
)

// AtDesk are those who decide what waits at an agency.
const AtDesk = access.CaseWorker | access.Supervisor

// AlreadyDecided is what is told of what does not wait any more: it is decided, or was taken back.
const AlreadyDecided Code = "ALREADY_DECIDED"

// TooMuch is told of an amount that is as much as, or more than, what it would be a part of.
const TooMuch Code = "TOO_MUCH"

// atDesk are the codes that all acts of case workers have.
var atDesk = []Code{NotOffered, AlreadyDecided, AgencyUnavailable, ClaimedByOther}

// deskOften is how often one case worker may decide: it is their work.
var deskOften = throttle.Limits{PerMinute: 30, PerDay: 500}

// decided stands for the reason of a case worker in the access log.
const decided = "a decision on what was asked for in the case"

// Queues reads what waits at agencies. [agency.Registry] is one.
type Queues interface {
	Queue(ctx context.Context, right caller.Lookup, q agency.QueueQuery) (items []agency.Waiting, more bool, err error)
	Offers(code, function string) bool
}

// asks is for whom an agency is asked: a case worker decides there, and is nobody's debtor.
func (b By) asks() caller.Scope {
	if right, err := b.Lookup(); err == nil {
		return right.Deciding()
	}
	return b.Scope()
}

// OfItem returns the plan of a decision on what waits at the case worker's agency under the key of an
// item; field is the member of the input that names it. input returns what the agency is sent about the
// subject of the item, which is of the kind. What waits at another agency is not there, and what does
// not wait any more is decided. What another case worker has in hand is theirs to decide. An agency that
// does not answer now is not asked later: a decision is about what was seen.
func (a *Act) OfItem(ctx context.Context, queues Queues, by By, key debt.Key, field string, kind debt.QueueKind,
	input func(subject string) any) (Plan, error) {
	item, err := a.waiting(ctx, queues, by, key, field)
	switch {
	case err != nil:
		return Plan{}, err
	case item.Kind != kind:
		return Plan{}, Wrong(NotFound, field)
	}
	plan := planOf(item, decides(field))
	plan.Parts = []Part{{Agency: key.Agency, Input: input(item.SubjectID)}}
	return plan, nil
}

// waiting returns what waits at the case worker's agency under the key of an item.
func (a *Act) waiting(ctx context.Context, queues Queues, by By, key debt.Key, field string) (none agency.Waiting,
	err error) {
	right, err := by.Lookup()
	if err != nil || key.Kind != debt.KindQueueItem || key.Agency != right.Agency() {
		return none, Wrong(NotFound, field)
	}
	if !a.Offered(queues, key.Agency) {
		return none, Wrong(NotOffered, field)
	}
	found, _, err := queues.Queue(ctx, right, agency.QueueQuery{Items: []string{key.ID}, Rows: 1})
	switch {
	case err != nil && fault.Of(err).Code == fault.AgencyUnavailable:
		return none, Faults{{Code: AgencyUnavailable}}
	case err != nil && fault.Of(err).Code == fault.NotOffered:
		return none, Wrong(NotOffered, field)
	case err != nil:
		return none, err
	case len(found) == 0:
		return none, Wrong(AlreadyDecided, field)
	}
	return found[0], nil
}

// planOf returns the plan of an act about an item, which does something about whose hand it is in.
func planOf(item agency.Waiting, do func(context.Context, pgx.Tx, pgx.NamedArgs) error) Plan {
	plan := Plan{Debtor: item.Debtor, about: handling{item.ID, do}}
	if item.CaseID != nil {
		plan.Cases = []debt.Key{*item.CaseID}
	}
	return plan
}
