package caller_test

import (
	"errors"
	"testing"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

func TestLookup(t *testing.T) {
	id, err := norway.ParseNationalID(synthetic)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason string
		p      caller.Principal
		ok     bool
	}{
		"case worker": {"the own agency", caller.Principal{Kind: caller.Staff, Role: caller.CaseWorker, Agency: "fjord"},
			true},
		"supervisor": {"the own agency", caller.Principal{Kind: caller.Staff, Role: caller.Supervisor, Agency: "fjord"},
			true},
		"auditor":   {"looks at looks", caller.Principal{Kind: caller.Staff, Role: caller.Auditor, Agency: "fjord"}, false},
		"no role":   {"not yet told what they may", caller.Principal{Kind: caller.Staff, Agency: "fjord"}, false},
		"no agency": {"nowhere to look", caller.Principal{Kind: caller.Staff, Role: caller.CaseWorker}, false},
		"person": {"with fields that are not theirs", caller.Principal{Kind: caller.Person, NationalID: id,
			Role: caller.CaseWorker, Agency: "fjord"}, false},
		"nobody": {"the zero value", caller.Principal{}, false},
	}
	for name, tc := range cases {
		right, err := tc.p.Lookup()
		if (err == nil) != tc.ok || err != nil && !errors.Is(err, &fault.Error{Code: fault.Forbidden}) {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
		scope := right.Scope(caller.Debtor{NationalID: id})
		if scope.IsZero() == tc.ok || scope.Covers("fjord") != tc.ok || scope.Covers("lita") ||
			scope.Cases("fjord", nil) == nil != tc.ok {
			t.Errorf("%s (%s): scope of another extent", name, tc.reason)
		}
		for agency, mine := range map[string]bool{"fjord": tc.ok, "lita": false} {
			one := caller.CaseKey{Agency: agency, ID: "7"}
			scope := right.Scope(caller.Debtor{Case: one})
			if key, ok := scope.Case(); ok != mine || ok && key != one || scope.IsZero() == mine {
				t.Errorf("%s (%s): scope of another case than the one at %s", name, tc.reason, agency)
			}
		}
		if !right.Scope(caller.Debtor{}).IsZero() {
			t.Errorf("%s: nobody has a scope", name)
		}
	}
}
