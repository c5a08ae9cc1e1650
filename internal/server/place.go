package server

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// placeOf returns where in the arguments of a document a value stands, such as
// input.items[0].amount, by the location that an error has; empty where it is in none.
func placeOf(document string, limit int, at []gqlerror.Location) string {
	if len(at) == 0 {
		return ""
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: document}, limit)
	if err != nil {
		return ""
	}
	p := place{at: at[0]}
	for _, operation := range doc.Operations {
		p.selections(operation.SelectionSet)
	}
	for _, fragment := range doc.Fragments {
		p.selections(fragment.SelectionSet)
	}
	return joinPath(p.found)
}

// place looks for a location. found is nil until it is there.
type place struct {
	at    gqlerror.Location
	found ast.Path
}

func (p *place) selections(set ast.SelectionSet) {
	for _, selection := range set {
		switch x := selection.(type) {
		case *ast.Field:
			for _, a := range x.Arguments {
				p.value(a.Value, ast.Path{ast.PathName(a.Name)})
			}
			p.selections(x.SelectionSet)
		case *ast.InlineFragment:
			p.selections(x.SelectionSet)
		}
	}
}

func (p *place) value(v *ast.Value, path ast.Path) {
	if p.is(v.Position) {
		p.found = append(ast.Path{}, path...)
		return
	}
	for i, child := range v.Children {
		below := append(path, ast.PathName(child.Name))
		if v.Kind == ast.ListValue {
			below = append(path, ast.PathIndex(i))
		}
		if p.is(child.Position) {
			p.found = append(ast.Path{}, below...)
			return
		}
		p.value(child.Value, below)
	}
}

func (p *place) is(at *ast.Position) bool {
	return p.found == nil && at != nil && at.Line == p.at.Line && at.Column == p.at.Column
}
