package people

import (
	"strconv"
	"sync"
	"time"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// sheet holds rows of one table in the text format of COPY: values end with a tab
// and rows with a newline. The time zone of the session must be Europe/Oslo.
type sheet struct {
	buf  []byte
	rows int
}

func (s *sheet) null() { s.buf = append(s.buf, '\\', 'N', '\t') }

func (s *sheet) int(v int64) { s.buf = append(strconv.AppendInt(s.buf, v, 10), '\t') }

// intOr writes null for zero.
func (s *sheet) intOr(v int64) {
	if v == 0 {
		s.null()
		return
	}
	s.int(v)
}

func (s *sheet) kroner(v money.Øre) { s.buf = append(v.AppendTo(s.buf), '\t') }

func (s *sheet) bool(v bool) {
	if v {
		s.buf = append(s.buf, 't', '\t')
	} else {
		s.buf = append(s.buf, 'f', '\t')
	}
}

func (s *sheet) text(v string) {
	for i := range len(v) {
		switch c := v[i]; c {
		case '\\':
			s.buf = append(s.buf, '\\', '\\')
		case '\t':
			s.buf = append(s.buf, '\\', 't')
		case '\n':
			s.buf = append(s.buf, '\\', 'n')
		case '\r':
			s.buf = append(s.buf, '\\', 'r')
		default:
			s.buf = append(s.buf, c)
		}
	}
	s.buf = append(s.buf, '\t')
}

// textOr writes null for no text.
func (s *sheet) textOr(v string) {
	if v == "" {
		s.null()
		return
	}
	s.text(v)
}

// date writes null for no date.
func (s *sheet) date(d norway.Date) {
	if d == 0 {
		s.null()
		return
	}
	s.buf = append(appendDate(s.buf, d), '\t')
}

// moment writes local time without a zone, null for none.
func (s *sheet) moment(m Moment) {
	if m.On == 0 {
		s.null()
		return
	}
	h, min := byte(m.Minute/60), byte(m.Minute%60)
	s.buf = append(appendDate(s.buf, m.On), ' ', '0'+h/10, '0'+h%10, ':', '0'+min/10, '0'+min%10, '\t')
}

const hexDigits = "0123456789abcdef"

func (s *sheet) uuid(table byte, id int64) { s.buf = append(appendUUID(s.buf, table, id), '\t') }

// appendUUID appends a version 4 UUID that follows from an id and the table it is for.
func appendUUID(b []byte, table byte, id int64) []byte {
	hi := scatter(uint64(id)<<8 | uint64(table))
	lo := scatter(hi ^ 0x5bd1e9955bd1e995)
	hi, lo = hi&^0xf000|0x4000, lo&^(3<<62)|2<<62
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			b = append(b, '-')
		}
		word := hi
		if i >= 16 {
			word = lo
		}
		b = append(b, hexDigits[word>>(60-4*(i%16))&15])
	}
	return b
}

// scatter is the finaliser of splitmix64, a bijection.
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (s *sheet) end() {
	s.buf[len(s.buf)-1] = '\n'
	s.rows++
}

// The dates of these years are written from a table: most of what a load writes is dates.
var (
	firstWritten = norway.NewDate(2005, time.January, 1)
	lastWritten  = norway.NewDate(2044, time.December, 31)
	written      = sync.OnceValue(func() []byte {
		all := make([]byte, 0, 10*(lastWritten-firstWritten+1))
		for d := firstWritten; d <= lastWritten; d++ {
			all = d.Time().AppendFormat(all, time.DateOnly)
		}
		return all
	})
)

func appendDate(b []byte, d norway.Date) []byte {
	if d < firstWritten || d > lastWritten {
		return d.Time().AppendFormat(b, time.DateOnly)
	}
	at := int(d-firstWritten) * 10
	return append(b, written()[at:at+10]...)
}
