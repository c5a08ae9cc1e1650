package core

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
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
	if format == pgtype.BinaryFormatCode {
		switch target.(type) {
		case *norway.Date:
			return scanNullDate{}
		case *certainDate:
			return scanDate{}
		}
	}
	return c.DateCodec.PlanScan(m, oid, format, target)
}

// certainDate is a date in a column that is never null.
type certainDate norway.Date

func never(null *norway.Date) *certainDate { return (*certainDate)(null) }

type scanDate struct{}

var (
	// postgresEpoch is the day that PostgreSQL counts dates from.
	postgresEpoch = norway.MustDate("2000-01-01")
	lastDate      = norway.NewDate(9999, time.December, 31)
)

// Scan reads a date of the years 1 to 9999. PostgreSQL has others, infinity among them,
// that no calendar shows and no interest can be computed to.
func (scanDate) Scan(src []byte, dst any) error {
	if len(src) != 4 {
		return fmt.Errorf("null in place of a date")
	}
	d := int64(postgresEpoch) + int64(int32(binary.BigEndian.Uint32(src)))
	if d < 1 || d > int64(lastDate) {
		return fmt.Errorf("a date before the year 1 or after %s", lastDate)
	}
	*dst.(*certainDate) = certainDate(d)
	return nil
}

type scanNullDate struct{}

// Scan reads a date that may be null, which is no date.
func (scanNullDate) Scan(src []byte, dst any) error {
	d := dst.(*norway.Date)
	if src == nil {
		*d = 0
		return nil
	}
	return scanDate{}.Scan(src, (*certainDate)(d))
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

// Scan reads an amount; one beyond money.Max would make sums overflow, and one below zero
// would turn a debt into a credit: both are refused.
func (scanAmount) Scan(src []byte, dst any) error {
	if len(src) != 8 {
		return fmt.Errorf("null in place of an amount")
	}
	o := money.Øre(binary.BigEndian.Uint64(src))
	if o > money.Max || o < 0 {
		return fmt.Errorf("an amount that is not from 0 to 10,000 million kroner")
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

// misfit is a column that cannot hold what is read from it.
type misfit struct{ column, want string }

func (m misfit) Error() string { return "column " + m.column + " is no " + m.want }

// fit refuses numbers and dates of other types than the contract's: some of them could be
// read as well, but past the bounds above, or with an error that repeats the value.
func fit(columns []pgconn.FieldDescription, dst []any) error {
	for i, d := range dst {
		oid := columns[i].DataTypeOID
		whole := oid == pgtype.Int8OID || oid == pgtype.Int4OID || oid == pgtype.Int2OID
		switch d.(type) {
		case *money.Øre, **money.Øre:
			if !whole {
				return misfit{columns[i].Name, "bigint"}
			}
		case *int, **int:
			if !whole {
				return misfit{columns[i].Name, "integer"}
			}
		case *norway.Date, *certainDate:
			if oid != pgtype.DateOID {
				return misfit{columns[i].Name, "date"}
			}
		}
	}
	return nil
}

// repeated is a text that is often that of the row before: it is copied only when it is not.
type repeated string

// ScanBytes implements pgtype.BytesScanner.
func (r *repeated) ScanBytes(src []byte) error {
	if src == nil {
		return fmt.Errorf("null in place of a text")
	}
	if string(*r) != string(src) {
		*r = repeated(src)
	}
	return nil
}

// codeScanner reads a code column into one of the known constants, without a copy of the text.
type codeScanner[T ~string] struct {
	dst   *T
	known map[string]T
	other *T   // what an unknown code is read as; nil: it breaks the contract
	null  bool // whether there may be none
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

// orNull returns a reader of a column that may be null, which is no code.
func orNull[T ~string](of func(*T) *codeScanner[T]) func(*T) *codeScanner[T] {
	return func(dst *T) *codeScanner[T] {
		c := of(dst)
		c.null = true
		return c
	}
}

// ScanBytes implements pgtype.BytesScanner.
func (c *codeScanner[T]) ScanBytes(src []byte) error {
	if src == nil {
		if !c.null {
			return fmt.Errorf("null in place of a code")
		}
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
	legalStep       = orNull(codes(debt.LegalSteps))
	holdKind        = codes(debt.HoldKinds)
	costKind        = codes(debt.CostKinds)
	letterKind      = codes(debt.LetterKinds)
	letterChannel   = codes(debt.LetterChannels)
	paymentChannel  = codes(debt.PaymentChannels)
	component       = codes(debt.Components)
	agreementKind   = codes(debt.AgreementKinds)
	agreementStatus = codes(debt.AgreementStatuses)
	objectionStatus = codes(debt.ObjectionStatuses)
	sender          = codes(debt.Senders)
	requestKind     = codes(debt.RequestKinds)
	requestStatus   = codes(debt.RequestStatuses)
	deferralStatus  = codes(debt.DeferralStatuses)
	debtorKind      = codes(debt.DebtorKinds, debt.DebtorPerson)
	trade           = codes(debt.Trades)
	imputation      = codes(debt.Imputations)
	language        = codes(debt.Languages, debt.Bokmal)
	actStatus       = codes(debt.ActStatuses)
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
