// Package schedule says what to pay and when by an accepted payment solution, and how that
// stands in the records of a later day. It is pure: no database, no GraphQL, no clock.
package schedule

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Schedule is everything to pay, as it was accepted. It names cases by their keys, and no
// person.
type Schedule struct {
	Cases    []Case    `json:"cases"`
	Payments []Payment `json:"payments"` // in the order of their days
}

// Case is a case that the schedule pays.
type Case struct {
	Agency string    `json:"agency"` // its code
	ID     string    `json:"id"`     // the case's key there
	Paid   money.Øre `json:"paid"`   // all that had been paid in the case when the schedule was made
}

// Payment is what one case is paid on one day.
type Payment struct {
	DueOn  norway.Date `json:"d"`
	Case   int         `json:"c"` // its place in Cases
	Amount money.Øre   `json:"a"` // with the fee
	Fee    money.Øre   `json:"f,omitempty"`
	// number of the agreement that it is an instalment of, or a share of one; 0: none
	Agreement int `json:"g,omitempty"`
}

// New returns a schedule of payments of cases as their records are, in the order of days.
// Payment.Case is the place among the cases.
func New(cases []*debt.Case, payments []Payment) Schedule {
	s := Schedule{Cases: make([]Case, len(cases)), Payments: slices.Clone(payments)}
	for i, c := range cases {
		s.Cases[i] = Case{c.ID.Agency, c.ID.ID, paidIn(c)}
	}
	slices.SortStableFunc(s.Payments, func(a, b Payment) int { return cmp.Compare(a.DueOn, b.DueOn) })
	return s
}

// Encode returns the schedule as bytes, to be sealed.
func (s Schedule) Encode() ([]byte, error) { return json.Marshal(s) }

// Decode reads what Encode wrote.
func Decode(text []byte) (s Schedule, err error) {
	if err := json.Unmarshal(text, &s); err != nil {
		return Schedule{}, err
	}
	for _, p := range s.Payments {
		if p.Case < 0 || p.Case >= len(s.Cases) {
			return Schedule{}, fmt.Errorf("a payment of case %d of %d", p.Case, len(s.Cases))
		}
	}
	return s, nil
}

// Key returns the key of the case of a payment.
func (s *Schedule) Key(p Payment) debt.Key {
	c := s.Cases[p.Case]
	return debt.Key{Kind: debt.KindCase, Agency: c.Agency, ID: c.ID}
}

func paidIn(c *debt.Case) (sum money.Øre) {
	for i := range c.AllPayments {
		sum += c.AllPayments[i].Amount
	}
	return sum
}
