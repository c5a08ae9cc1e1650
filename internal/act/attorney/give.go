package attorney

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/text"
)

// The names of the acts of people.
const (
	GiveName   act.Name = "GIVE_POWER_OF_ATTORNEY"
	RevokeName act.Name = "REVOKE_POWER_OF_ATTORNEY"
)

const (
	giveFunction   = "give_power_of_attorney"
	revokeFunction = "revoke_power_of_attorney"
)

// kept is how long the acts are kept: as long as the power itself.
var kept = act.Keep{Days: 1095, Why: "What was done under a power of attorney can be disputed for three years (foreldelsesloven § 2)"}

// Give is the act of giving a power of attorney. It is in force from the transaction that
// stores it, under the id of the act; the agencies are told until they answer, or it is over.
// Its errors are ErrNotYours and ErrTooWeak, beside those of every act.
func Give(r *Register) *act.Of[Input] {
	return &act.Of[Input]{
		Act: act.Act{
			Name: GiveName, Reach: act.Each, Who: access.Debtor, Function: giveFunction, Holds: true,
			Codes: []act.Code{act.TooMany, act.AgencyUnavailable}, Keep: kept, Ready: r.unlessEnded,
			Often: throttle.Limits{PerMinute: maxADay, PerDay: 2 * maxADay}, // many may be given in one go
		},
		Plan: r.planGive,
	}
}

func (r *Register) planGive(ctx context.Context, by act.By, in Input) (act.Plan, error) {
	if !by.OnOwnBehalf() {
		return act.Plan{}, ErrNotYours
	}
	if !slices.Contains(r.Signing[by.Issuer], by.ACR) {
		return act.Plan{}, ErrTooWeak
	}
	checked, err := in.check(by.NationalID, by.Today, r.known)
	if err != nil {
		return act.Plan{}, err
	}
	if err := r.scan(ctx, checked.content); err != nil {
		return act.Plan{}, err
	}
	if err := r.checkCases(ctx, by.Principal, checked); err != nil {
		return act.Plan{}, err
	}
	given := checked.power(by)
	row, err := r.seal(given, checked.content, by)
	if err != nil {
		return act.Plan{}, err
	}
	plan := act.Plan{Rests: &given.Until, Until: new(endOf(given.Until))}
	for _, code := range r.Agencies.Codes() {
		if given.covers(code) && r.takes(code) {
			plan.Parts = append(plan.Parts, act.Part{Agency: code, Input: termsAt(given, code)})
		}
	}
	plan.Store = func(ctx context.Context, tx pgx.Tx) error { return r.store(ctx, tx, given.ID, row) }
	return plan, nil
}

// scan refuses a document that a scanner knows. Nothing of it is kept.
func (r *Register) scan(ctx context.Context, content []byte) error {
	if r.Scan == nil || len(content) == 0 {
		return nil
	}
	found, err := r.Scan(ctx, content)
	switch {
	case err != nil:
		return ErrNotScanned.Because(err)
	case found != "":
		r.Logger.WarnContext(ctx, "a document is refused: the scanner knows it", "found", found)
		var faults act.Faults
		faults.Invalid("signing.document.base64", "input.DOCUMENT_ACTIVE")
		return faults
	}
	return nil
}

// store writes a power, unless the grantor has too many. Many at once count each other.
func (r *Register) store(ctx context.Context, tx pgx.Tx, id uuid.UUID, row pgx.NamedArgs) error {
	if _, err := tx.Exec(ctx, portal.LockSQL, "power of attorney", row["people"]); err != nil {
		return err
	}
	var inForce, lastDay int
	if err := tx.QueryRow(ctx, situationSQL, row).Scan(&inForce, &lastDay); err != nil {
		return fmt.Errorf("count powers of attorney: %w", err)
	}
	if inForce >= maxInForce || lastDay >= maxADay {
		return act.Faults{{Code: act.TooMany, Args: []text.Arg{text.With("most", maxInForce), text.With("daily", maxADay)}}}
	}
	if _, err := tx.Exec(ctx, insertSQL, row); err != nil {
		return err
	}
	return about(ctx, tx, id, id)
}

// about notes which power an act is about.
func about(ctx context.Context, tx pgx.Tx, power, act uuid.UUID) error {
	_, err := tx.Exec(ctx, insertActSQL, pgx.NamedArgs{"id": power, "act": act})
	return err
}

// known says whether an agency is connected.
func (r *Register) known(code string) bool { return slices.Contains(r.Agencies.Codes(), code) }

// takes says whether an agency takes powers of attorney: one that cannot be told of the end
// of one is not told of its beginning either.
func (r *Register) takes(code string) bool {
	return r.Agencies.Offers(code, giveFunction) && r.Agencies.Offers(code, revokeFunction)
}

// unlessEnded spares agencies that have not heard of a power which has ended since.
func (r *Register) unlessEnded(ctx context.Context, id uuid.UUID, _ string, stored json.RawMessage) (json.RawMessage,
	act.Readiness, error) {
	ctx, cancel := r.Portal.Bounded(ctx)
	defer cancel()
	var ended bool
	err := r.Portal.QueryRow(ctx, endedSQL, pgx.NamedArgs{"act": id, "now": r.now()}).Scan(&ended)
	switch {
	case err != nil:
		return nil, act.Later, unavailable("look whether a power of attorney has ended", err)
	case ended:
		return stored, act.Spared, nil
	}
	return stored, act.Ask, nil
}

// checkCases asks the agencies whether the cases are the grantor's.
func (r *Register) checkCases(ctx context.Context, p caller.Principal, checked request) error {
	keys := map[string][]string{}
	for _, c := range checked.cases {
		keys[c.Agency] = append(keys[c.Agency], c.ID)
	}
	own := map[caller.CaseKey]bool{}
	for code, wanted := range keys {
		part, err := r.Agencies.ReadCases(ctx, code, p.Scope(), debt.OfCases, wanted)
		if err != nil && part.Status != debt.AgencyOK {
			return act.Wrong(act.AgencyUnavailable, "cases")
		}
		for _, w := range part.WithheldCases() {
			if w.ID != nil {
				own[caller.CaseKey{Agency: code, ID: w.ID.ID}] = true
			}
		}
		for i := range part.Cases {
			own[caller.CaseKey{Agency: code, ID: part.Cases[i].ID.ID}] = true
		}
	}
	var faults act.Faults
	for i, c := range checked.cases {
		if !own[c] {
			faults.Invalid(fmt.Sprintf("cases.%d", i), "input.CASE")
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}

// terms is a power of attorney as the contract takes it.
type terms struct {
	NationalID *string  `json:"attorney_national_id"`
	OrgNumber  *string  `json:"attorney_org_number"`
	Name       string   `json:"attorney_name"`
	MayAct     bool     `json:"may_act"`
	Cases      []string `json:"case_ids"` // null: all
	From       string   `json:"valid_from"`
	Until      string   `json:"valid_until"`
}

// termsAt returns what an agency is told of a power.
func termsAt(p Power, code string) terms {
	t := terms{Name: p.Name, MayAct: p.MayAct, From: p.From.String(), Until: p.Until.String()}
	if p.OrgNumber != "" {
		t.OrgNumber = &p.OrgNumber
	} else {
		t.NationalID = new(p.Attorney.Reveal())
	}
	for _, c := range p.Cases {
		if c.Agency == code {
			t.Cases = append(t.Cases, c.ID)
		}
	}
	return t
}
