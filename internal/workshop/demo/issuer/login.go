package issuer

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
)

const (
	loginPath     = "/login"
	loggedOutPath = "/logged-out"
	stylePath     = "/style.css"
	maxForm       = 8 << 10 // bytes
)

//go:embed pages/*
var files embed.FS

var pages = template.Must(template.ParseFS(files, "pages/*.html"))

type page struct {
	Base   string
	Login  string
	People []Person
	Fault  string
}

// showLogin lists the people. A person is chosen by the place in the list: no
// number is in a URL or a form.
func (i *Issuer) showLogin(w http.ResponseWriter, r *http.Request) {
	l, ok := i.store.byID(r.URL.Query().Get("login"))
	if !ok {
		i.lapsed(w)
		return
	}
	// Browsers hold the redirect that answers a form to form-action as well.
	if u, err := url.Parse(l.request.RedirectURI); err == nil {
		w.Header().Set("Content-Security-Policy", policy(u.Scheme+"://"+u.Host))
	}
	i.render(w, http.StatusOK, "login.html", page{Login: l.id, People: i.options.People})
}

// login takes the choice and hands the browser back to the protocol.
func (i *Issuer) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		i.render(w, http.StatusBadRequest, "message.html", page{Fault: "Skjemaet kan ikke leses."})
		return
	}
	chosen, err := strconv.Atoi(r.PostForm.Get("person"))
	if err != nil || chosen < 0 || chosen >= len(i.options.People) {
		i.render(w, http.StatusBadRequest, "message.html", page{Fault: "Velg en person fra listen."})
		return
	}
	id := r.PostForm.Get("login")
	if !i.store.complete(id, i.options.People[chosen]) {
		i.lapsed(w)
		return
	}
	http.Redirect(w, r, i.base+"/authorize/callback?"+url.Values{"id": {id}}.Encode(), http.StatusSeeOther)
}

func (i *Issuer) lapsed(w http.ResponseWriter) {
	i.render(w, http.StatusBadRequest, "message.html",
		page{Fault: "Innloggingen er ukjent eller utløpt. Start på nytt der du kom fra."})
}

func (i *Issuer) loggedOut(w http.ResponseWriter, _ *http.Request) {
	i.render(w, http.StatusOK, "message.html", page{})
}

func (i *Issuer) render(w http.ResponseWriter, status int, name string, p page) {
	p.Base = i.base
	var body bytes.Buffer
	if err := pages.ExecuteTemplate(&body, name, p); err != nil {
		i.options.Logger.Error("render a page of the demo issuer", "page", name, "error", err)
		http.Error(w, "something went wrong here", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w)
}

func (i *Issuer) style(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files, "pages/style.css")
}
