package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"github.com/oversikt/oversikt/internal/fault"
)

// DocumentMode says what becomes of documents that nobody has registered.
type DocumentMode string

// The modes.
const (
	DocumentsOpen     DocumentMode = "open"     // they run
	DocumentsLog      DocumentMode = "log"      // they run, and their hashes go into the log
	DocumentsSafelist DocumentMode = "safelist" // nothing runs but what is asked for by a registered id
)

var (
	errIDRequired = fault.New(fault.PersistedDocumentIDRequired,
		"only registered documents run here: send documentId and no query")
	errUnknownDocument = fault.New(fault.PersistedDocumentNotFound, "no document of this id is registered")
	errTwoDocuments    = fault.New(fault.BadRequest, "send either documentId or query")
)

// Documents are those that clients have registered: trusted documents, by their ids. The zero value
// has none, and lets all run. It is safe for concurrent use.
type Documents struct {
	mode DocumentMode
	byID map[string]string

	mu      sync.Mutex
	unknown map[string]int64 // how often each ran, by id
}

const (
	sha256Prefix = "sha256:"
	// mostUnknown bounds what is counted one by one; beyond it, new ones count as others.
	mostUnknown = 1000
	// Others is the name under which [Documents.Unknown] counts the rest.
	Others = "others"
)

// DocumentID returns the id of a document after appendix A of GraphQL over HTTP.
func DocumentID(text string) string {
	hash := sha256.Sum256([]byte(text))
	return sha256Prefix + hex.EncodeToString(hash[:])
}

// NewDocuments reads manifests, as [ReadManifest] has them. The mode safelist needs a document.
func NewDocuments(mode DocumentMode, manifests ...[]byte) (*Documents, error) {
	d := &Documents{mode: mode, byID: map[string]string{}, unknown: map[string]int64{}}
	for i, manifest := range manifests {
		read, err := ReadManifest(manifest)
		if err != nil {
			return nil, fmt.Errorf("manifest %d: %w", i+1, err)
		}
		for id, text := range read {
			if other, ok := d.byID[id]; ok && other != text {
				return nil, fmt.Errorf("manifest %d: an id of it has another document in another manifest", i+1)
			}
			d.byID[id], d.byID[DocumentID(text)] = text, text
		}
	}
	if mode == DocumentsSafelist && len(d.byID) == 0 {
		return nil, errors.New("safelist: no document is registered")
	}
	return d, nil
}

// ReadManifest returns the documents of a manifest by their ids: of Apollo's
// apollo-persisted-query-manifest, version 1, or of Relay's object of ids and texts, which
// `oversikt documents` writes too. A document whose id looks like a SHA-256, and is not its own, is
// an error.
func ReadManifest(text []byte) (map[string]string, error) {
	var apollo struct {
		Format     string `json:"format"`
		Version    int    `json:"version"`
		Operations []struct {
			ID   string `json:"id"`
			Body string `json:"body"`
		} `json:"operations"`
	}
	found := map[string]string{}
	if err := json.Unmarshal(text, &apollo); err == nil && apollo.Operations != nil {
		if apollo.Format != "apollo-persisted-query-manifest" || apollo.Version != 1 {
			return nil, errors.New("it has operations, and is no apollo-persisted-query-manifest of version 1")
		}
		for _, op := range apollo.Operations {
			if other, twice := found[op.ID]; twice && other != op.Body {
				return nil, errors.New("it has an id twice")
			}
			found[op.ID] = op.Body
		}
	} else if err := json.Unmarshal(text, &found); err != nil {
		return nil, errors.New("it is neither Apollo's manifest nor an object of ids and texts")
	}
	for id, body := range found {
		own := DocumentID(body)
		hash := strings.TrimPrefix(id, sha256Prefix)
		looksLikeIt := len(hash) == 2*sha256.Size && strings.Trim(hash, "0123456789abcdef") == ""
		if id == "" || body == "" || strings.HasPrefix(id, sha256Prefix) && id != own ||
			looksLikeIt && sha256Prefix+hash != own {
			return nil, errors.New("it has an id that is not that of its document, or an empty one")
		}
	}
	return found, nil
}

// find puts the registered document into the request; done says that no other register is asked.
func (d *Documents) find(p *params, hasQuery bool, log *slog.Logger) (done bool, err error) {
	if d == nil {
		d = &Documents{}
	}
	id := p.documentID
	if id == "" && d.mode == DocumentsSafelist && p.Query == "" {
		id = apolloID(p.Extensions["persistedQuery"])
	}
	switch {
	case id != "" && hasQuery && p.Query != "":
		return true, errTwoDocuments
	case id != "":
		text, ok := d.byID[id]
		if !ok {
			return true, errUnknownDocument
		}
		p.Query = text
		delete(p.Extensions, "persistedQuery")
		return true, nil
	case d.mode == DocumentsSafelist:
		return true, errIDRequired
	case d.mode == DocumentsLog && p.Query != "":
		d.note(DocumentID(p.Query), log)
	}
	return false, nil
}

// apolloID is the id of what Apollo's clients send for a registered document: the same as for
// automatic persisted queries, without the text.
func apolloID(given any) string {
	if hash, err := persistedHash(given); err == nil {
		return sha256Prefix + hex.EncodeToString(hash[:])
	}
	return ""
}

// note counts a document that is not registered. The first time there is a line with its id.
func (d *Documents) note(id string, log *slog.Logger) {
	if _, registered := d.byID[id]; registered {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, known := d.unknown[id]; !known {
		if len(d.unknown) >= mostUnknown {
			d.unknown[Others]++
			return
		}
		log.Warn("a document that is not registered has run", slog.String("document", id))
	}
	d.unknown[id]++
}

// Unknown returns how often what is not registered has run on this replica, by its id.
func (d *Documents) Unknown() map[string]int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make(map[string]int64, len(d.unknown))
	for id, n := range d.unknown {
		all[id] = n
	}
	return all
}
