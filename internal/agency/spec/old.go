package spec

// Old is a function of version 1 that is still called, for what was begun with it.
type Old struct {
	Name      string
	Arguments []Column
	Results   []Column
}

// OldNamed returns the function of version 1 of that name; ok is false where it is not called
// any more.
func OldNamed(name string) (old Old, ok bool) {
	for _, o := range olds {
		if o.Name == name {
			return o, true
		}
	}
	return Old{}, false
}

var olds = []Old{
	{"confirm_solution", oldArguments(), oldResults()},
	{"withdraw_solution", oldArguments(), oldResults()},
	{
		"give_power_of_attorney",
		oldArguments(text("attorney_national_id", ""), text("attorney_org_number", ""), text("attorney_name", ""),
			truth("may_act", ""), texts("case_ids", ""), date("valid_from", ""), date("valid_until", "")),
		append(oldResults(), text("power_of_attorney_id", "")),
	},
	{"revoke_power_of_attorney", oldArguments(text("power_of_attorney_id", "")), oldResults()},
}

func oldArguments(more ...Column) []Column {
	return append([]Column{column("idempotency_key", "", "uuid"), text("national_id", "")}, more...)
}

func oldResults() []Column { return []Column{text("status", ""), text("reason", "")} }

// Call is SQL that calls the function and selects its results, in their order.
func (o Old) Call() string { return call(o.Name, o.Arguments, o.Results) }
