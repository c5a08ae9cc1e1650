package rehearse

import (
	"context"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
)

// invoiceCopy orders a copy of the invoice, and answers that.
func (s *scene) invoiceCopy(ctx context.Context) error {
	if !s.offers("order_invoice_copy") {
		return errNone
	}
	_, a, err := s.each(ctx, s.who.open(), s.ordering)
	if err != nil {
		return err
	}
	made := ordered(a)
	if !s.offers("answer_invoice_copy") {
		return nil
	}
	in := Input{"request_id": made, "outcome": debt.CopyNoneExists, "reply": words}
	return s.decided(ctx, trial{
		function: "answer_invoice_copy", in: in, other: in.With("outcome", debt.CopySent),
		nonsense: []Input{in.With("outcome", nil), in.With("outcome", "RECEIVED"), in.With("request_id", nowhere),
			in.With("reply", " ")},
		must: []string{"request", "queue_item"},
		wrong: func(_, now *debt.Part, _ core.Answer) []Finding {
			q := requestOf(now, made)
			if q == nil || q.Status != debt.RequestRejected || q.DecidedOn != s.today || q.Reply == nil || *q.Reply != words {
				return []Finding{found("request", "%s does not show what was answered", made)}
			}
			return nil
		},
	})
}

func (s *scene) ordering(x *debt.Case) trial {
	in := Input{"case_id": x.ID.ID}
	return trial{
		function: "order_invoice_copy", in: in, other: in.With("case_id", nowhere), foreign: true,
		nonsense: []Input{in.With("case_id", nowhere)},
		must:     []string{"request"}, may: []string{"queue_item"},
		wrong: func(_, now *debt.Part, a core.Answer) []Finding {
			made := ordered(a)
			if q := requestOf(now, made); q == nil || q.Kind != debt.RequestInvoiceCopy || q.Status != debt.RequestReceived {
				return []Finding{found("request", "case %s does not show the order, as %s and %s", x.ID.ID,
					debt.RequestInvoiceCopy, debt.RequestReceived)}
			}
			return nil
		},
	}
}

// ordered is the key of an order, empty where the result cannot be read.
func ordered(a core.Answer) string {
	var made struct {
		ID string `json:"request_id"`
	}
	_ = a.Into("order_invoice_copy", &made)
	return made.ID
}

func requestOf(p *debt.Part, id string) *debt.Request {
	for _, x := range p.Cases {
		for i := range x.Requests {
			if x.Requests[i].ID == id {
				return &x.Requests[i]
			}
		}
	}
	return nil
}
