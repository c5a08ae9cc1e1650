package privacy

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

const (
	mostText    = 5000 // characters
	mostWaiting = 20   // requests of one person that wait for an answer
)

// Input is a request as it is handed in.
type Input struct {
	Key    uuid.UUID // the caller's idempotency key
	Kind   personaldata.RequestKind
	Text   string
	Agency *string // the agency's code; nil: the portal
}

// ErrTooMany says that no more can be handed in before some are answered.
var ErrTooMany = fmt.Errorf("%d of your requests wait for an answer already", mostWaiting)

// Submit stores a request of the caller; the same key with the same input returns the
// first one. BAD_USER_INPUT names the member; [fault.ErrKeyReused] and ErrTooMany are told apart by errors.Is.
func (s *Service) Submit(ctx context.Context, p caller.Principal, in Input) (personaldata.Request, error) {
	in.Text = strings.TrimSpace(in.Text)
	switch {
	case in.Text == "":
		return personaldata.Request{}, fault.Invalid("input.text", "say what you ask or demand")
	case utf8.RuneCountInString(in.Text) > mostText:
		return personaldata.Request{}, fault.Invalid("input.text", "the text has at most %d characters", mostText)
	case in.Key == uuid.Nil:
		return personaldata.Request{}, fault.Invalid("input.idempotencyKey",
			"the key is a new random number for each request")
	}
	stored, err := s.store.add(ctx, p, in, s.o.Clock())
	switch {
	case err != nil:
		return personaldata.Request{}, err
	case stored == nil:
		return personaldata.Request{}, ErrTooMany
	case stored.Kind != in.Kind || stored.Text != in.Text || !same(stored.AgencyCode, in.Agency):
		return personaldata.Request{}, fault.ErrKeyReused
	}
	return *stored, nil
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// Requests returns the caller's requests, newest first.
func (s *Service) Requests(ctx context.Context, p caller.Principal) ([]personaldata.Request, error) {
	return s.store.requests(ctx, s.o.Secret.Reference(p.NationalID))
}
