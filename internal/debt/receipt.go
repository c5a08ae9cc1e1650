package debt

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Receipt is a debtor's proof of a payment (kvittering).
type Receipt struct {
	ID          string // its key at the agency
	Case        *Case
	Kind        ReceiptKind
	PaidOn      norway.Date
	Amount      money.Øre
	Statement   *string // the debtor's own words; nil: none
	Status      ReceiptStatus
	SubmittedAt time.Time
	DecidedOn   norway.Date // zero: not decided
	Reply       *string     // the agency's answer; nil: none
}

// ReceiptKind says whom the debtor has paid.
//
//oversikt:codes
type ReceiptKind string

// The kinds of receipt.
const (
	PaidAgency   ReceiptKind = "TO_AGENCY"   // to the agency (til inkassoforetaket)
	PaidCreditor ReceiptKind = "TO_CREDITOR" // straight to the creditor (direkte til kreditor)
	PaidOther    ReceiptKind = "OTHER"       // any other
)

// ReceiptStatus is how an agency has decided on a receipt.
//
//oversikt:codes
type ReceiptStatus string

// The states of a receipt.
const (
	ReceiptReceived ReceiptStatus = "RECEIVED" // not decided (mottatt)
	ReceiptAccepted ReceiptStatus = "ACCEPTED" // it was paid (godtatt)
	ReceiptPartly   ReceiptStatus = "PARTLY"   // a part of it was paid (delvis godtatt)
	ReceiptRejected ReceiptStatus = "REJECTED" // it proves no payment of the claim (avvist)
	ReceiptUnknown  ReceiptStatus = "OTHER"    // any other
)

// ReceiptDecision is what a case worker decides on a receipt.
//
//oversikt:codes
type ReceiptDecision string

// The decisions.
const (
	AcceptReceipt ReceiptDecision = "ACCEPTED" // it was paid (godtatt)
	AcceptPart    ReceiptDecision = "PARTLY"   // a part of it was paid (delvis godtatt)
	RejectReceipt ReceiptDecision = "REJECTED" // it proves no payment of the claim (avvist)
)

// ReceiptEffect is what becomes of the case by a receipt that is accepted.
//
//oversikt:codes
type ReceiptEffect string

// The effects.
const (
	// the payment is booked, and the rest is collected (betalingen føres)
	BookPayment ReceiptEffect = "BOOK_PAYMENT"
	// the payment is booked, what is left is not claimed any more, and the case is closed (saken avsluttes)
	CloseCase ReceiptEffect = "CLOSE_CASE"
	// the payment stands in the case already (betalingen er alt ført)
	AlreadyBooked ReceiptEffect = "ALREADY_BOOKED"
)

// CostReversal says which costs of a case are reversed because of a payment.
//
//oversikt:codes
type CostReversal string

// What becomes of costs. Those of courts and of enforcement stay in any case.
const (
	KeepCosts    CostReversal = "KEEP"          // none (kostnadene står)
	ReverseLater CostReversal = "REVERSE_LATER" // those that came after the day of the payment (senere kostnader slettes)
	ReverseCosts CostReversal = "REVERSE_ALL"   // all of them (alle kostnader slettes)
)
