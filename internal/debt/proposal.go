package debt

import (
	"reflect"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Proposal is what one agency is asked to agree to: its part of a combined payment
// solution (betalingsløsning). Keys of cases are the agency's own.
type Proposal struct {
	Cases      []string // that the solution deals with, paid without an agreement too; none that is deferred already
	Agreements []ProposedAgreement
	Deferrals  []ProposedDeferral
}

// ProposedAgreement is instalments on one or more of the proposal's cases. It begins on the day
// of the first. Each has the policy's InstalmentFee in it. When there are more than
// SetupFreeInstalments, the first has the policy's SetupFee in it too.
type ProposedAgreement struct {
	Cases       []string
	Instalments []Instalment // PaidOn is not used
}

// ProposedDeferral puts a case on hold until a day, and moves all its coming costs by some
// days.
type ProposedDeferral struct {
	Case  string
	Until norway.Date // the last day
	Days  int
	Fee   money.Øre
}

// ProposalStatus says how far a proposal has come.
type ProposalStatus string

// The states of a proposal.
const (
	ProposalProposed  ProposalStatus = "PROPOSED"
	ProposalConfirmed ProposalStatus = "CONFIRMED"
	ProposalWithdrawn ProposalStatus = "WITHDRAWN"
	ProposalRefused   ProposalStatus = "REFUSED"
)

// ProposalReason says why an agency refuses.
type ProposalReason string

// The reasons to refuse.
const (
	RefusedInvalidTerms    ProposalReason = "INVALID_TERMS"
	RefusedNotFound        ProposalReason = "NOT_FOUND"
	RefusedCaseClosed      ProposalReason = "CASE_CLOSED"
	RefusedDisputed        ProposalReason = "DISPUTED"
	RefusedAgreementExists ProposalReason = "AGREEMENT_EXISTS"
	RefusedNotThePolicy    ProposalReason = "NOT_THE_POLICY"
	RefusedWithdrawn       ProposalReason = "WITHDRAWN"
	RefusedKeyReused       ProposalReason = "KEY_REUSED"
	RefusedOther           ProposalReason = "OTHER"
)

// The codes of both, for reading and for checking what an agency delivers.
var (
	ProposalStatuses = []ProposalStatus{ProposalProposed, ProposalConfirmed, ProposalWithdrawn, ProposalRefused}
	ProposalReasons  = []ProposalReason{
		RefusedInvalidTerms, RefusedNotFound, RefusedCaseClosed, RefusedDisputed, RefusedAgreementExists,
		RefusedNotThePolicy, RefusedWithdrawn, RefusedKeyReused, RefusedOther,
	}
)

// LongestPlan returns the most instalments that anybody at the agency agrees to.
func (p *Policy) LongestPlan() int {
	if p.PlanLongest == nil {
		return p.MaxInstalments
	}
	return max(*p.PlanLongest, p.MaxInstalments)
}

// NewPlanAfterBreach says whether a broken agreement may be followed by another.
func (p *Policy) NewPlanAfterBreach() bool { return p.PlanAfterBreach == nil || *p.PlanAfterBreach }

// Same says whether two rows of a policy say the same.
func (p *Policy) Same(q *Policy) bool { return reflect.DeepEqual(p, q) }
