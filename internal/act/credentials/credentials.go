// Package credentials orders a new password for the login with a letter.
package credentials

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/text"
)

// Name is the act's name.
const Name act.Name = "ORDER_NEW_CREDENTIALS"

// Throttled says that too many were ordered.
const Throttled act.Code = "THROTTLED"

// Input says for which case.
type Input struct {
	act.Keyed
	Agency     string `json:"agency"` // code
	CaseNumber string `json:"caseNumber"`
}

// Deps is what the act works with.
type Deps struct {
	Agencies *agency.Registry
	// Number returns a case number without the space around it; false for what is none.
	Number func(typed string) (number string, ok bool)
	// Take counts an order, and returns Faults where there have been too many.
	Take func(ctx context.Context, network, agency string) error
	// Stranger returns what is known of who orders without being known as the debtor. Tell puts
	// their order on record, as the act of that id, for the debtor of the case to see.
	Stranger func(ctx context.Context) audit.Stranger
	Tell     func(ctx context.Context, who audit.Stranger, id uuid.UUID, agency, number string) error
	// End ends the sessions that began with letters of a debtor.
	End func(ctx context.Context, tx pgx.Tx, debtor norway.NationalID) error
}

// asked is what is stored of an order.
type asked struct {
	CaseNumber string          `json:"case_number"`
	Stranger   *audit.Stranger `json:"stranger,omitempty"` // nil: the debtor, who is on record otherwise
}

// Order is the act.
func Order(d Deps) *act.Of[Input] {
	order := &act.Of[Input]{
		Act: act.Act{
			Name: Name, Reach: act.One, Function: "order_new_credentials", Codes: []act.Code{Throttled, act.NotOffered},
			Often: throttle.Limits{PerMinute: 30, PerDay: 500}, // Take has the limits, for an address and an agency
			Keep:  act.Keep{Days: 365, Why: "That a password was ordered, and by whom, is asked for when a letter is misused"},
		},
		Check: func(_ act.By, in Input) (faults act.Faults) {
			if _, ok := d.Number(in.CaseNumber); !ok {
				faults.Invalid("caseNumber", "input.CASE_NUMBER", text.With("max", 64))
			}
			return faults
		},
	}
	order.Plan = func(ctx context.Context, by act.By, in Input) (act.Plan, error) {
		if err := d.Take(ctx, by.Network, in.Agency); err != nil {
			return act.Plan{}, err
		}
		if wrong := order.CheckOffered(d.Agencies, in.Agency); wrong != nil {
			return act.Plan{}, wrong
		}
		number, _ := d.Number(in.CaseNumber)
		if by.OnOwnBehalf() {
			return act.Plan{Parts: []act.Part{{Agency: in.Agency, Input: asked{CaseNumber: number}}},
				Store: func(ctx context.Context, tx pgx.Tx) error { return d.End(ctx, tx, by.NationalID) }}, nil
		}
		stranger := asked{CaseNumber: number, Stranger: new(d.Stranger(ctx))}
		return act.Plan{Parts: []act.Part{{Agency: in.Agency, Input: stranger}}}, nil
	}
	order.Ready = d.ready
	return order
}

// ready puts a stranger's order on record before the agency is asked. Where that does not work now,
// the agency is not asked now.
func (d Deps) ready(ctx context.Context, id uuid.UUID, code string, stored json.RawMessage) (json.RawMessage,
	act.Readiness, error) {
	var order asked
	if err := json.Unmarshal(stored, &order); err != nil {
		return nil, act.Later, err
	}
	if order.Stranger != nil {
		if d.Tell(ctx, *order.Stranger, id, code, order.CaseNumber) != nil {
			return nil, act.Later, nil // the agency, or the log, has said why
		}
		order.Stranger = nil
	}
	input, err := json.Marshal(order)
	return input, act.Ask, err
}

// Who returns as whom an order is made. A contact point that the agency uses for somebody else
// would tell a holder of one letter, or an attorney for some cases, that another case is the
// same person's: they order as anybody.
func Who(p caller.Principal) caller.Principal {
	if !p.OnOwnBehalf() {
		return caller.Principal{}
	}
	return p
}

// SentBy returns how the agency sends the password; empty while it has not answered. Who is
// not logged in is told the same whether there is such a case or not, so that needs no answer.
func SentBy(r *act.Record, p caller.Principal) debt.CredentialChannel {
	if Who(p).Kind == "" {
		return debt.CredentialsByLetter
	}
	var result struct {
		Channel debt.CredentialChannel `json:"channel"`
	}
	for _, a := range r.Agencies {
		_ = json.Unmarshal(a.Result, &result) // what is not there is not told
	}
	return result.Channel
}
