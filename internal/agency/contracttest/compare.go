package contracttest

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oversikt/oversikt/internal/debt"
)

// diff compares two parts record by record. The order of equals in time is the core's.
func (c *Core) diff(want, got *debt.Part) string {
	opts := gocmp.Options{
		cmpopts.EquateEmpty(),
		// Every case has them: see faults and terms.
		cmpopts.IgnoreFields(debt.Case{}, "Agency", "Debtor", "Terms", "Beside"),
		// A row points back to its case: see faults.
		cmpopts.IgnoreFields(debt.Fee{}, "Case"), cmpopts.IgnoreFields(debt.Letter{}, "Case"),
		cmpopts.IgnoreFields(debt.Payment{}, "Case"), cmpopts.IgnoreFields(debt.Objection{}, "Case"),
		cmpopts.IgnoreFields(debt.ClaimItem{}, "Case"),
		gocmp.FilterPath(casesOfAgreement, gocmp.Transformer("numbers", numbers)),
		cmpopts.SortSlices(func(a, b debt.Hold) bool { return text(a) < text(b) }),
		cmpopts.SortSlices(func(a, b debt.Allocation) bool { return text(a) < text(b) }),
		cmpopts.SortSlices(func(a, b debt.ScheduledCost) bool { return text(a) < text(b) }),
		cmpopts.SortSlices(func(a, b debt.Fee) bool {
			return text(a.IncurredOn, a.Kind, a.Amount) < text(b.IncurredOn, b.Kind, b.Amount)
		}),
		cmpopts.SortSlices(func(a, b debt.Letter) bool {
			return text(a.SentOn, a.Kind, a.Title) < text(b.SentOn, b.Kind,
				b.Title)
		}),
		cmpopts.SortSlices(func(a, b debt.Payment) bool {
			return text(a.ReceivedOn, a.Amount, a.Channel) < text(b.ReceivedOn, b.Amount, b.Channel)
		}),
		cmpopts.SortSlices(func(a, b debt.Objection) bool { return a.SubmittedAt.Before(b.SubmittedAt) }),
		cmpopts.SortSlices(func(a, b debt.Document) bool {
			return text(a.CreatedAt.Unix(), a.Title) < text(b.CreatedAt.Unix(), b.Title)
		}),
		cmpopts.SortSlices(func(a, b debt.Request) bool { return a.RequestedAt.Before(b.RequestedAt) }),
		cmpopts.SortSlices(func(a, b debt.Deferral) bool { return a.RequestedAt.Before(b.RequestedAt) }),
		cmpopts.SortSlices(func(a, b debt.Message) bool {
			return text(a.SentAt.Unix(), a.Body) < text(b.SentAt.Unix(),
				b.Body)
		}),
		cmpopts.SortSlices(func(a, b *debt.Agreement) bool {
			return text(a.StartedOn, a.Status, a.Kind) < text(b.StartedOn, b.Status, b.Kind)
		}),
	}
	if c.CaseKey != nil {
		opts = append(opts, cmpopts.IgnoreFields(debt.Key{}, "ID"),
			gocmp.FilterPath(func(p gocmp.Path) bool { return !casesOfAgreement(p) },
				cmpopts.SortSlices(func(a, b *debt.Case) bool { return a.CaseNumber < b.CaseNumber })),
			cmpopts.IgnoreFields(debt.Case{}, "DebtorID", "CreditorID"),
			cmpopts.IgnoreFields(debt.Document{}, "ID", "LetterID"), cmpopts.IgnoreFields(debt.Request{}, "ID"),
			cmpopts.IgnoreFields(debt.ClaimItem{}, "ID"), cmpopts.IgnoreFields(debt.Letter{}, "DocumentID"),
			cmpopts.IgnoreFields(debt.Deferral{}, "ID"),
			cmpopts.IgnoreFields(debt.Message{}, "ID"), cmpopts.IgnoreFields(debt.PowerOfAttorney{}, "ID"))
	}
	return gocmp.Diff(want, got, opts) + gocmp.Diff(terms(want), terms(got), opts)
}

func terms(p *debt.Part) *debt.Terms {
	if len(p.Cases) == 0 {
		return nil
	}
	return p.Cases[0].Terms
}

func text(values ...any) string { return fmt.Sprint(values...) }

func casesOfAgreement(p gocmp.Path) bool {
	field, ok := p.Last().(gocmp.StructField)
	return ok && field.Name() == "Cases" && p.Index(-2).Type() == reflect.TypeFor[debt.Agreement]()
}

func numbers(cases []*debt.Case) []string {
	var out []string
	for _, c := range cases {
		out = append(out, c.CaseNumber)
	}
	slices.Sort(out)
	return out
}

// faults checks what comparing records leaves out: pointers, keys and order.
func (c *Core) faults(part *debt.Part) []string {
	var found []string
	fault := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	seen := map[debt.Key]bool{}
	key := func(k debt.Key, kind debt.Kind, from *debt.Case, in *debt.Case) {
		if k.Kind != kind || k.Agency != c.Agency || k.ID == "" || seen[k] {
			fault("key %+v is no new key of kind %d at %s", k, kind, c.Agency)
		}
		seen[k] = true
		if from != in {
			fault("%+v does not point back to its case %s", k, in.CaseNumber)
		}
		if in != nil && part.Find(k) == nil {
			fault("%+v cannot be found again", k)
		}
	}
	for _, d := range part.Debtors {
		key(d.ID, debt.KindDebtor, nil, nil)
	}
	if !slices.IsSortedFunc(part.Messages, func(a, b debt.Message) int { return a.SentAt.Compare(b.SentAt) }) {
		fault("messages are not in order")
	}
	agreements := map[*debt.Agreement]bool{}
	for _, x := range part.Cases {
		key(x.ID, debt.KindCase, x, x)
		if x.Agency != part.Agency || !slices.Contains(part.Debtors, x.Debtor) || x.Creditor == nil ||
			x.Terms != terms(part) {
			fault("case %s is not connected", x.CaseNumber)
		}
		for i := range x.Fees {
			key(x.Fees[i].ID, debt.KindFee, x.Fees[i].Case, x)
		}
		for i := range x.Items {
			if x.Items[i].Case != x || x.Items[i].ID == "" {
				fault("item %d of case %s is not connected", x.Items[i].Number, x.CaseNumber)
			}
		}
		for i := range x.AllLetters {
			key(x.AllLetters[i].ID, debt.KindLetter, x.AllLetters[i].Case, x)
		}
		for i := range x.AllPayments {
			key(x.AllPayments[i].ID, debt.KindPayment, x.AllPayments[i].Case, x)
		}
		for i := range x.Objections {
			key(x.Objections[i].ID, debt.KindObjection, x.Objections[i].Case, x)
		}
		for _, a := range x.Agreements {
			if !slices.Contains(a.Cases, x) {
				fault("agreement %s does not know its case %s", a.ID.ID, x.CaseNumber)
			}
			if !agreements[a] {
				agreements[a] = true
				key(a.ID, debt.KindAgreement, nil, nil)
			}
		}
		found = append(found, unsorted(x)...)
	}
	return found
}

// unsorted finds relations that do not come in the order of their dates: balances and
// pages rest on it.
func unsorted(x *debt.Case) (found []string) {
	check := func(relation string, sorted bool) {
		if !sorted {
			found = append(found, relation+" of case "+x.CaseNumber+" are not in order")
		}
	}
	check("fees", slices.IsSortedFunc(x.Fees, func(a, b debt.Fee) int { return cmp.Compare(a.IncurredOn, b.IncurredOn) }))
	check("letters", slices.IsSortedFunc(x.AllLetters, func(a, b debt.Letter) int {
		return cmp.Compare(a.SentOn,
			b.SentOn)
	}))
	check("payments", slices.IsSortedFunc(x.AllPayments, func(a,
		b debt.Payment) int {
		return cmp.Compare(a.ReceivedOn, b.ReceivedOn)
	}))
	check("scheduled costs", slices.IsSortedFunc(x.ScheduledCosts,
		func(a, b debt.ScheduledCost) int { return cmp.Compare(a.On, b.On) }))
	check("agreements", slices.IsSortedFunc(x.Agreements, func(a,
		b *debt.Agreement) int {
		return cmp.Compare(a.StartedOn, b.StartedOn)
	}))
	check("objections", slices.IsSortedFunc(x.Objections, func(a,
		b debt.Objection) int {
		return a.SubmittedAt.Compare(b.SubmittedAt)
	}))
	check("documents", slices.IsSortedFunc(x.Documents, func(a,
		b debt.Document) int {
		return a.CreatedAt.Compare(b.CreatedAt)
	}))
	check("requests",
		slices.IsSortedFunc(x.Requests, func(a, b debt.Request) int { return a.RequestedAt.Compare(b.RequestedAt) }))
	for _, a := range x.Agreements {
		check("instalments", slices.IsSortedFunc(a.Instalments, func(a,
			b debt.Instalment) int {
			return cmp.Compare(a.Number, b.Number)
		}))
	}
	return found
}
