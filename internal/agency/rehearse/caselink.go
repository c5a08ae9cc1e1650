package rehearse

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
)

// caseLink claims a case that is not there, and another person's: neither can be granted.
func (s *scene) caseLink(ctx context.Context) error {
	if !s.offers("claim_case") {
		return errNone
	}
	made, err := s.claims(ctx, nowhere)
	if err != nil {
		return err
	}
	s.tried("claim_case", 0)
	if !s.offers("decide_case_link") {
		return nil
	}
	if err := s.cannotGrant(ctx, made, "NO_SUCH_CASE"); err != nil {
		return err
	}
	if other := s.other(); other != nil && len(other.part.Cases) > 0 {
		theirs, err := s.claims(ctx, other.part.Cases[0].CaseNumber)
		if err != nil {
			return err
		}
		if err := s.cannotGrant(ctx, theirs, "OTHERS_CASE"); err != nil {
			return err
		}
	}
	in := Input{"case_link_id": made, "decision": debt.Refuse, "reply": words}
	return s.decided(ctx, trial{
		function: "decide_case_link", in: in, other: in.With("decision", debt.Grant),
		nonsense: []Input{in.With("decision", nil), in.With("decision", "LATER"), in.With("case_link_id", nowhere),
			in.With("reply", " ")},
		must: []string{"case_link", "queue_item"},
		wrong: func(_, now *debt.Part, _ core.Answer) []Finding {
			l := linkOf(now, made)
			if l == nil || l.Status != debt.LinkRefused || l.DecidedOn != s.today || l.Reply == nil || *l.Reply != words {
				return []Finding{found("case_link", "%s does not show what was decided", made)}
			}
			return nil
		},
	})
}

// claims claims the case of a number that is not the person's, and returns the key of the claim.
func (s *scene) claims(ctx context.Context, number string) (made string, err error) {
	in := Input{"case_number": number, "name": nil, "attempt": nil, "statement": words}
	a, err := s.whole(ctx, trial{
		function: "claim_case", in: in, other: in.With("statement", nil),
		nonsense: []Input{in.With("case_number", nil), in.With("case_number", " ")},
		must:     []string{"case_link"}, may: []string{"queue_item"},
		wrong: func(_, now *debt.Part, a core.Answer) []Finding {
			l := linkOf(now, claimed(a))
			if l == nil || l.Status != debt.LinkRequested || l.CaseNumber != number || l.Statement == nil {
				return []Finding{found("case_link", "it does not show the claim, as %s", debt.LinkRequested)}
			}
			return nil
		},
	})
	return claimed(a), err
}

// cannotGrant has a case worker grant what cannot be granted.
func (s *scene) cannotGrant(ctx context.Context, id, reason string) error {
	in := Input{"case_link_id": id, "decision": debt.Grant, "reply": nil}
	c := call{"decide_case_link", "a grant of what is not the person's", uuid.New(), desk.Deciding(), in}
	_, err := s.expect(ctx, c, refused(reason))
	return err
}

// claimed is the key of a claim, empty where the result cannot be read.
func claimed(a core.Answer) string {
	var made struct {
		ID string `json:"case_link_id"`
	}
	_ = a.Into("claim_case", &made)
	return made.ID
}

func linkOf(p *debt.Part, id string) *debt.CaseLink {
	i := slices.IndexFunc(p.CaseLinks, func(l debt.CaseLink) bool { return l.ID == id })
	if i < 0 {
		return nil
	}
	return &p.CaseLinks[i]
}
