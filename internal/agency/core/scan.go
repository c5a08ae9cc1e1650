package core

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/text"
)

// Register teaches a new connection to read the contract's dates, instants and amounts within their
// bounds, and not to receive a row that is larger than any of the contract's.
func Register(conn *pgx.Conn) {
	registerTypes(conn)
	conn.PgConn().Frontend().SetMaxBodyLen(spec.MaxRow)
}

func registerTypes(conn *pgx.Conn) {
	m := conn.TypeMap()
	m.RegisterType(&pgtype.Type{Name: "date", OID: pgtype.DateOID, Codec: dateCodec{}})
	m.RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID,
		Codec: &instantCodec{}})
	m.RegisterType(&pgtype.Type{Name: "int8", OID: pgtype.Int8OID, Codec: amountCodec{}})
}

// unfit is a value that breaks the contract. Its text does not repeat the value.
type unfit struct {
	reason debt.WithheldReason
	text   string
}

func (u unfit) Error() string { return u.text }

func missing(what string) error { return unfit{debt.WithheldMissing, "null in place of a " + what} }

type dateCodec struct{ pgtype.DateCodec }

func (c dateCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if format == pgtype.BinaryFormatCode {
		switch target.(type) {
		case *norway.Date:
			return scanNullDate{}
		case *certainDate:
			return scanDate{}
		case *endDate:
			return scanEnd{}
		}
	}
	return c.DateCodec.PlanScan(m, oid, format, target)
}

// certainDate is a date in a column that is never null.
type certainDate norway.Date

func never(null *norway.Date) *certainDate { return (*certainDate)(null) }

// endDate is a date in a column where infinity means what null does: there is no end.
type endDate norway.Date

func until(end *norway.Date) *endDate { return (*endDate)(end) }

type scanDate struct{}

// postgresEpoch is the day that PostgreSQL counts dates and instants from.
var postgresEpoch = norway.MustDate("2000-01-01")

// Scan reads a date of the years 1900 to 2199. PostgreSQL has others, infinity among them: they
// stand for something else, and a figure that is computed to one is none.
func (scanDate) Scan(src []byte, dst any) error {
	if len(src) != 4 {
		return missing("date")
	}
	d := int64(postgresEpoch) + int64(int32(binary.BigEndian.Uint32(src)))
	if d < int64(norway.FirstDate) || d > int64(norway.LastDate) {
		return unfit{debt.WithheldDate, "a date before 1900 or after 2199"}
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

type scanEnd struct{}

// Scan reads a date that is no date where it is null or infinity.
func (scanEnd) Scan(src []byte, dst any) error {
	if len(src) == 4 && binary.BigEndian.Uint32(src) == math.MaxInt32 {
		src = nil
	}
	return scanNullDate{}.Scan(src, (*norway.Date)(dst.(*endDate)))
}

type instantCodec struct{ pgtype.TimestamptzCodec }

// PlanScan implements pgtype.Codec.
func (c *instantCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if format == pgtype.BinaryFormatCode {
		switch target.(type) {
		case *time.Time:
			return scanInstant{}
		case **time.Time:
			return scanNullInstant{}
		}
	}
	return c.TimestamptzCodec.PlanScan(m, oid, format, target)
}

type scanInstant struct{}

// Scan reads an instant of the years 1900 to 2199, as scanDate reads dates.
func (scanInstant) Scan(src []byte, dst any) error {
	if len(src) != 8 {
		return missing("time")
	}
	micros := int64(binary.BigEndian.Uint64(src))
	second := micros/1e6 + postgresEpoch.Time().Unix()
	if second < norway.FirstDate.Time().Unix() || second >= norway.LastDate.Time().Unix() {
		return unfit{debt.WithheldDate, "a time before 1900 or after 2199"}
	}
	*dst.(*time.Time) = time.Unix(second, micros%1e6*1000)
	return nil
}

type scanNullInstant struct{}

// Scan reads an instant that may be null.
func (scanNullInstant) Scan(src []byte, dst any) error {
	p := dst.(**time.Time)
	if src == nil {
		*p = nil
		return nil
	}
	*p = new(time.Time)
	return scanInstant{}.Scan(src, *p)
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
		return missing("amount")
	}
	o := money.Øre(binary.BigEndian.Uint64(src))
	if o > money.Max || o < 0 {
		return unfit{debt.WithheldAmount, "an amount that is not from 0 to 10,000 million kroner"}
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

type scanText struct{}

// Scan reads a text without what nobody sees in it, such as zero-width and bidi signs.
func (scanText) Scan(src []byte, dst any) error {
	if src == nil {
		return missing("text")
	}
	if err := checkText(src); err != nil {
		return err
	}
	*dst.(*string) = text.Visible(string(src))
	return nil
}

type scanNullText struct{}

// Scan reads a text that may be null.
func (scanNullText) Scan(src []byte, dst any) error {
	p := dst.(**string)
	if src == nil {
		*p = nil
		return nil
	}
	*p = new(string)
	return scanText{}.Scan(src, *p)
}

// checkText refuses a text that is too long or, where a database does not know its encoding, is
// none.
func checkText(src []byte) error {
	switch {
	case len(src) > spec.MaxText:
		return unfit{debt.WithheldText, fmt.Sprintf("a text of more than %d bytes", spec.MaxText)}
	case !text.Valid(src):
		return unfit{debt.WithheldText, "a text that is not UTF-8"}
	}
	return nil
}

// repeated is a text that is often that of the row before: it is copied only when it is not.
type repeated string

// ScanBytes implements pgtype.BytesScanner.
func (r *repeated) ScanBytes(src []byte) error {
	if src == nil {
		return missing("text")
	}
	if string(*r) == string(src) {
		return nil
	}
	if err := checkText(src); err != nil {
		return err
	}
	*r = repeated(text.Visible(string(src)))
	return nil
}

// exact is a key: it is passed to the agency again as it came, and so is not made visible.
type exact string

func key(id *string) *exact { return (*exact)(id) }

// ScanBytes implements pgtype.BytesScanner.
func (e *exact) ScanBytes(src []byte) error {
	if src == nil {
		return missing("key")
	}
	if err := checkText(src); err != nil {
		return err
	}
	if *e = exact(text.Visible(string(src))); string(*e) != string(src) {
		return unfit{debt.WithheldText, "a key with characters that nobody sees"}
	}
	return nil
}

// misfit is a column that cannot hold what is read from it.
type misfit struct{ column, want string }

func (m misfit) Error() string { return "column " + m.column + " is no " + m.want }

// fit refuses columns of other types than the contract's: some of them could be read as well, but
// past the bounds above, or with an error that repeats the value.
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
		case *norway.Date, *certainDate, *endDate:
			if oid != pgtype.DateOID {
				return misfit{columns[i].Name, "date"}
			}
		case *string, **string:
			if !isText(oid) {
				return misfit{columns[i].Name, "text"}
			}
		case *[]string, *[]debt.ObjectionReason:
			if oid != pgtype.TextArrayOID && oid != pgtype.VarcharArrayOID {
				return misfit{columns[i].Name, "text[]"}
			}
		case *time.Time, **time.Time:
			if oid != pgtype.TimestamptzOID {
				return misfit{columns[i].Name, "timestamp with time zone"}
			}
		}
	}
	return nil
}

// isText says that values of a type come as their text: so do an agency's own types, which are
// enumerations.
func isText(oid uint32) bool {
	const firstOfUsers = 16384
	return oid == pgtype.TextOID || oid == pgtype.VarcharOID || oid == pgtype.BPCharOID || oid >= firstOfUsers
}

// planOf says how a column is read. pgx reads texts by a short cut past any codec.
func planOf(m *pgtype.Map, column pgconn.FieldDescription, dst any) pgtype.ScanPlan {
	switch dst.(type) {
	case *string:
		return scanText{}
	case **string:
		return scanNullText{}
	default:
		return m.PlanScan(column.DataTypeOID, column.Format, dst)
	}
}
