package rehearse

import (
	"context"
	"time"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
)

// difficulty tells of a difficulty, and takes it back.
func (s *scene) difficulty(ctx context.Context) error {
	begun, until := time.Now().UTC().Truncate(time.Microsecond), s.today.AddDays(heldFor)
	if s.offers("declare_difficulty") {
		in := Input{"kinds": []debt.DifficultyKind{debt.DifficultyInterpreter}, "interpreter_language": "pl",
			"statement": words, "contact_channel": debt.ContactByLetter, "contact_from": 10, "contact_until": 12, "declared_at": begun,
			"until": until.String()}
		_, err := s.whole(ctx, trial{
			function: "declare_difficulty", in: in, other: in.With("contact_from", nil).With("contact_until", nil),
			nonsense: []Input{in.With("kinds", nil), in.With("interpreter_language", nil), in.With("contact_until", 22),
				in.With("declared_at", nil), in.With("until", s.today.String())},
			must: []string{"difficulty"},
			wrong: func(_, now *debt.Part, _ core.Answer) []Finding {
				if len(now.Difficulties) != 1 {
					return []Finding{found("difficulty", "the debtor has %d, not 1", len(now.Difficulties))}
				}
				d := now.Difficulties[0]
				if len(d.Kinds) != 1 || d.Kinds[0] != debt.DifficultyInterpreter || d.InterpreterLanguage == nil ||
					d.Statement == nil || d.ContactChannel == nil || *d.ContactChannel != debt.ContactByLetter ||
					d.Hours() == nil || d.Hours().From != 10 || d.Hours().Until != 12 || d.Until != until {
					return []Finding{found("difficulty", "it is not what was told")}
				}
				return nil
			},
		})
		if err != nil {
			return err
		}
		s.tried("declare_difficulty", 0)
	}
	if !s.offers("withdraw_difficulty") {
		return nil
	}
	in := Input{"withdrawn_at": begun.Add(time.Second)}
	_, err := s.whole(ctx, trial{
		function: "withdraw_difficulty", in: in, other: Input{"withdrawn_at": begun.Add(time.Minute)},
		nonsense: []Input{{}, {"withdrawn_at": "now"}}, may: []string{"difficulty"},
		wrong: func(_, now *debt.Part, _ core.Answer) []Finding {
			if len(now.Difficulties) > 0 {
				return []Finding{found("difficulty", "it is still there")}
			}
			return nil
		},
	})
	if err == nil {
		s.tried("withdraw_difficulty", 0)
	}
	return err
}
