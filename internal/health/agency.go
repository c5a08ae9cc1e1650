package health

import (
	"context"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/check"
)

// powers are the rules of the check that say that the role can do what it must not.
var powers = map[check.Rule]bool{check.RulePower: true, check.RuleMember: true, check.RuleOwner: true,
	check.RuleOutside: true, check.RuleWrite: true, check.RuleCreate: true, check.RuleDefiner: true}

// agency finds out how an agency is. It reads nobody's records.
func (w *Watch) agency(ctx context.Context, code string) Part {
	f := Part{Agency: code, State: OK, Codes: []Code{}}
	err := w.Agencies.Examine(ctx, code, func(ctx context.Context, seen agency.Examined) error {
		found, err := check.Glance(ctx, seen.Conn, check.Options{Schema: seen.Schema, Deadline: seen.Deadline})
		switch {
		case seen.Unfit == nil && err != nil:
			return err
		case seen.Unfit != nil && (err != nil || len(found.Breaches) == 0):
			f.add(Down, ContractBroken, seen.Unfit.Error())
			return nil
		case seen.Unfit != nil:
			f.add(Down, ContractBroken)
		}
		f.judge(found)
		return nil
	})
	if err != nil {
		f.add(Down, codeOf(err), err.Error())
	}
	return f
}

// judge takes over what a glance has found.
func (f *Part) judge(found check.Findings) {
	f.Acts, f.ActsOf = found.Acts()
	for _, b := range found.Breaches {
		code := ContractBreach
		switch {
		case powers[b.Rule]:
			code = RoleTooPowerful
		case b.Rule == check.RuleEncoding:
			code = Encoding
		}
		f.add(Wrong, code, said(b))
	}
	for _, b := range found.Warnings {
		f.add(Wrong, LimitTooLow, said(b))
	}
}

func said(b check.Breach) string {
	where := b.Relation
	if b.Column != "" {
		where += "." + b.Column
	}
	return where + ": " + b.What
}
