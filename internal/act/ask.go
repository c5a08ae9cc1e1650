package act

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

// NotNeeded is the reason of an agency that need not be asked any more.
const NotNeeded Code = "NOT_NEEDED"

// ask asks agency i for what is next.
func (e *Engine) ask(ctx context.Context, a *Act, s *saga, i int, st step, call agency.Call) (agency.Answer, error) {
	answer, err := e.askFor(ctx, a, s, i, st, call)
	if (st.name == doing.name || st.name == proposing.name) && errors.Is(err, fault.New(fault.NotOffered, "")) {
		// It was not known when the act was stored.
		return agency.Answer{Status: string(saidRefused), Reason: string(NotOffered)}, nil
	}
	return answer, err
}

func (e *Engine) askFor(ctx context.Context, a *Act, s *saga, i int, st step, call agency.Call) (agency.Answer, error) {
	code := s.Agencies[i].Code
	switch st.name {
	case confirming.name:
		call.Function = a.Confirm
	case withdrawing.name:
		call.Function = a.Withdraw
	case proposing.name:
		call.Function = a.Function
		return e.Agencies.Propose(ctx, code, call, a.Reads, func(now debt.Part) error {
			return a.Verify(now, s.parts[i].expects)
		})
	default:
		call.Function = a.Function
	}
	return e.Agencies.Ask(ctx, code, call)
}

// input returns what agency i is sent, and whether it is asked now.
func (e *Engine) input(ctx context.Context, a *Act, s *saga, i int, st step) (json.RawMessage, Readiness, error) {
	if st.name == confirming.name || st.name == withdrawing.name {
		return nil, Ask, nil
	}
	code := s.Agencies[i].Code
	in, err := e.Secret.Unseal(s.parts[i].input, bound(s, code))
	if err != nil {
		return nil, Later, fmt.Errorf("what %s is asked: %w", code, err)
	}
	if a.Ready == nil {
		return in, Ask, nil
	}
	in, ready, err := a.Ready(ctx, s.ID, code, in)
	if err != nil {
		return nil, Later, fmt.Errorf("what %s is asked: %w", code, err)
	}
	// What may have been carried out is asked until it is known.
	if ready == Spared && s.parts[i].sent {
		ready = Ask
	}
	return in, ready, nil
}

// scope returns whose cases they are; that of an act of nobody's is zero.
func (e *Engine) scope(s *saga) (caller.Scope, error) {
	plain, err := e.Secret.Unseal(s.whose, bound(s, ""))
	if err != nil || len(plain) == 0 {
		return caller.Scope{}, err
	}
	return caller.DecodeScope(plain)
}

// What is sealed belongs to its row and column. The prefix tells acts of this engine from
// those that an earlier version has stored.
func bound(s *saga, agency string) string { return s.sealedAs + " " + s.ID.String() + " " + agency }
func boundKept(s *saga) string            { return s.sealedAs + " schedule " + s.ID.String() }
func boundBy(s *saga) string              { return s.sealedAs + " by " + s.ID.String() }
func boundResult(sealedAs string, id uuid.UUID, agency string) string {
	return sealedAs + " result " + id.String() + " " + agency
}

const (
	sealedAs = "act"
	open     = "open" // what agencies answered to acts from before this engine stands in the clear
)

// OpenResult returns what an agency answered to an act, from the row of its part and from how
// the act's row says that it is sealed.
func OpenResult(secret *portal.Secret, sealedAs string, id uuid.UUID, agency string, stored []byte) (json.RawMessage,
	error) {
	if sealedAs == open {
		return stored, nil
	}
	result, err := secret.Unseal(stored, boundResult(sealedAs, id, agency))
	if err != nil {
		return nil, fmt.Errorf("result of act %s: %w", id, err)
	}
	return result, nil
}

// UnderKey says where acts have references and sealed values. What an earlier version has left open
// is bound to nothing.
func UnderKey() []portal.Keyed {
	as := "(select nullif(o.sealed_as, '" + open + "') from portal.act o where o.id = act) || "
	return []portal.Keyed{
		{Table: "portal.act", Key: []string{"id"}, References: []string{"subject", "actor", "digest"}, Rows: 20,
			Sealed: []portal.Sealed{
				{Column: "whose", Bound: "sealed_as || ' ' || id || ' '"},
				{Column: "kept", Bound: "sealed_as || ' schedule ' || id"},
				{Column: "by_name", Bound: "sealed_as || ' by ' || id"},
			}},
		{Table: "portal.act_agency", Key: []string{"act", "agency"}, Sealed: []portal.Sealed{
			{Column: "input", Bound: as + "' ' || act || ' ' || agency"},
			{Column: "result", Bound: as + "' result ' || act || ' ' || agency"},
		}},
		{Table: "portal.claim", Key: []string{"agency", "item"}, References: []string{"worker"}, Brief: true},
		{Table: "portal.event", Key: []string{"number"}, References: []string{"subject"}},
	}
}
