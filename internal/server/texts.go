package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
)

// textFile is the catalogue in one language, as it is served.
type textFile struct {
	language string
	etag     string
	body     []byte
}

// textFiles are the files by their path. They never change while the process runs.
var textFiles = sync.OnceValue(func() map[string]textFile {
	files := map[string]textFile{}
	for _, l := range text.Languages() {
		var body bytes.Buffer
		to := json.NewEncoder(&body)
		to.SetEscapeHTML(false)
		to.SetIndent("", "  ")
		if err := to.Encode(text.All(l)); err != nil { // sorts the keys
			panic(err) // texts are text
		}
		sum := sha256.Sum256(body.Bytes())
		files["/texts/"+string(l)+".json"] = textFile{
			language: string(l),
			etag:     `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
			body:     body.Bytes(),
		}
	}
	return files
})

// Headers of texts: anybody's page may read them, and asks again after five minutes at most.
var (
	anyOrigin  = []string{"*"}
	fewMinutes = []string{"public, max-age=300"}
	typeOfJSON = []string{"application/json; charset=utf-8"}
)

// serveTexts answers by the catalogue in one language: what a frontend shows for the values of
// enums, and what it may show for codes. It is the same for everybody.
func (s *Server) serveTexts(x *exchange, r *http.Request, file textFile) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		x.Header()["Allow"] = []string{"GET, HEAD"}
		x.refuse(http.StatusMethodNotAllowed, fault.MethodNotAllowed, "the method is not allowed here")
		return
	}
	h := x.Header()
	h["Access-Control-Allow-Origin"] = anyOrigin
	h["Cache-Control"] = fewMinutes
	h["Content-Language"] = []string{file.language}
	h["Content-Type"] = typeOfJSON
	h["Etag"] = []string{file.etag}
	http.ServeContent(x, r, "", time.Time{}, bytes.NewReader(file.body))
}
