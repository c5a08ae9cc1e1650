package agency

import (
	"regexp"
	"sync"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// withheld returns the error that goes with what is left out of an agency's part, nil for
// nothing. Each record is logged once a day, for the agency to mend: not at every answer.
func (a *Agency) withheld(records []debt.Withheld, today norway.Date) error {
	if len(records) == 0 {
		return nil
	}
	for _, w := range records {
		id := ""
		if w.ID != nil {
			id = longNumber.ReplaceAllString(w.ID.ID, "#")
		}
		if a.told.first(today, w.Relation+"."+w.Column+" "+id) {
			a.log.Error("a record is left out: it breaks the contract", "relation", w.Relation, "column", w.Column,
				"case_id", id, "reason", w.Reason, "cause", w.Cause)
		}
	}
	return fault.New(fault.SchemaMismatch, "cases at %s are left out (%d): it has registered something of them that cannot be used",
		a.facts.Name, len(records)).At(a.facts.Code).Saying("error.CASES_WITHHELD", "agency", a.facts.Name)
}

// longNumber may be a person's.
var longNumber = regexp.MustCompile(`\d{11,}`)

// told remembers what was logged today.
type told struct {
	mu    sync.Mutex
	on    norway.Date
	lines map[string]bool
}

// maxTold bounds what is remembered: nobody reads more lines a day.
const maxTold = 10_000

func (t *told) first(today norway.Date, line string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.on != today {
		t.on, t.lines = today, map[string]bool{}
	}
	if t.lines[line] || len(t.lines) == maxTold {
		return false
	}
	t.lines[line] = true
	return true
}
