package debt

// Relations is a set of relations that a read brings along with the cases.
type Relations uint32

// The relations. Payments come with their allocations, terms are the policy and the rates,
// powers of attorney are those that the person has given and those that they hold, items are
// the invoices of cases that collect several.
const (
	OfAgency Relations = 1 << iota
	OfTerms
	OfDebtors
	OfCases
	OfCreditors
	OfHolds
	OfFees
	OfScheduledCosts
	OfLetters
	OfPayments
	OfAgreements
	OfInstalments
	OfObjections
	OfDocuments
	OfRequests
	OfMessages
	OfPowersOfAttorney
	OfItems
	OfDeferrals
	OfFAQ
	OfComplaints
	OfDifficulties
	OfReceipts
	OfCaseLinks
	end
)

// OfAll is everything that an agency has registered on a person, and so not what it answers anybody.
const OfAll = (end - 1) &^ OfFAQ

// OfBalance is what a balance is computed from.
const OfBalance = OfCases | OfItems | OfTerms | OfFees | OfPayments

// OfNextInstalment is what the next instalment of an agreement is found by.
const OfNextInstalment = OfBalance | OfAgreements | OfInstalments

// OfDeadline is what a case's deadline is read from.
const OfDeadline = OfBalance | OfScheduledCosts | OfHolds | OfNextInstalment

// OfNextDue is what the next thing to pay is computed from.
const OfNextDue = OfDeadline

// OfNextCost is what the costs that come are computed from.
const OfNextCost = OfBalance | OfScheduledCosts | OfHolds | OfLetters | OfAgreements | OfObjections

// OfFeeCap is what the cap of a fee is computed from.
const OfFeeCap = OfBalance | OfLetters

// OfAudit is what the rules of the law are held against.
const OfAudit = OfFeeCap | OfCreditors | OfAgreements | OfObjections

// OfTimeline is what a case's timeline is put together from.
const OfTimeline = OfNextCost | OfInstalments | OfComplaints | OfReceipts

// Has says whether the set holds all of the others.
func (r Relations) Has(others Relations) bool { return r&others == others }

// Relation returns what has to be read to find an object of the kind.
func (k Kind) Relation() Relations {
	switch k {
	case KindAgency:
		return OfAgency
	case KindCreditor:
		return OfCases | OfCreditors
	case KindDebtor:
		return OfDebtors
	case KindFee:
		return OfCases | OfFees
	case KindLetter:
		return OfCases | OfLetters
	case KindPayment:
		return OfBalance
	case KindAgreement:
		return OfCases | OfAgreements
	case KindObjection:
		return OfCases | OfObjections
	default:
		return OfCases
	}
}

// Find returns the record that a key names, nil when the part has none.
func (p *Part) Find(k Key) any {
	switch k.Kind {
	case KindAgency:
		return first([]*Agency{p.Agency}, func(a *Agency) bool { return a.ID == k })
	case KindDebtor:
		return first(p.Debtors, func(d *Debtor) bool { return d.ID == k })
	}
	for _, c := range p.Cases {
		if found := c.find(k); found != nil {
			return found
		}
	}
	return nil
}

func (c *Case) find(k Key) any {
	switch k.Kind {
	case KindCase:
		if c.ID == k {
			return c
		}
	case KindCreditor:
		if c.Creditor != nil && c.Creditor.ID == k {
			return c.Creditor
		}
	case KindFee:
		return first(pointers(c.Fees), func(f *Fee) bool { return f.ID == k })
	case KindLetter:
		return first(pointers(c.AllLetters), func(l *Letter) bool { return l.ID == k })
	case KindPayment:
		return first(pointers(c.AllPayments), func(p *Payment) bool { return p.ID == k })
	case KindAgreement:
		return first(c.Agreements, func(a *Agreement) bool { return a.ID == k })
	case KindObjection:
		return first(pointers(c.Objections), func(o *Objection) bool { return o.ID == k })
	}
	return nil
}

// first returns nil itself, not a nil pointer, when nothing matches.
func first[T any](items []*T, match func(*T) bool) any {
	for _, item := range items {
		if match(item) {
			return item
		}
	}
	return nil
}
