package peer

import (
	"slices"
	"strconv"
	"time"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// writer appends JSON.
type writer struct {
	b   []byte
	ids *model.IDs
}

func (w *writer) raw(s string) { w.b = append(w.b, s...) }

// comma separates the elements of a list.
func (w *writer) comma(i int) {
	if i > 0 {
		w.b = append(w.b, ',')
	}
}

// code writes a constant, which needs no escapes.
func (w *writer) code(s string) { w.b = append(append(append(w.b, '"'), s...), '"') }

func (w *writer) text(s string) {
	w.b = append(w.b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		w.b = append(w.b, s[start:i]...)
		start = i + 1
		switch c {
		case '\t':
			w.raw(`\t`)
		case '\r':
			w.raw(`\r`)
		case '\n':
			w.raw(`\n`)
		case '\\', '"':
			w.b = append(w.b, '\\', c)
		default:
			const digits = "0123456789ABCDEF"
			w.raw(`\u00`)
			w.b = append(w.b, digits[c>>4], digits[c&15])
		}
	}
	w.b = append(append(w.b, s[start:]...), '"')
}

func (w *writer) int(n int) { w.b = strconv.AppendInt(w.b, int64(n), 10) }

func (w *writer) id(k debt.Key) { w.code(w.ids.Seal(k)) }

func (w *writer) date(d norway.Date) {
	if d.IsZero() {
		w.raw("null")
		return
	}
	w.b = append(d.Time().AppendFormat(append(w.b, '"'), time.DateOnly), '"')
}

func (w *writer) money(o money.Øre) {
	w.raw(`{"amount":"`)
	w.b = o.AppendTo(w.b)
	w.raw(`","currency":"NOK"}`)
}

func (w *writer) moneyOrNull(o *money.Øre) {
	if o == nil {
		w.raw("null")
		return
	}
	w.money(*o)
}

// sums writes the five sums behind another member.
func (w *writer) sums(b *debt.Balance) {
	w.raw(`,"total":`)
	w.money(b.Total)
	w.raw(`,"principal":`)
	w.money(b.Principal)
	w.raw(`,"interest":`)
	w.money(b.Interest)
	w.raw(`,"fees":`)
	w.money(b.Fees)
	w.raw(`,"legalCosts":`)
	w.money(b.LegalCosts)
}

// cost writes the beginning of an object.
func (w *writer) cost(e *debt.CostEvent) {
	w.raw(`{"on":`)
	w.date(e.On)
	w.raw(`,"kind":`)
	w.code(string(e.Kind))
	w.raw(`,"amount":`)
	w.money(e.Amount)
}

func (w *writer) cases(all []computed) {
	slices.SortFunc(all, latestFirst)
	page := all[:min(len(all), casesAPage)]
	w.raw(`{"totalCount":`)
	w.int(len(all))
	w.raw(`,"pageInfo":{"hasNextPage":`)
	w.b = strconv.AppendBool(w.b, len(all) > len(page))
	w.raw(`,"endCursor":`)
	if len(page) == 0 {
		w.raw("null")
	} else {
		w.b = append(appendCursor(append(w.b, '"'), &page[len(page)-1]), '"')
	}
	w.raw(`},"nodes":[`)
	for i := range page {
		w.comma(i)
		w.oneCase(&page[i])
	}
	w.raw(`]}`)
}

func (w *writer) oneCase(c *computed) {
	w.raw(`{"id":`)
	w.id(c.ID)
	w.raw(`,"caseNumber":`)
	w.text(c.CaseNumber)
	w.raw(`,"status":`)
	w.code(string(c.Status))
	w.raw(`,"phase":`)
	w.code(string(c.Phase))
	w.raw(`,"openedOn":`)
	w.date(c.OpenedOn)
	w.raw(`,"closedOn":`)
	w.date(c.ClosedOn)
	w.raw(`,"dueOn":`)
	w.date(c.DueOn)
	w.raw(`,"legalStep":`)
	if c.LegalStep == nil {
		w.raw("null")
	} else {
		w.code(string(*c.LegalStep))
	}
	w.raw(`,"agency":{"name":`)
	w.text(c.of.name)
	w.raw(`},"creditor":{"id":`)
	w.id(c.Creditor.ID)
	w.raw(`,"name":`)
	w.text(c.Creditor.Name)
	w.raw(`,"trade":`)
	w.code(string(c.Creditor.Trade))
	w.raw(`},"holds":[`)
	for i, h := range c.Holds() {
		w.comma(i)
		w.raw(`{"kind":`)
		w.code(string(h.Kind))
		w.raw(`,"since":`)
		w.date(h.Since)
		w.raw(`,"until":`)
		w.date(h.Until)
		w.raw(`}`)
	}
	w.raw(`],"balance":{"asOf":`)
	w.date(c.balance.AsOf)
	w.sums(&c.balance)
	w.raw(`},"nextCost":`)
	if c.cost == nil {
		w.raw("null")
	} else {
		w.cost(c.cost)
		w.raw(`}`)
	}
	w.relations(c)
	w.paymentInfo(c)
	w.raw(`}`)
}

func (w *writer) paymentInfo(c *computed) {
	info := &debt.PaymentInfo{Payee: c.Payee, Account: c.Account, KID: c.KID}
	switch {
	case c.InAgreement():
		info = c.PaymentInfo()
	case c.due != nil:
		info.Amount, info.DueOn = c.due.Amount, c.due.DueOn
	case c.Status == debt.Open:
		info.Amount = c.balance.Total
	}
	w.raw(`,"paymentInfo":{"payee":`)
	w.text(info.Payee)
	w.raw(`,"account":`)
	w.text(info.Account)
	w.raw(`,"kid":`)
	w.text(info.KID)
	w.raw(`,"dueOn":`)
	w.date(info.DueOn)
	w.raw(`,"amount":`)
	w.money(info.Amount)
	w.raw(`}`)
}
