package rehearse

import (
	"context"
	"encoding/json"
	"slices"

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
	made := key(a, "request_id")
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
			q := requestOf(now, key(a, "request_id"))
			if q == nil || q.Kind != debt.RequestInvoiceCopy || q.Status != debt.RequestReceived {
				return []Finding{found("request", "case %s does not show the order, as %s and %s", x.ID.ID,
					debt.RequestInvoiceCopy, debt.RequestReceived)}
			}
			return nil
		},
	}
}

// key is the member of a result that is the key of what was made, empty where the result cannot be read.
func key(a core.Answer, member string) string {
	var all map[string]any
	_ = json.Unmarshal(a.Result, &all)
	id, _ := all[member].(string)
	return id
}

// thing is what the cases of a person have that is so, nil where they have none.
func thing[T any](p *debt.Part, of func(*debt.Case) []T, so func(*T) bool) *T {
	for _, x := range p.Cases {
		all := of(x)
		if i := slices.IndexFunc(all, func(one T) bool { return so(&one) }); i >= 0 {
			return &all[i]
		}
	}
	return nil
}

func requestOf(p *debt.Part, id string) *debt.Request {
	return thing(p, func(x *debt.Case) []debt.Request { return x.Requests },
		func(q *debt.Request) bool { return q.ID == id })
}
