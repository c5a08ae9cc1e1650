package session_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
)

// held ends what the query names, a session, "others" or "all", and lists what is left.
func (r *replica) held(w http.ResponseWriter, request *http.Request) {
	ctx, confirm, err := r.manager.AuthenticateEarly(request.Context(), w.Header(), request)
	if err == nil && confirm != nil {
		err = confirm()
	}
	p, ok := caller.FromContext(ctx)
	if err != nil || !ok {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte("[]"))
		return
	}
	q, _ := session.FromContext(ctx)
	switch end := request.URL.Query().Get("end"); end {
	case "":
	case "all", "others":
		n, err := q.EndAll(ctx, p, end == "others")
		w.Header().Set("X-Ended", fmt.Sprint(n))
		if err != nil {
			r.t.Error(err)
		}
	default:
		ended, err := q.End(ctx, p, end)
		w.Header().Set("X-Ended", fmt.Sprint(ended))
		if err != nil {
			r.t.Error(err)
		}
	}
	held, err := q.Held(ctx, p)
	if err != nil {
		r.t.Error(err)
	}
	_ = json.NewEncoder(w).Encode(held)
}

// sessions asks for the browser's sessions, and ends some first.
func (b *browser) sessions(r *replica, end string) ([]session.Held, answer) {
	b.t.Helper()
	a := b.send(http.MethodPost, r.server.URL+"/held?end="+end, session.ClientHeader, "test")
	var held []session.Held
	if err := json.Unmarshal([]byte(a.body), &held); err != nil {
		b.t.Fatalf("%v in %q", err, a.body)
	}
	return held, a
}

// TestHeld: a person sees their sessions and those from their letters; a letter sees itself. What
// one replica ends, no other takes.
func TestHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.replica(), w.replica()
	home, phone, thief, stranger := w.browser(), w.browser(), w.browser(), w.browser()
	for _, b := range []*browser{home, phone} {
		b.login(first, "/")
		w.clock.advance(time.Minute)
	}
	thief.show(first, "kari", session.ClientHeader, "web")
	stranger.show(first, "company", session.ClientHeader, "web")
	held, a := home.sessions(second, "")
	if len(held) != 3 || held[0].Kind != session.KindCase || held[1].Kind != session.KindPerson ||
		held[0].Current || held[1].Current || !held[2].Current || !held[2].StartedAt.Before(held[1].StartedAt) {
		t.Fatalf("%s", a.body)
	}
	if strings.Contains(a.body, home.id(first)) {
		t.Error("a session shows the cookie")
	}
	own, a := thief.sessions(first, "")
	if len(own) != 1 || !own[0].Current || own[0].ID != held[0].ID {
		t.Fatalf("a letter sees %s", a.body)
	}
	for _, id := range []string{held[1].ID, "00", "", "x", strings.Repeat("ab", 32)} {
		if _, a := thief.sessions(second, id); a.header.Get("X-Ended") == "true" {
			t.Errorf("a letter ends %q", id)
		}
	}
	if _, a := stranger.sessions(second, held[1].ID); a.header.Get("X-Ended") != "false" {
		t.Error("a stranger ends a session")
	}
	if _, a := thief.sessions(second, "others"); a.header.Get("X-Ended") != "0" {
		t.Error("a letter ends others")
	}
	for _, r := range []*replica{first, second} { // both remember whose it is
		thief.sessions(r, "")
		phone.sessions(r, "")
	}
	if left, a := home.sessions(second, held[0].ID); len(left) != 2 || a.header.Get("X-Ended") != "true" {
		t.Errorf("one is ended: %s", a.body)
	}
	for _, r := range []*replica{first, second} {
		if _, a := thief.sessions(r, ""); a.status != http.StatusUnauthorized {
			t.Errorf("the thief goes on: %d", a.status)
		}
	}
	if left, a := home.sessions(first, "others"); len(left) != 1 || !left[0].Current || a.header.Get("X-Ended") != "1" {
		t.Errorf("the others are ended: %s", a.body)
	}
	phone.login(first, "/")
	home.sessions(second, "all")
	for _, b := range []*browser{home, phone} {
		for _, r := range []*replica{first, second} {
			if _, a := b.sessions(r, ""); a.status != http.StatusUnauthorized {
				t.Errorf("after all were ended: %d", a.status)
			}
		}
	}
	if home.id(first) != "" {
		t.Error("the cookie is left")
	}
	if left, _ := stranger.sessions(first, "all"); len(left) != 0 {
		t.Error("a letter does not end itself")
	}
}
