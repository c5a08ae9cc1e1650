package resolvers

import (
	"context"
	"log/slog"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/throttle"
)

// StaffLimits says how much of people's data one member of staff may see.
type StaffLimits struct {
	LookUps throttle.Limits `yaml:"lookUps"` // of people who were not looked up in the last half hour
	Reveals throttle.Limits `yaml:"reveals"` // of whole national identity numbers, and of documents
}

// DefaultStaffLimits are more than a busy case worker needs, and too few to copy an agency's debtors.
var DefaultStaffLimits = StaffLimits{
	LookUps: throttle.Limits{PerMinute: 20, PerDay: 200},
	Reveals: throttle.Limits{PerMinute: 5, PerDay: 40},
}

// countLookUp counts that a member of staff looks somebody up, unless they have just done so. Who
// is not found is zero, and counts.
func (r *Resolver) countLookUp(ctx context.Context, p caller.Principal, who caller.Debtor) error {
	if !who.IsZero() {
		if before, err := r.Recorder.Remembers(ctx, p, who); err != nil || before {
			return err
		}
	}
	return r.watch(ctx, p, "staff look-up", r.StaffLimits.LookUps)
}

// countReveal counts that a member of staff sees what is hidden at first.
func (r *Resolver) countReveal(ctx context.Context, p caller.Principal) error {
	return r.watch(ctx, p, "staff reveal", r.StaffLimits.Reveals)
}

// AllowActs counts the acts of each caller: of an attorney those of the attorney, so that nobody
// uses up what is another's.
func AllowActs(guard *throttle.Guard, recorder *audit.Recorder) func(context.Context, *act.Act, act.By) error {
	return func(ctx context.Context, a *act.Act, by act.By) error {
		who := string(by.Kind) + " " + string(audit.ActorOf(recorder.Secret, by.Principal))
		if by.Kind == "" {
			who = by.Network
		}
		return guard.Pass(ctx, "act "+a.Name.Mutation(), who, a.HowOften())
	}
}

func (r *Resolver) watch(ctx context.Context, p caller.Principal, what string, l throttle.Limits) error {
	return r.Guard.Pass(ctx, what, p.Issuer+" "+p.Subject, l,
		slog.String("agency", p.Agency), slog.String("role", string(p.Role)))
}
