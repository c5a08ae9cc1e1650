package issuer

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"
)

const maxBody = 4 << 10 // bytes

// people answers with those of `oversikt-demo people --json` who log in with BankID.
func (i *Issuer) people(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, append([]Person{}, i.options.People...))
}

// token gives the playground an access token for {"nationalId": "..."}, without
// the login that a browser goes through. What is wrong is said in {"error": "..."}.
func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		writeError(w, http.StatusUnsupportedMediaType, "the content type is not application/json")
		return
	}
	var asked struct {
		NationalID string `json:"nationalId"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); err != nil || !atEnd(decoder) {
		writeError(w, http.StatusBadRequest, `the body is not {"nationalId": "..."}`)
		return
	}
	at := slices.IndexFunc(i.options.People, func(p Person) bool { return p.NationalID == asked.NationalID })
	if at < 0 {
		writeError(w, http.StatusNotFound, "nobody in the demo has this number")
		return
	}
	token, err := i.options.accessToken(i.key, i.options.People[at], "playground", time.Now())
	if err != nil {
		i.options.Logger.Error("token of the demo issuer", "error", err)
		writeError(w, http.StatusInternalServerError, "something went wrong here")
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"token": token})
}

func atEnd(d *json.Decoder) bool {
	_, err := d.Token()
	return errors.Is(err, io.EOF)
}

func writeError(w http.ResponseWriter, status int, message string) {
	writeJSON(w, status, map[string]string{"error": message})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
