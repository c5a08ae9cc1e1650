package resolvers

import (
	"context"

	"github.com/oversikt/oversikt/internal/portal/throttle"
)

// client is where a request comes from.
type client struct{ network, program string }

type clientKey struct{}

// WithClient returns a context that says from which address, and from which program, the
// request comes.
func WithClient(ctx context.Context, address, program string) context.Context {
	return context.WithValue(ctx, clientKey{}, client{throttle.Network(address), program})
}

// Network returns the network that the request comes from, empty where nobody said.
func Network(ctx context.Context) string { return clientOf(ctx).network }

func clientOf(ctx context.Context) client {
	c, _ := ctx.Value(clientKey{}).(client)
	return c
}

// Program returns what is said of the client that the request comes from.
func Program(ctx context.Context) string { return clientOf(ctx).program }
