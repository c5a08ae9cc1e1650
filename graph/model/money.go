package model

import (
	"context"
	"fmt"
	"io"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/money"
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

// UnmarshalDecimal reads the scalar Decimal as an amount.
func UnmarshalDecimal(v any) (money.Øre, error) {
	s, ok := v.(string)
	if !ok {
		return 0, fault.New(fault.BadUserInput, "an amount is a string such as \"1234.50\"")
	}
	o, err := money.Parse(s)
	if err != nil {
		return 0, fault.New(fault.BadUserInput, "%v", err)
	}
	return o, nil
}

// MoneyObject has the fields of the object Money. No record uses it: it tells gqlgen
// what the schema says, and MarshalMoney writes.
type MoneyObject struct{ money.Øre }

// MarshalMoney writes an amount as the object Money. An answer has hundreds of them,
// and what gqlgen would set up for each object costs more than the two fields in it.
func MarshalMoney(o money.Øre) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		selected := graphql.GetFieldContext(ctx).Field.Selections
		var buf [96]byte
		b := append(buf[:0], '{')
		for i, f := range graphql.CollectFields(graphql.GetOperationContext(ctx), selected, isMoney) {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(append(append(b, '"'), f.Alias...), `":`...)
			switch f.Name {
			case "amount":
				b = appendDecimal(b, o)
			case "currency":
				b = append(append(append(b, '"'), o.Currency()...), '"')
			case "__typename":
				b = append(b, `"Money"`...)
			default:
				return fmt.Errorf("the field %s of Money has no writer", f.Name)
			}
		}
		_, err := w.Write(append(b, '}'))
		return err
	})
}

var isMoney = []string{"Money"}

// UnmarshalMoney never runs: Money is no input.
func UnmarshalMoney(any) (money.Øre, error) { return 0, fmt.Errorf("Money is no input") }
