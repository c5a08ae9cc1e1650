package personaldata

import (
	"encoding/json"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// day is a date in ISO 8601; no date is null.
type day norway.Date

// MarshalJSON implements [json.Marshaler].
func (d day) MarshalJSON() ([]byte, error) {
	if d == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(norway.Date(d).String())
}

// amount is kroner as a decimal string.
type amount money.Øre

// MarshalText implements [encoding.TextMarshaler].
func (a amount) MarshalText() ([]byte, error) { return money.Øre(a).AppendTo(nil), nil }

// percent is a rate a year as a decimal string.
type percent debt.BasisPoints

// MarshalText implements [encoding.TextMarshaler].
func (p percent) MarshalText() ([]byte, error) { return money.Øre(p).AppendTo(nil), nil } // hundredths, too

// instant is a point of time in UTC, to the second.
type instant time.Time

// MarshalJSON implements [json.Marshaler].
func (i instant) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Time(i).UTC().Truncate(time.Second).Format(time.RFC3339))
}
