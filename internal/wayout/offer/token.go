package offer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// Token identifies an offer: what was asked for, and fingerprints of the plan and of the records
// that it was computed from. It names nobody. It is sealed on its way to the client, who could
// not make another one.
type Token struct {
	AsOf   norway.Date     `json:"d"`
	Input  Input           `json:"i"`
	Kind   solver.Kind     `json:"k"`
	Plan   []byte          `json:"p"`
	Prints map[string]Mark `json:"m"` // by agency
}

// Mark is a fingerprint of what an agency's cases and policy come to on a day.
type Mark []byte

const markSize = 12

func newToken(asOf norway.Date, input Input, s Solution, prints map[string]Mark) Token {
	return Token{AsOf: asOf, Input: input, Kind: s.Kinds[0], Plan: s.print(), Prints: prints}
}

func (s *situation) prints() map[string]Mark {
	marks := map[string]Mark{}
	for _, a := range s.in.Agencies {
		marks[a.ID] = s.print(a.ID)
	}
	return marks
}

func (s *situation) print(code string) Mark {
	a, cases := s.of(code)
	return hash(s.in.AsOf, a, cases)
}

func (s *Solution) print() []byte { return hash(s.plan.Decisions()) }

// hash is over the members' names and values: a field that is added changes it.
func hash(values ...any) []byte {
	h := sha256.New()
	for _, v := range values {
		fmt.Fprintf(h, "%+v\n", v)
	}
	return h.Sum(nil)[:markSize]
}

// Fingerprint is the fingerprint of one agency's records as of a day. It is the same as in an
// offer unless something that the offer depends on has changed. It is empty when the agency has
// no case that an offer would include.
func Fingerprint(part debt.Part, today norway.Date) Mark {
	s, err := situationOf([]debt.Part{part}, today, Input{})
	if err != nil || len(s.in.Cases) == 0 {
		return nil
	}
	return s.print(part.Agency.Code)
}

// Encode returns the token as bytes, to be sealed.
func (t Token) Encode() ([]byte, error) { return json.Marshal(t) }

// Decode reads what Encode wrote.
func Decode(text []byte) (t Token, err error) {
	err = json.Unmarshal(text, &t)
	return t, err
}

// ErrExpired says that an offer is not of today, or was made by another version of the program.
var ErrExpired = errors.New("the offer has expired")

// ChangedError says that cases at an agency have changed since the offer was made.
type ChangedError struct{ Agency *debt.Agency }

// Error implements error.
func (e *ChangedError) Error() string {
	return "cases at " + e.Agency.Code + " have changed since the offer was made"
}

// Again computes the offer again from the records of this moment. The error is ErrExpired on
// another day, or when another version of this program finds another plan. It is a ChangedError
// when a case has changed, and AGENCY_UNAVAILABLE when an agency with a part in the offer does
// not answer.
func (t Token) Again(ctx context.Context, solve Solve, p *debt.Person) (*Solution, error) {
	if t.AsOf != p.Today {
		return nil, ErrExpired
	}
	for _, part := range p.Parts {
		mark, counted := t.Prints[part.Agency.Code]
		if part.Status != debt.AgencyOK && !counted {
			continue
		}
		if part.Status != debt.AgencyOK {
			return nil, fault.New(fault.AgencyUnavailable, "%s does not answer now", part.Agency.Name).At(part.Agency.Code)
		}
		if !bytes.Equal(Fingerprint(part, p.Today), mark) {
			return nil, &ChangedError{part.Agency}
		}
	}
	all, err := solve.Suggest(ctx, p, t.Input)
	if err != nil {
		return nil, err
	}
	for i := range all.Suggestions {
		s := &all.Suggestions[i]
		if slices.Contains(s.Kinds, t.Kind) && bytes.Equal(s.print(), t.Plan) {
			return s, nil
		}
	}
	return nil, ErrExpired
}
