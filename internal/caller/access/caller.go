// Package access says who may select which field. The schema declares it by its
// directives @access and @public. This package reads them into a table, refuses a schema
// in which a field has neither, and checks each operation against the table before it runs.
package access

import (
	"github.com/oversikt/oversikt/internal/caller"
)

// Caller is a set of kinds of caller, as the schema's enum Caller names them.
type Caller uint8

// The kinds of caller. A caller without a login is none of them.
const (
	Debtor Caller = 1 << iota
	CaseLogin
	AttorneyRead
	AttorneyAct
	CaseWorker
	Supervisor
	Auditor

	nobody Caller = 0
)

// byName has the callers by their names in the schema.
var byName = map[string]Caller{
	"DEBTOR":        Debtor,
	"CASE_LOGIN":    CaseLogin,
	"ATTORNEY_READ": AttorneyRead,
	"ATTORNEY_ACT":  AttorneyAct,
	"CASE_WORKER":   CaseWorker,
	"SUPERVISOR":    Supervisor,
	"AUDITOR":       Auditor,
}

// Named returns the kind of caller of a name in the schema, or none.
func Named(name string) Caller { return byName[name] }

// CallerOf returns the kind of caller that a principal is. A principal of no kind may only
// select public fields.
func CallerOf(p caller.Principal) Caller {
	if a, ok := p.Authority(); ok {
		if a.MayAct {
			return AttorneyAct
		}
		return AttorneyRead
	}
	switch p.Kind {
	case caller.Person:
		return Debtor
	case caller.LetterCase:
		return CaseLogin
	case caller.Staff:
		return byRole[p.Role]
	default:
		return nobody
	}
}

var byRole = map[caller.Role]Caller{
	caller.CaseWorker: CaseWorker,
	caller.Supervisor: Supervisor,
	caller.Auditor:    Auditor,
}
