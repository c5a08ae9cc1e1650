package model

import (
	"context"
	"fmt"
	"io"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/internal/money"
)

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
				b = o.AppendQuoted(b)
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
