package spec

import "strings"

// Example returns an object with the members, as JSON on lines that begin with indent. It is
// {} where there are none.
func Example(members []Column, indent string) string {
	if len(members) == 0 {
		return "{}"
	}
	var lines []string
	for _, m := range members {
		lines = append(lines, indent+`  "`+m.Name+`": `+m.value(indent+"  "))
	}
	return "{\n" + strings.Join(lines, ",\n") + "\n" + indent + "}"
}

func (c Column) value(indent string) string {
	switch {
	case len(c.Members) > 0:
		return "[" + Example(c.Members, indent) + "]"
	case c.Example != "":
		return c.Example
	case c.Types[0] == "date":
		return `"2026-12-15"`
	case c.Types[0] == "boolean":
		return "true"
	case c.IsAmount():
		return "106500"
	default:
		return "30"
	}
}
