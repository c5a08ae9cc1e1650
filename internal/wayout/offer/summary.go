package offer

import (
	"encoding/json"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// Summary is what is stored about an accepted solution, for the person to see later. It has
// nobody's name or number.
type Summary struct {
	Kinds     []solver.Kind `json:"kinds"`
	TotalPaid money.Øre     `json:"totalPaid"`
	Cost      money.Øre     `json:"cost"`
	LastDay   norway.Date   `json:"lastDay"`
	Cases     []debt.Key    `json:"cases"` // in the solution
}

// Summary returns what is kept of the solution.
func (s *Solution) Summary() Summary {
	cases := make([]debt.Key, len(s.Closings))
	for i, c := range s.Closings {
		cases[i] = c.Case.ID
	}
	return Summary{s.Kinds, s.TotalPaid, s.Cost, s.LastDay, cases}
}

// ReadSummary reads what was kept.
func ReadSummary(text json.RawMessage) (s Summary, err error) {
	err = json.Unmarshal(text, &s)
	return s, err
}
