package server

import "context"

// condition is on what it depends that the caller of a context is the caller.
type condition struct {
	ask   func() error
	asked bool
	err   error
}

type conditionKey struct{}

// Provided returns a context of [Options.Authenticate] whose caller is known, while it is still
// being checked whether the credentials are valid. confirm waits for that check; the goroutine
// of the request calls it, once. Until it has returned nil, only what [Options.Early] allows
// begins for the caller, and nothing is answered. Its error refuses the request like one of
// Authenticate. With a nil confirm, it is ctx.
func Provided(ctx context.Context, confirm func() error) context.Context {
	if confirm == nil {
		return ctx
	}
	return context.WithValue(ctx, conditionKey{}, &condition{ask: confirm})
}

// held waits until it is certain that the credentials of a context hold, or do not.
func held(ctx context.Context) error {
	if ctx == nil {
		return nil
	}
	c, ok := ctx.Value(conditionKey{}).(*condition)
	if !ok {
		return nil
	}
	if !c.asked {
		c.asked, c.err = true, c.ask()
	}
	return c.err
}
