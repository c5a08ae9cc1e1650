package agency_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/fault"
)

// TestWithheldIsLoggedOnce: an agency is told which record to mend, not at every answer, and the
// value is in no line.
func TestWithheldIsLoggedOnce(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, log := open(t, c)
	first := all(t, r)[0].Cases[0]
	c.exec(t, fmt.Sprintf("update core.case set due_on = '9999-12-31' where case_number = '%s'", first.CaseNumber))
	for range 3 {
		parts, errs := r.Read(t.Context(), somebody(), everything)
		if fault.Of(errs[0]).Code != fault.SchemaMismatch || !parts[0].Withholds(first.ID) || parts[0].Status != "OK" {
			t.Errorf("%v: %+v", errs[0], parts[0].Withheld)
		}
	}
	line := "relation=case column=due_on case_id=" + first.ID.ID + " reason=DATE"
	if text := log.String(); strings.Count(text, line) != 1 || strings.Contains(text, "9999") {
		t.Errorf("%s", text)
	}
}
