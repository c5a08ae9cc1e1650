package model_test

import (
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/graph/model"
)

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
