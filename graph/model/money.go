package model

import (
	"context"
	"errors"
	"io"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/fault"
)

// MarshalDecimal writes an amount as the scalar Decimal: a JSON string with two decimals.
func MarshalDecimal(o money.Øre) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		var buf [26]byte
		_, _ = w.Write(appendDecimal(buf[:0], o))
	})
}

func appendDecimal(b []byte, o money.Øre) []byte {
	return append(o.AppendTo(append(b, '"')), '"')
}

var errNoAmount = fault.New(fault.BadUserInput,
	"an amount is a string such as \"1234.50\", with two decimals at most").Saying("input.AMOUNT")

// UnmarshalDecimal reads the scalar Decimal as an amount.
func UnmarshalDecimal(v any) (money.Øre, error) {
	s, ok := v.(string)
	if !ok {
		return 0, errNoAmount
	}
	o, err := money.Parse(s)
	if err != nil { // whose text repeats what was typed
		return 0, errNoAmount
	}
	return o, nil
}

// MarshalPercent writes a rate as the scalar Decimal: per cent with two decimals.
func MarshalPercent(b debt.BasisPoints) graphql.Marshaler { return MarshalDecimal(money.Øre(b)) }

// UnmarshalPercent never runs: rates are no input.
func UnmarshalPercent(any) (debt.BasisPoints, error) { return 0, errors.New("rates do not come in") }

// MoneyObject has the fields of the object Money. No record uses it: it tells gqlgen what the
// schema has, and MarshalMoney writes the object.
type MoneyObject struct{ money.Øre }

// MarshalMoney stands for WriteMoney, which the generated code calls where it has the
// selection at hand; gqlgen wants a function of this form.
func MarshalMoney(o money.Øre) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		WriteMoney(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field.Selections, o).MarshalGQL(w)
		return nil
	})
}

// WriteMoney writes an amount as the object Money. An answer has hundreds of them, and
// what gqlgen would set up for each object costs more than the two fields in it.
func WriteMoney(oc *graphql.OperationContext, selected ast.SelectionSet, o money.Øre) graphql.Marshaler {
	return amount{graphql.CollectFields(oc, selected, isMoney), o}
}

type amount struct {
	fields []graphql.CollectedField
	money.Øre
}

// MarshalGQL writes the selected fields.
func (a amount) MarshalGQL(w io.Writer) {
	var buf [96]byte
	b := append(buf[:0], '{')
	for i := range a.fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), a.fields[i].Alias...), `":`...)
		switch a.fields[i].Name {
		case "amount":
			b = appendDecimal(b, a.Øre)
		case "currency":
			b = append(append(append(b, '"'), a.Currency()...), '"')
		case "__typename":
			b = append(b, `"Money"`...)
		default:
			panic("the field " + a.fields[i].Name + " of Money has no writer")
		}
	}
	_, _ = w.Write(append(b, '}'))
}

var isMoney = []string{"Money"}

// UnmarshalMoney never runs: Money is not an input.
func UnmarshalMoney(any) (money.Øre, error) { return 0, errors.New("amounts come in as Decimal") }
