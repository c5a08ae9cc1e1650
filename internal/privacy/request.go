package privacy

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
	"github.com/oversikt/oversikt/internal/text"
)

// SubmitName is the name of the act of handing a request in.
const SubmitName act.Name = "SUBMIT_PRIVACY_REQUEST"

const (
	mostText    = 5000 // characters
	mostWaiting = 20   // requests of one person that wait for an answer
)

// RequestInput is a request as it is handed in.
type RequestInput struct {
	act.Keyed
	Kind   personaldata.RequestKind `json:"kind"`
	Text   string                   `json:"text"`
	Agency *debt.Key                `json:"agency"` // nil: the portal
}

// Submit is the act of asking, demanding or complaining. The request is stored under the id of
// the act.
func Submit(s *Service) *act.Of[RequestInput] {
	return &act.Of[RequestInput]{
		Act: act.Act{
			Name: SubmitName, Reach: act.Here, Who: access.Debtor, Codes: []act.Code{act.TooMany},
			Keep: act.Keep{Days: 1095,
				Why: "That it was handed in, and when, can be disputed for three years (GDPR art. 5(2), foreldelsesloven § 9)"},
		},
		Check: s.check,
		Plan: func(_ context.Context, by act.By, in RequestInput) (act.Plan, error) {
			if err := onOwnBehalf(by.Principal); err != nil {
				return act.Plan{}, err
			}
			in.Text = strings.TrimSpace(in.Text)
			row, err := s.store.seal(by, in)
			if err != nil {
				return act.Plan{}, err
			}
			return act.Plan{Store: func(ctx context.Context, tx pgx.Tx) error { return add(ctx, tx, row) }}, nil
		},
	}
}

// check returns everything that is wrong with a request.
func (s *Service) check(_ act.By, in RequestInput) (faults act.Faults) {
	faults = act.CheckReply(new(strings.TrimSpace(in.Text)), mostText, true, "input.QUESTION")
	if a := in.Agency; a != nil && (a.Kind != debt.KindAgency || !slices.Contains(s.o.Agencies.Codes(), a.Agency)) {
		faults.Invalid("agency", "input.AGENCY")
	}
	return faults
}

// errTooMany says that no more can be handed in before some are answered.
var errTooMany = act.Faults{{Code: act.TooMany, Args: []text.Arg{text.With("most", mostWaiting)}}}

// Requests returns the caller's requests, the latest first.
func (s *Service) Requests(ctx context.Context, p caller.Principal) ([]personaldata.Request, error) {
	return s.store.requests(ctx, s.o.Secret.References(p.NationalID))
}
