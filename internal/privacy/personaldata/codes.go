package personaldata

import (
	"reflect"
	"strings"

	"github.com/oversikt/oversikt/internal/debt"
	catalogue "github.com/oversikt/oversikt/internal/text"
)

// enums is what the catalogue calls a code's type where that has another name in Go.
var enums = map[reflect.Type]string{
	reflect.TypeFor[debt.Phase]():         "CasePhase",
	reflect.TypeFor[debt.HoldKind]():      "CaseHoldKind",
	reflect.TypeFor[debt.Component]():     "BalanceComponent",
	reflect.TypeFor[debt.Sender]():        "MessageSender",
	reflect.TypeFor[debt.RequestKind]():   "CaseRequestKind",
	reflect.TypeFor[debt.RequestStatus](): "CaseRequestStatus",
	reflect.TypeFor[SourceKind]():         "PersonalDataSourceKind",
	reflect.TypeFor[RequestKind]():        "PrivacyRequestKind",
	reflect.TypeFor[RequestStatus]():      "PrivacyRequestStatus",
}

// label returns the key of what the PDF shows for a code.
func label(code reflect.Value) string {
	enum, ok := enums[code.Type()]
	if !ok {
		enum = code.Type().Name()
	}
	return "enum." + enum + "." + strings.ToUpper(code.String()) // of a language, too
}

// word returns a text as it is, and a code in words.
func (s *sheet) word(v reflect.Value) string {
	if key := label(v); v.Type() != reflect.TypeFor[string]() && catalogue.Has(key) {
		return catalogue.Of(s.l, key)
	}
	return v.String()
}
