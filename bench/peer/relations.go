package peer

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt"
)

// relations writes what hangs on a case, as members behind another one.
func (w *writer) relations(c *computed) {
	w.raw(`,"fees":[`)
	for i := range c.Fees {
		f := &c.Fees[i]
		w.comma(i)
		w.raw(`{"id":`)
		w.id(f.ID)
		w.raw(`,"kind":`)
		w.code(string(f.Kind))
		w.raw(`,"incurredOn":`)
		w.date(f.IncurredOn)
		w.raw(`,"amount":`)
		w.money(f.Amount)
		w.raw(`}`)
	}
	w.raw(`],"letters":{"totalCount":`)
	w.int(len(c.AllLetters))
	w.raw(`,"nodes":[`)
	for i := range c.AllLetters[:min(len(c.AllLetters), itemsAPage)] {
		w.comma(i)
		w.letter(&c.AllLetters[i])
	}
	w.raw(`]},"payments":{"totalCount":`)
	w.int(len(c.AllPayments))
	w.raw(`,"nodes":[`)
	for i := range c.AllPayments[:min(len(c.AllPayments), itemsAPage)] {
		p := &c.AllPayments[i]
		w.comma(i)
		w.raw(`{"id":`)
		w.id(p.ID)
		w.raw(`,"receivedOn":`)
		w.date(p.ReceivedOn)
		w.raw(`,"channel":`)
		w.code(string(p.Channel))
		w.raw(`,"amount":`)
		w.money(p.Amount)
		w.raw(`}`)
	}
	w.raw(`]},"agreement":`)
	w.agreement(c.Agreement())
	w.raw(`,"objections":[`)
	for i := range c.Objections {
		w.comma(i)
		w.objection(&c.Objections[i])
	}
	w.raw(`]`)
}

func (w *writer) letter(l *debt.Letter) {
	w.raw(`{"id":`)
	w.id(l.ID)
	w.raw(`,"kind":`)
	w.code(string(l.Kind))
	w.raw(`,"title":`)
	w.text(l.Title)
	w.raw(`,"channel":`)
	w.code(string(l.Channel))
	w.raw(`,"sentOn":`)
	w.date(l.SentOn)
	w.raw(`,"dueOn":`)
	w.date(l.DueOn)
	w.raw(`,"amount":`)
	w.moneyOrNull(l.Amount)
	w.raw(`}`)
}

func (w *writer) agreement(a *debt.Agreement) {
	if a == nil {
		w.raw("null")
		return
	}
	w.raw(`{"id":`)
	w.id(a.ID)
	w.raw(`,"kind":`)
	w.code(string(a.Kind))
	w.raw(`,"status":`)
	w.code(string(a.Status))
	w.raw(`,"monthlyAmount":`)
	w.moneyOrNull(a.MonthlyAmount)
	w.raw(`,"instalments":[`)
	for i := range a.Instalments {
		n := &a.Instalments[i]
		w.comma(i)
		w.raw(`{"number":`)
		w.int(n.Number)
		w.raw(`,"dueOn":`)
		w.date(n.DueOn)
		w.raw(`,"paidOn":`)
		w.date(n.PaidOn)
		w.raw(`,"amount":`)
		w.money(n.Amount)
		w.raw(`}`)
	}
	w.raw(`]}`)
}

func (w *writer) objection(o *debt.Objection) {
	w.raw(`{"id":`)
	w.id(o.ID)
	w.raw(`,"status":`)
	w.code(string(o.Status))
	w.raw(`,"reasons":[`)
	for i, r := range o.Reasons {
		w.comma(i)
		w.code(string(r))
	}
	w.raw(`],"submittedAt":"`)
	w.b = o.SubmittedAt.AppendFormat(w.b, time.RFC3339Nano)
	w.raw(`","decidedOn":`)
	w.date(o.DecidedOn)
	w.raw(`}`)
}
