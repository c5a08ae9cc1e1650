package resolvers

import (
	"context"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
)

// naming says in which argument a field below the viewer names the agencies that it is about. A
// field that is not here is about all of them.
var naming = map[string]struct{ argument, member string }{
	"overview": {"agencies", ""},
	"cases":    {"filter", "agencies"},
}

// agenciesOf returns the codes of the agencies that these selections of the viewer ask, where every
// part of them that asks any names its own: nobody waits for the others. nameless says that the
// viewer's name is known from the agencies alone.
func (r *Resolver) agenciesOf(viewers []*ast.Field, vars map[string]any, nameless bool) (codes []string, limited bool) {
	limited = true
	for _, viewer := range viewers {
		access.Walk(viewer.SelectionSet, vars, func(f *ast.Field) bool {
			named, ok := r.named(f, vars)
			switch {
			case ok:
				codes = append(codes, named...)
			case f.Name == "name":
				limited = limited && !nameless
			default:
				limited = limited && wanted(ast.SelectionSet{f}, vars) == 0
			}
			return false
		})
	}
	return codes, limited
}

// asking says of a field below the viewer whether it is about an agency.
func (r *Resolver) asking(code string, vars map[string]any) func(*ast.Field) bool {
	return func(f *ast.Field) bool {
		named, ok := r.named(f, vars)
		return !ok || slices.Contains(named, code)
	}
}

// among returns the parts of all agencies in scope: those that were read, and of the others what
// is known without asking them.
func (r *Resolver) among(ctx context.Context, scope caller.Scope, read []debt.Part) []debt.Part {
	all, _ := r.Agencies.Read(ctx, scope, 0)
	for i := range all {
		for _, part := range read {
			if part.Agency.Code == all[i].Agency.Code {
				all[i] = part
			}
		}
	}
	return all
}

// named returns the codes of the agencies that a field names; ok is false when it names none.
// An id that cannot be read is refused where the argument is used.
func (r *Resolver) named(f *ast.Field, vars map[string]any) (codes []string, ok bool) {
	where, known := naming[f.Name]
	argument := f.Arguments.ForName(where.argument)
	if !known || argument == nil {
		return nil, false
	}
	value, _ := argument.Value.Value(vars)
	if where.member != "" {
		members, _ := value.(map[string]any)
		value = members[where.member]
	}
	ids, isList := value.([]any)
	if id, single := value.(string); single {
		ids, isList = []any{id}, true
	}
	for _, id := range ids {
		text, _ := id.(string)
		if key, err := r.IDs.Open(text); err == nil && key.Kind == debt.KindAgency && !slices.Contains(codes, key.Agency) {
			codes = append(codes, key.Agency)
		}
	}
	return codes, isList && len(ids) > 0
}
