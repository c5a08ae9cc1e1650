package portal

// Rule is a rule of the retention schedule: what is kept how long, and why.
type Rule struct {
	Name      string // up to 40 small letters and underscores
	Relation  string // the table, with its schema
	Age       string // the column that days are counted from
	Condition string // which rows, in SQL
	Days      int
	Reason    string
}
