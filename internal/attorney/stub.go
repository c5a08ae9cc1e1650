package attorney

import (
	"context"
	"time"

	"github.com/google/uuid"
)

func (r *Register) deliver(ctx context.Context, only *uuid.UUID) error { return nil }

func (r *Register) Run(ctx context.Context, ticks <-chan time.Time) {}
