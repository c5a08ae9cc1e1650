package rehearse

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// complaint complains about the agency, and answers that.
func (s *scene) complaint(ctx context.Context) error {
	if !s.offers("submit_complaint") {
		return errNone
	}
	_, a, err := s.each(ctx, s.who.open(), s.complaining)
	if err != nil {
		return err
	}
	made := key(a, "complaint_id")
	if !s.offers("answer_complaint") {
		return nil
	}
	in := Input{"complaint_id": made, "outcome": debt.AnswerPartly, "reply": words}
	return s.decided(ctx, trial{
		function: "answer_complaint", in: in, other: in.With("outcome", debt.AnswerReject),
		nonsense: []Input{in.With("outcome", nil), in.With("outcome", debt.ComplaintReceived),
			in.With("complaint_id", nowhere),
			in.With("reply", " ")},
		must: []string{"complaint", "queue_item"},
		wrong: func(_, now *debt.Part, _ core.Answer) []Finding {
			x := complaintOf(now, made)
			if x == nil || x.Status != debt.ComplaintPartlyUpheld || x.AnsweredOn != s.today ||
				x.Reply == nil || *x.Reply != words {
				return []Finding{found("complaint", "%s does not show what was answered", made)}
			}
			return nil
		},
	})
}

func (s *scene) complaining(x *debt.Case) trial {
	in := Input{"case_id": x.ID.ID, "categories": []string{"COSTS"}, "statement": words, "files": 1}
	return trial{
		function: "submit_complaint", in: in, other: in.With("statement", words+" Igjen."), foreign: true,
		nonsense: []Input{in.With("categories", []string{}).With("statement", " "), in.With("categories", []string{"FORDI"}),
			in.With("files", 6), in.With("case_id", nowhere)},
		must: []string{"complaint"}, may: []string{"queue_item"},
		wrong: func(_, now *debt.Part, a core.Answer) []Finding {
			made := key(a, "complaint_id")
			is := complaintOf(now, made)
			if is == nil || is.Case.ID != x.ID || is.Status != debt.ComplaintReceived ||
				!slices.Equal(is.Categories, []debt.ComplaintCategory{debt.ComplaintCosts}) ||
				is.Statement == nil || *is.Statement != words {
				return []Finding{found("complaint", "case %s does not show what was said, as %s", x.ID.ID, debt.ComplaintReceived)}
			}
			if by := s.today.AddDays(statute.AnswerDays); is.AnswerBy > by || is.AnswerBy < s.today {
				return []Finding{found("complaint", "%s is to be answered by %s, not within a week", made, is.AnswerBy)}
			}
			return nil
		},
	}
}

func complaintOf(p *debt.Part, id string) *debt.Complaint {
	return thing(p, func(x *debt.Case) []debt.Complaint { return x.Complaints },
		func(x *debt.Complaint) bool { return x.ID == id })
}
