package preview

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/oversikt/oversikt/internal/debt/money"
)

// Own is what the core itself says that a case comes to.
type Own struct {
	Case  string // the agency's key
	Total money.Øre
}

var columns = []string{"case_id", "principal_ore", "interest_ore", "fees_ore", "legal_costs_ore", "total_ore"}

// WriteCSV writes a row for each open case, in øre.
func WriteCSV(w io.Writer, figures []Figure) error {
	out := csv.NewWriter(w)
	rows := [][]string{columns}
	for _, f := range figures {
		row := []string{f.Case}
		for _, o := range []money.Øre{f.Principal, f.Interest, f.Fees, f.LegalCosts, f.Total} {
			row = append(row, strconv.FormatInt(int64(o), 10))
		}
		rows = append(rows, row)
	}
	return out.WriteAll(rows)
}

// ReadOwn reads the core's figures: a row that names the columns, case_id and total_ore among
// them, and then a row for each case. An error names the line, and repeats nothing of it.
func ReadOwn(r io.Reader) ([]Own, error) {
	in := csv.NewReader(r)
	header, err := in.Read()
	if err != nil {
		return nil, errors.New("the file has no first line with the names of its columns")
	}
	id, total := slices.Index(header, columns[0]), slices.Index(header, columns[len(columns)-1])
	if id < 0 || total < 0 {
		return nil, errors.New("the first line does not name the columns case_id and total_ore")
	}
	var all []Own
	seen := map[string]bool{}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		line, _ := in.FieldPos(0)
		if err != nil {
			return nil, fmt.Errorf("line %d is no row of %d columns", line, len(header))
		}
		amount, err := strconv.ParseInt(row[total], 10, 64)
		switch {
		case err != nil || money.Øre(amount) > money.Max || money.Øre(amount) < -money.Max:
			return nil, fmt.Errorf("line %d: total_ore is no whole number of øre", line)
		case row[id] == "" || seen[row[id]]:
			return nil, fmt.Errorf("line %d: case_id is empty, or is there already", line)
		}
		seen[row[id]] = true
		all = append(all, Own{row[id], money.Øre(amount)})
	}
}

// Comparison is what the core's figures say against the product's.
type Comparison struct {
	Compared   int
	Differ     []Differing
	Uncompared []string // keys in the file that are no case of those that were looked at
}

// Differing is a case for which the two do not agree.
type Differing struct {
	Case        string
	Core, Shown money.Øre
}

// Compare compares to the øre. A case that is closed comes to nothing.
func (p *Preview) Compare(own []Own) (c Comparison) {
	totals := map[string]money.Øre{}
	for id := range p.closed {
		totals[id] = 0
	}
	for _, f := range p.Figures {
		totals[f.Case] = f.Total
	}
	for _, o := range own {
		shown, ok := totals[o.Case]
		if !ok {
			c.Uncompared = append(c.Uncompared, o.Case)
			continue
		}
		c.Compared++
		if shown != o.Total {
			c.Differ = append(c.Differ, Differing{o.Case, o.Total, shown})
		}
	}
	return c
}
