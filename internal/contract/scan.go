package contract

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/money"
	"github.com/oversikt/oversikt/internal/norway"
)

// Register teaches a new connection to read the contract's dates and amounts
// straight into norway.Date and money.Øre.
func Register(conn *pgx.Conn) {
	m := conn.TypeMap()
	m.RegisterType(&pgtype.Type{Name: "date", OID: pgtype.DateOID, Codec: dateCodec{}})
	m.RegisterType(&pgtype.Type{Name: "int8", OID: pgtype.Int8OID, Codec: amountCodec{}})
}

type dateCodec struct{ pgtype.DateCodec }

func (c dateCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*norway.Date); ok && format == pgtype.BinaryFormatCode {
		return scanDate{}
	}
	return c.DateCodec.PlanScan(m, oid, format, target)
}

type scanDate struct{}

// postgresEpoch is 2000-01-01, the day that PostgreSQL counts dates from.
var postgresEpoch = norway.MustDate("2000-01-01")

// Scan reads a date; null is no date.
func (scanDate) Scan(src []byte, dst any) error {
	d := dst.(*norway.Date)
	switch len(src) {
	case 0:
		*d = 0
	case 4:
		*d = postgresEpoch + norway.Date(int32(binary.BigEndian.Uint32(src)))
	default:
		return fmt.Errorf("a date of %d bytes", len(src))
	}
	return nil
}

type amountCodec struct{ pgtype.Int8Codec }

func (c amountCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if format == pgtype.BinaryFormatCode {
		switch target.(type) {
		case *money.Øre:
			return scanAmount{}
		case **money.Øre:
			return scanNullAmount{}
		}
	}
	return c.Int8Codec.PlanScan(m, oid, format, target)
}

type scanAmount struct{}

// Scan reads an amount; one beyond money.Max would make sums overflow and is refused.
func (scanAmount) Scan(src []byte, dst any) error {
	if len(src) != 8 {
		return fmt.Errorf("null in place of an amount")
	}
	o := money.Øre(binary.BigEndian.Uint64(src))
	if o > money.Max || o < -money.Max {
		return fmt.Errorf("an amount beyond %s", money.Max)
	}
	*dst.(*money.Øre) = o
	return nil
}

type scanNullAmount struct{}

// Scan reads an amount that may be null.
func (scanNullAmount) Scan(src []byte, dst any) error {
	p := dst.(**money.Øre)
	if src == nil {
		*p = nil
		return nil
	}
	*p = new(money.Øre)
	return scanAmount{}.Scan(src, *p)
}

// codeScanner reads a code column into one of the known constants, without a copy of the text.
type codeScanner[T ~string] struct {
	dst   *T
	known map[string]T
	other *T // what an unknown code is read as; nil: it breaks the contract
}

// codes returns a reader of a type's codes. The last of them serves for unknown codes
// when it is OTHER.
func codes[T ~string](known []T, other ...T) func(*T) *codeScanner[T] {
	byText := make(map[string]T, len(known))
	for _, k := range known {
		byText[string(k)] = k
	}
	if i := slices.Index(known, "OTHER"); i >= 0 {
		other = known[i : i+1]
	}
	return func(dst *T) *codeScanner[T] {
		c := &codeScanner[T]{dst: dst, known: byText}
		if len(other) > 0 {
			c.other = &other[0]
		}
		return c
	}
}

// ScanBytes implements pgtype.BytesScanner.
func (c *codeScanner[T]) ScanBytes(src []byte) error {
	if src == nil {
		*c.dst = ""
		return nil
	}
	v, ok := c.known[string(src)]
	switch {
	case ok:
		*c.dst = v
	case c.other != nil:
		*c.dst = *c.other
	default:
		return fmt.Errorf("an unknown code in a column where it matters")
	}
	return nil
}

var (
	caseStatus      = codes(debt.CaseStatuses)
	phase           = codes(debt.Phases)
	legalStep       = codes(debt.LegalSteps)
	holdKind        = codes(debt.HoldKinds)
	costKind        = codes(debt.CostKinds)
	letterKind      = codes(debt.LetterKinds)
	letterChannel   = codes(debt.LetterChannels)
	paymentChannel  = codes(debt.PaymentChannels)
	component       = codes(debt.Components)
	agreementKind   = codes(debt.AgreementKinds)
	agreementStatus = codes(debt.AgreementStatuses)
	objectionStatus = codes(debt.ObjectionStatuses)
	debtorKind      = codes(debt.DebtorKinds, debt.DebtorPerson)
	trade           = codes(debt.Trades)
	imputation      = codes(debt.Imputations)
	language        = codes(debt.Languages, debt.Bokmal)
)

// known replaces reasons that have no name by OTHER.
func known(reasons []debt.ObjectionReason) []debt.ObjectionReason {
	out := make([]debt.ObjectionReason, len(reasons))
	for i, r := range reasons {
		if out[i] = r; !slices.Contains(debt.ObjectionReasons, r) {
			out[i] = debt.ReasonOther
		}
	}
	return out
}
