package session_test

import (
	"net/http"
	"testing"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
)

// BenchmarkAuthenticate compares what a request costs that brings a session with one that
// brings a token, which is remembered for a minute.
func BenchmarkAuthenticate(b *testing.B) {
	r := newWorld(b).replica()
	browser := r.browser()
	browser.login(r, "/")
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, r.public+"/graphql", nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set(session.ClientHeader, "bench")
	bySession := request.Clone(b.Context())
	bySession.AddCookie(&http.Cookie{Name: "__Host-oversikt", Value: browser.id(r)})
	once := func(b *testing.B) {
		ctx, err := r.manager.Authenticate(b.Context(), http.Header{}, bySession)
		if err != nil {
			b.Fatal(err)
		}
		if _, ok := caller.FromContext(ctx); !ok {
			b.Fatal("nobody")
		}
	}
	b.Run("session", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			once(b)
		}
	})
	b.Run("session/parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				once(b)
			}
		})
	})
	b.Run("anonymous", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := r.manager.Authenticate(b.Context(), http.Header{}, request); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("token", func(b *testing.B) {
		v, err := token.NewVerifier([]token.Config{r.bank.accepts()}, r.clock.now, r.bank.client)
		if err != nil {
			b.Fatal(err)
		}
		claims := r.bank.claims(kari, "Kari Nordmann")
		claims["aud"] = "oversikt"
		byToken := request.Clone(b.Context())
		byToken.Header.Set("Authorization", "Bearer "+r.bank.sign(claims))
		b.ReportAllocs()
		for b.Loop() {
			if _, ok, err := v.Authenticate(byToken); err != nil || !ok {
				b.Fatal(err)
			}
		}
	})
}
