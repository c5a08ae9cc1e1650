package model_test

import (
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/graph/model"
)

// TestUUID: there is one form, so that the same key is written in one way.
func TestUUID(t *testing.T) {
	t.Parallel()
	const form = "0190163d-8694-739b-aea5-966c26f8ad91"
	for given, taken := range map[any]bool{
		form: true, strings.ToUpper(form): true, "{" + form + "}": false, "urn:uuid:" + form: false, "": false,
		form + " ":                        false,
		strings.ReplaceAll(form, "-", ""): false, form[:35]: false, form[:35] + "g": false, 5: false, nil: false,
		strings.ReplaceAll(form, "-", "_"): false, "(" + form + ")": false, "{" + form[:34] + "}": false,
	} {
		id, err := model.UnmarshalUUID(given)
		if (err == nil) != taken || taken && id.String() != form {
			t.Errorf("%v: %s, %v", given, id, err)
		}
	}
}

// TestDateTimeIsUTC: replicas in different zones write the same instant alike.
func TestDateTimeIsUTC(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("Kiritimati", 14*3600)} {
		var b strings.Builder
		model.MarshalDateTime(noon.In(zone)).MarshalGQL(&b)
		if b.String() != `"2026-03-02T12:00:00Z"` {
			t.Errorf("in %s: %s", zone, b.String())
		}
	}
}
