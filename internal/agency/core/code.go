package core

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
)

// codeScanner reads a code column into one of the known constants, without a copy of the text.
type codeScanner[T ~string] struct {
	dst   *T
	known map[string]T
	other *T   // what an unknown code is read as; nil: it breaks the contract
	null  bool // whether there may be none
}

// codes returns a reader of a type's codes. The last of them serves for unknown codes
// when it is OTHER.
func codes[T ~string](known []T, other ...T) func(*T) *codeScanner[T] {
	byText := make(map[string]T, len(known))
	for _, k := range known {
		byText[string(k)] = k
	}
	if i := slices.Index(known, "OTHER"); i >= 0 {
		other = known[i : i+1]
	}
	return func(dst *T) *codeScanner[T] {
		c := &codeScanner[T]{dst: dst, known: byText}
		if len(other) > 0 {
			c.other = &other[0]
		}
		return c
	}
}

// orNull returns a reader of a column that may be null, which is no code.
func orNull[T ~string](of func(*T) *codeScanner[T]) func(*T) *codeScanner[T] {
	return func(dst *T) *codeScanner[T] {
		c := of(dst)
		c.null = true
		return c
	}
}

// ScanBytes implements pgtype.BytesScanner.
func (c *codeScanner[T]) ScanBytes(src []byte) error {
	if src == nil {
		if !c.null {
			return missing("code")
		}
		*c.dst = ""
		return nil
	}
	v, ok := c.known[string(src)]
	switch {
	case ok:
		*c.dst = v
	case c.other != nil:
		*c.dst = *c.other
	default:
		return unfit{debt.WithheldCode, "an unknown code in a column where it matters"}
	}
	return nil
}

var (
	caseStatus      = codes(debt.CaseStatuses)
	phase           = codes(debt.Phases)
	legalStep       = orNull(codes(debt.LegalSteps))
	holdKind        = codes(debt.HoldKinds)
	costKind        = codes(debt.CostKinds)
	letterKind      = codes(debt.LetterKinds)
	letterChannel   = codes(debt.LetterChannels)
	paymentChannel  = codes(debt.PaymentChannels)
	component       = codes(debt.Components)
	agreementKind   = codes(debt.AgreementKinds)
	agreementStatus = codes(debt.AgreementStatuses)
	objectionStatus = codes(debt.ObjectionStatuses)
	sender          = codes(debt.Senders)
	requestKind     = codes(debt.RequestKinds)
	requestStatus   = codes(debt.RequestStatuses)
	deferralStatus  = codes(debt.DeferralStatuses)
	contactChannel  = orNull(codes(debt.ContactChannels))
	complaintStatus = codes(debt.ComplaintStatuses)
	receiptKind     = codes(debt.ReceiptKinds)
	receiptStatus   = codes(debt.ReceiptStatuses)
	linkStatus      = codes(debt.CaseLinkStatuses)
	queueKind       = codes(debt.QueueKinds)
	debtorKind      = codes(debt.DebtorKinds, debt.DebtorPerson)
	trade           = codes(debt.Trades)
	imputation      = codes(debt.Imputations)
	language        = codes(debt.Languages, debt.Bokmal)
	actStatus       = codes(debt.ActStatuses)
)

// known replaces codes that are not among all by another.
func known[T comparable](codes, all []T, other T) []T {
	out := make([]T, len(codes))
	for i, c := range codes {
		if out[i] = c; !slices.Contains(all, c) {
			out[i] = other
		}
	}
	return out
}
