package core

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// AskOld is Ask of a function of version 1: what was begun with it before the upgrade is
// ended with it. Nobody is known to it but by national identity number.
func AskOld(ctx context.Context, conn Querier, c Call) (Answer, error) {
	f, _ := spec.FunctionNamed(c.Function)
	old, ok := spec.OldNamed(c.Function)
	if !ok {
		return Answer{}, fmt.Errorf("ask: version 1 of the function is not called any more")
	}
	id := c.Scope.NationalID()
	if id.IsZero() {
		return Answer{Status: refused, Reason: notFound}, nil
	}
	input := map[string]any{}
	if c.Input != nil {
		if err := json.Unmarshal(c.Input, &input); err != nil {
			return Answer{}, fmt.Errorf("%s: %w", c.Function, err)
		}
	}
	args := []any{c.Key, id.Reveal()}
	for _, a := range old.Arguments[len(args):] {
		args = append(args, argument(input[a.Name]))
	}
	var status string
	var reason *string
	more := make([]*string, len(old.Results)-2)
	results := []any{&status, &reason}
	for i := range more {
		results = append(results, &more[i])
	}
	if err := call(ctx, conn, c.Function, old.Call(), args, results...); err != nil {
		return Answer{}, err
	}
	result := map[string]string{}
	for i, value := range more {
		if value != nil {
			result[old.Results[i+2].Name] = *value
		}
	}
	if len(result) == 0 {
		return answerOf(f, status, reason, nil)
	}
	text, err := json.Marshal(result)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", c.Function, err)
	}
	return answerOf(f, status, reason, text)
}

// argument is a member of an input as version 1 takes it: a list of texts is an array.
func argument(member any) any {
	list, ok := member.([]any)
	if !ok {
		return member
	}
	texts := make([]string, 0, len(list))
	for _, v := range list {
		if s, ok := v.(string); ok {
			texts = append(texts, s)
		}
	}
	return texts
}
