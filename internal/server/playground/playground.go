// Package playground serves a page where a frontend developer explores the schema: GraphiQL with example operations in
// tabs and, above it, a bar for the bearer token.
//
// Everything the page loads is embedded in the binary, so that it works without the internet, and its content security
// policy allows nothing else: no other host, no inline script, no eval.
package playground

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
)

// Path is where the page lives. The handler must be mounted there, and at Path + "/", without stripping the prefix.
const Path = "/playground"

// policy lets the page load what this package embeds and talk to its own host, WebSocket included, and nothing else.
// The one exception is a style, named by its checksum, that GraphiQL's dialogs write to keep the page behind from
// scrolling.
const policy = "default-src 'none'; script-src 'self'; " +
	"style-src 'self' 'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='; " +
	"img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
	"base-uri 'self'; frame-ancestors 'none'; form-action 'none'"

//go:embed assets/index.html
var indexHTML string

var index = template.Must(template.New("index.html").Parse(indexHTML))

// Config tells the page whom it talks to. Each address is a path on the host that serves the page: the content security
// policy lets the browser reach no other.
type Config struct {
	// Endpoint takes GraphQL operations by POST. Empty means /graphql.
	Endpoint string

	// PeopleURL answers GET with the demo people, a JSON array of {nationalId, name, agencies, openCases, note}.
	PeopleURL string

	// TokenURL answers POST {"nationalId": "..."} with {"token": "..."}. The page offers people to pick from only when
	// both this and PeopleURL are set; without them it has the token field alone, as it should outside a demo.
	TokenURL string

	// LoginURL starts a login by cookie and comes back to the page. The page links to it unless it is empty.
	LoginURL string
}

// page is what the template sees.
type page struct {
	Config
	Assets   string // address of the assets folder, without a slash at the end
	Examples string // JSON array of example
}

// Handler returns the playground: the page itself at Path and its assets below it.
func Handler(cfg Config) http.Handler {
	html := render(cfg)
	mux := http.NewServeMux()
	servePage := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(html) // the client has gone: nobody is left to tell
	}
	mux.HandleFunc("GET "+Path, servePage)
	mux.HandleFunc("GET "+Path+"/{$}", servePage)
	mux.HandleFunc("GET "+Path+"/assets/{version}/{name...}", serveAsset)
	return secured(mux)
}

// render panics when the template does not fit page, which a test would have shown.
func render(cfg Config) []byte {
	if cfg.Endpoint == "" {
		cfg.Endpoint = "/graphql"
	}
	if cfg.PeopleURL == "" || cfg.TokenURL == "" {
		cfg.PeopleURL, cfg.TokenURL = "", ""
	}
	examples, err := json.Marshal(examples())
	if err != nil {
		panic(err)
	}
	var html bytes.Buffer
	data := page{Config: cfg, Assets: Path + "/assets/" + assets.version, Examples: string(examples)}
	if err := index.Execute(&html, data); err != nil {
		panic(err)
	}
	return html.Bytes()
}

// secured adds the headers that every answer carries, errors included.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer") // ?query= is nobody else's business
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}
