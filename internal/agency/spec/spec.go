// Package spec says what the contract is that every agency keeps in its core database:
// relations, columns, functions and codes. It is data, and the rest of the contract follows it.
package spec

import (
	"slices"
	"strings"
)

// Schema is the schema that holds the contract in an agency's database.
const Schema = "oversikt"

// DefaultRole is the role that Oversikt connects as unless it is told otherwise.
const DefaultRole = "oversikt_app"

// Version is the contract_version that a database gives which keeps all of this.
// Version 1 is read too: it has other functions and fewer columns.
const Version = 2

// Relation is a view (or table) that an agency offers.
type Relation struct {
	Name      string
	Norwegian string
	About     string
	Columns   []Column
	Unique    [][]string // sets of columns that no two rows share; the first is the key
	OneRow    bool       // it has exactly one row
	Optional  bool       // who does not have it is read as having no rows: what needs it is not offered
}

// Column is one column of a relation. Oversikt ignores columns that are not listed.
type Column struct {
	Name   string
	Types  []string  // the PostgreSQL types that serve, the preferred one first
	Unit   string    // what a number counts; empty where there is nothing to say
	Null   string    // what null means; empty where null is not allowed
	About  string    // for whoever maps it, with the Norwegian term
	Codes  *CodeList // the names that it may hold; nil where it is no code
	Format Format    // the check that its text passes; empty for free text
	Refers string    // "relation.column" that it refers to; empty for none
	Index  string    // the reads that look it up; empty where no index is needed
	Ends   bool      // infinity means what null does

	Optional bool     // it came with a later version: what does not have it is read as null
	Members  []Column // of an object in JSON
	Example  string   // in JSON
}

// Format names a number with check digits.
type Format string

// The formats.
const (
	FormatNationalID Format = "national-id"
	FormatOrgNumber  Format = "org-number"
	FormatKID        Format = "kid"
	FormatAccount    Format = "account"
)

// CodeList is the names that a code column may hold.
type CodeList struct {
	Name     string
	Type     string // the type in package debt with the same names
	Codes    []Code
	Unlisted string // what becomes of a value that is not listed
}

// Code is one name of a list.
type Code struct {
	Value   string
	Meaning string
}

// Has says whether value is listed.
func (l *CodeList) Has(value string) bool {
	return slices.ContainsFunc(l.Codes, func(c Code) bool { return c.Value == value })
}

// Values returns the names in order.
func (l *CodeList) Values() []string {
	values := make([]string, len(l.Codes))
	for i, c := range l.Codes {
		values[i] = c.Value
	}
	return values
}

// Relations is the contract, in the order in which docs/contract.md shows it.
var Relations = slices.Concat(aboutAgency, aboutDebtor, aboutCase, aboutMoney, aboutDialogue)

// Placed returns SQL that is written for Schema so that it goes to another schema, whose name
// may be any.
func Placed(sql, schema string) string {
	if schema == Schema {
		return sql
	}
	return strings.ReplaceAll(sql, Schema+".", `"`+strings.ReplaceAll(schema, `"`, `""`)+`".`)
}

// Find returns the relation and column that a reference names.
func Find(refers string) (Relation, Column) {
	relation, column, _ := strings.Cut(refers, ".")
	for _, r := range Relations {
		if r.Name == relation {
			return r, r.Column(column)
		}
	}
	return Relation{}, Column{}
}

// Column returns the column of that name; the zero Column where there is none.
func (r Relation) Column(name string) Column {
	i := slices.IndexFunc(r.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return Column{}
	}
	return r.Columns[i]
}

// IsKey says that the column identifies rows here or elsewhere, so that its
// type is the agency's choice.
func (c Column) IsKey() bool { return len(c.Types) > 1 && slices.Contains(c.Types, "uuid") }

// IsAmount says that the column counts øre.
func (c Column) IsAmount() bool { return c.Unit == unitØre }

// IsRate says that the column is a rate of interest.
func (c Column) IsRate() bool { return c.Unit == unitBasisPoints }

// IsText says that the column is a text, which may be a key or a code.
func (c Column) IsText() bool { return slices.Contains(c.Types, "text") }

// IsDay says that the column is a date or an instant.
func (c Column) IsDay() bool { return c.Types[0] == "date" || c.Types[0] == "timestamp with time zone" }

// IsArray says that the column holds several codes.
func (c Column) IsArray() bool { return strings.HasSuffix(c.Types[0], "[]") }

// What is taken from one agency. Whatever is larger is no answer about one person, and would cost
// the others their memory.
const (
	MaxText        = 64 << 10 // bytes of one text
	MaxRow         = 1 << 20  // bytes of one row, or of the answer to an act
	MaxRows        = 20_000   // of one relation
	MaxAnswer      = 16 << 20 // bytes of all relations
	MaxBasisPoints = 100_000  // 1,000 per cent: above it a column holds something else
	MaxCount       = 10_000   // in the policy
)

const (
	unitØre         = "øre"
	unitBasisPoints = "basis points a year (12.25 % = 1225)"
)

func column(name, about string, types ...string) Column {
	return Column{Name: name, About: about, Types: types}
}

func text(name, about string) Column {
	return column(name, about, "text", "character varying")
}

func key(name, about string) Column {
	return column(name, about, "bigint", "integer", "uuid", "text", "character varying")
}

func ref(name, refers, about string) Column {
	c := key(name, about)
	c.Refers = refers
	return c
}

func øre(name, about string) Column {
	c := column(name, about, "bigint")
	c.Unit = unitØre
	return c
}

func whole(name, unit, about string) Column {
	c := column(name, about, "integer")
	c.Unit = unit
	return c
}

func date(name, about string) Column    { return column(name, about, "date") }
func instant(name, about string) Column { return column(name, about, "timestamp with time zone") }
func truth(name, about string) Column   { return column(name, about, "boolean") }

func coded(name string, list *CodeList, about string) Column {
	c := text(name, about)
	c.Codes = list
	return c
}

// texts is a list of texts in JSON.
func texts(name, about string) Column { return column(name, about, "text[]", "character varying[]") }

// objects is a list of objects in JSON.
func objects(name, about string, members ...Column) Column {
	c := column(name, about, "object[]")
	c.Members = members
	return c
}

func (c Column) array() Column { c.Types = []string{"text[]", "character varying[]"}; return c }
func (c Column) ends(meaning string) Column {
	c.Null, c.Ends = meaning+", as infinity does", true
	return c
}
func (c Column) optional() Column           { c.Optional = true; return c }
func (c Column) example(j string) Column    { c.Example = j; return c }
func (c Column) null(meaning string) Column { c.Null = meaning; return c }
func (c Column) format(f Format) Column     { c.Format = f; return c }
func (c Column) index(reads string) Column  { c.Index = reads; return c }

// RelationNamed returns the relation of that name, which is one of the contract's.
func RelationNamed(name string) Relation {
	r, _ := Find(name)
	return r
}
