package privacy

import (
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

type RequestInput struct {
	act.Keyed
	Kind   personaldata.RequestKind
	Text   string
	Agency *debt.Key
}

func Submit(s *Service) *act.Of[RequestInput] { return &act.Of[RequestInput]{} }
