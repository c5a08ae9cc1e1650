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

// publicFile is the same for everybody, and never changes while the process runs.
type publicFile struct {
	mediaType []string
	language  []string // nil: it is in none
	etag      string
	body      []byte
}

func newPublicFile(mediaType []string, body []byte) publicFile {
	sum := sha256.Sum256(body)
	return publicFile{mediaType: mediaType, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, body: body}
}

// textFiles are what a frontend shows for the values of enums, and may show for codes, by path.
var textFiles = sync.OnceValue(func() map[string]publicFile {
	files := map[string]publicFile{}
	for _, l := range text.Languages() {
		var body bytes.Buffer
		to := json.NewEncoder(&body)
		to.SetEscapeHTML(false)
		to.SetIndent("", "  ")
		if err := to.Encode(text.All(l)); err != nil { // sorts the keys
			panic(err) // texts are text
		}
		file := newPublicFile(typeOfJSON, body.Bytes())
		file.language = []string{string(l)}
		files["/texts/"+string(l)+".json"] = file
	}
	return files
})

// Headers of public files: anybody's page may read them, and asks again after five minutes at most.
var (
	anyOrigin   = []string{"*"}
	fewMinutes  = []string{"public, max-age=300"}
	typeOfJSON  = []string{"application/json; charset=utf-8"}
	typeOfPlain = []string{"text/plain; charset=utf-8"}
)

func (s *Server) servePublic(x *exchange, r *http.Request, file publicFile) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		x.Header()["Allow"] = []string{"GET, HEAD"}
		x.refuse(http.StatusMethodNotAllowed, fault.MethodNotAllowed, "the method is not allowed here")
		return
	}
	h := x.Header()
	h["Access-Control-Allow-Origin"] = anyOrigin
	h["Cache-Control"] = fewMinutes
	h["Cross-Origin-Resource-Policy"] = crossOrigin
	if file.language != nil {
		h["Content-Language"] = file.language
	}
	h["Content-Type"] = file.mediaType
	h["Etag"] = []string{file.etag}
	http.ServeContent(x, r, "", time.Time{}, bytes.NewReader(file.body))
}
