package resolvers

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/statement"
	"github.com/oversikt/oversikt/internal/wayout/offer"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

// brings says which relations a field is answered from. A field that is not here
// needs none, or is answered from what its parent brought; a test asks every field
// of the schema alone and compares it with the whole answer.
var brings = map[string]map[string]debt.Relations{
	"Viewer": {
		"debtors":  debt.OfDebtors,
		"overview": debt.OfBalance,
		"cases":    debt.OfCases | debt.OfTerms,

		"difficulties":  debt.OfDifficulties,
		"contactableAt": debt.OfDifficulties,

		"caseLinkRequests": debt.OfCaseLinks,
		"simulate":         debt.OfNextCost,
		"changes":          debt.OfChanges,

		"paymentSolutions": offer.Relations,
		"personalData":     debt.OfDebtors,
	},
	"ContactCorrection": {"debtor": debt.OfDebtors},
	"PersonalDataSource": {
		"categories": debt.OfAll,
		"debtors":    debt.OfDebtors,
		"cases":      debt.OfCases | debt.OfTerms,
	},
	"StaffPerson": {
		"debtors":  debt.OfDebtors,
		"overview": debt.OfBalance,
		"cases":    debt.OfCases | debt.OfTerms,

		"difficulties":     debt.OfDifficulties,
		"contactableAt":    debt.OfDifficulties,
		"paymentSolutions": offer.Relations,
	},
	"QueueItem": {
		"case": debt.OfCases | debt.OfTerms,
		"subject": debt.OfCases | debt.OfTerms | debt.OfDeferrals | debt.OfObjections | debt.OfComplaints |
			debt.OfAgreements | debt.OfReceipts | debt.OfRequests,
	},
	"AuditQueueItem": {"case": debt.OfAudit | debt.OfCases | debt.OfTerms},
	"Overview": {
		"creditors": debt.OfCreditors,
		"nextDue":   debt.OfNextDue,
		"nextCost":  debt.OfNextCost,
	},
	"Agency": {
		"orgNumber":     debt.OfAgency,
		"phone":         debt.OfAgency,
		"email":         debt.OfAgency,
		"website":       debt.OfAgency,
		"postalAddress": debt.OfAgency,
		"domains":       debt.OfAgency,
		"senders":       debt.OfAgency,
		"phones":        debt.OfAgency,
		"accounts":      debt.OfAgency,
	},
	"Case": {
		"creditor":  debt.OfCreditors,
		"debtor":    debt.OfDebtors,
		"items":     debt.OfItems,
		"holds":     debt.OfHolds,
		"dueOn":     debt.OfDeadline,
		"balance":   debt.OfBalance,
		"nextCost":  debt.OfNextCost,
		"timeline":  debt.OfTimeline,
		"audit":     debt.OfAudit,
		"statement": statement.Relations,

		"closingProof":  debt.OfBalance,
		"fees":          debt.OfFees,
		"letters":       debt.OfLetters,
		"payments":      debt.OfPayments,
		"agreement":     debt.OfAgreements,
		"objections":    debt.OfObjections,
		"paymentInfo":   debt.OfNextDue,
		"deferrals":     debt.OfDeferrals,
		"complaints":    debt.OfComplaints | debt.OfTerms,
		"receipts":      debt.OfReceipts,
		"invoiceCopies": debt.OfRequests,

		"availableActs": debt.OfHolds | debt.OfNextInstalment | debt.OfObjections | debt.OfDeferrals | debt.OfComplaints |
			debt.OfReceipts | debt.OfRequests,
	},
	"AuditFinding":       {"prefill": debt.OfObjections | debt.OfComplaints},
	"ClaimItem":          {"outstanding": debt.OfBalance},
	"SameCreditorClaims": {"creditor": debt.OfCreditors},

	"Fee": {"overStatutoryCap": debt.OfFeeCap, "statutoryCap": debt.OfFeeCap,
		"statutoryVerdict": debt.OfFeeCap},
	"Payment": {"allocations": debt.OfBalance},

	"PaymentSolutionAcceptance": {"schedule": schedule.Relations},
	"Act":                       {"cases": debt.OfCases | debt.OfTerms},
	"Agreement": {
		"instalments":    debt.OfInstalments,
		"nextInstalment": debt.OfNextInstalment,
		"paymentInfo":    debt.OfNextDue,
	},
}

// wanted returns every relation that is needed below a selection set. It walks the
// document as it stands: a type condition that will not match costs a statement, not an error.
func wanted(selections ast.SelectionSet, vars map[string]any) debt.Relations {
	var want debt.Relations
	access.Walk(selections, vars, func(f *ast.Field) bool {
		want |= brings[f.ObjectDefinition.Name][f.Name]
		if f.Name == "cases" {
			want |= ordersBy[orderOf(f, vars)]
			if strings.HasSuffix(f.ObjectDefinition.Name, "Payload") {
				want |= brings["Act"]["cases"]
			}
		}
		return true
	})
	return want
}

// ordersBy says which relations an order of cases needs.
var ordersBy = map[any]debt.Relations{
	string(debt.OrderByDue):   debt.OfDeadline,
	string(debt.OrderByTotal): debt.OfBalance,
}

func orderOf(f *ast.Field, vars map[string]any) any {
	arg := f.Arguments.ForName("orderBy")
	if arg == nil {
		return nil
	}
	// What cannot be read is refused where the argument is used.
	value, _ := arg.Value.Value(vars)
	order, _ := value.(map[string]any)
	return order["field"]
}

// rootFields returns the fields of a name at the root of the operation, or of a selection.
func rootFields(selections ast.SelectionSet, vars map[string]any, name string) []*ast.Field {
	var found []*ast.Field
	access.Walk(selections, vars, func(f *ast.Field) bool {
		if f.Name == name {
			found = append(found, f)
		}
		return false
	})
	return found
}

// firstOfAgencies returns the first field of a selection that needs the agencies: the
// field that the error of a missing agency is shown at. about may pass fields over; nil: none.
func firstOfAgencies(selections ast.SelectionSet, vars map[string]any, about func(*ast.Field) bool) *ast.Field {
	for _, selection := range selections {
		if wanted(ast.SelectionSet{selection}, vars) == 0 {
			continue
		}
		var below ast.SelectionSet
		switch s := selection.(type) {
		case *ast.Field:
			if about == nil || about(s) {
				return s
			}
		case *ast.InlineFragment:
			below = s.SelectionSet
		case *ast.FragmentSpread:
			below = s.Definition.SelectionSet
		}
		if found := firstOfAgencies(below, vars, about); found != nil {
			return found
		}
	}
	return nil
}
