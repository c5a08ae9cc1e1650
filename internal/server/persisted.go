package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/oversikt/oversikt/internal/fault"
)

// maxPersisted bounds the registered documents; with maxBody it bounds memory.
const maxPersisted = 500

var (
	errNotRegistered = fault.New(fault.PersistedQueryNotFound, "PersistedQueryNotFound")
	// Makes Apollo's clients stop sending hashes.
	errNotSupported = fault.New(fault.PersistedQueryNotSupported, "PersistedQueryNotSupported")
	errNoQuery      = fault.New(fault.BadRequest, "query is missing")
)

// persisted is the register of automatic persisted queries.
type persisted struct {
	byHash *lru.Cache[[sha256.Size]byte, string] // nil when the feature is off
}

func newPersisted(on bool) persisted {
	if !on {
		return persisted{}
	}
	cache, err := lru.New[[sha256.Size]byte, string](maxPersisted)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return persisted{cache}
}

// complete puts the registered document into params, or registers the document
// that came with its hash when the caller may do that: a stranger's would only
// push out those of real clients.
func (p persisted) complete(params *graphql.RawParams, hasQuery bool, mayRegister func() bool) error {
	given, ok := params.Extensions["persistedQuery"]
	if !ok || given == nil {
		if !hasQuery {
			return errNoQuery
		}
		return nil
	}
	if p.byHash == nil {
		if params.Query == "" {
			return errNotSupported
		}
		return nil
	}
	hash, err := persistedHash(given)
	if err != nil {
		return err
	}
	if params.Query == "" {
		if params.Query, ok = p.byHash.Get(hash); !ok {
			return errNotRegistered
		}
		return nil
	}
	if sha256.Sum256([]byte(params.Query)) != hash {
		return fault.New(fault.BadRequest, "sha256Hash is not the hash of query")
	}
	if mayRegister() {
		p.byHash.Add(hash, params.Query)
	}
	return nil
}

func persistedHash(given any) (hash [sha256.Size]byte, err error) {
	object, _ := given.(map[string]any)
	if version, _ := object["version"].(json.Number); version != "1" {
		return hash, fault.New(fault.BadRequest, "persistedQuery.version must be 1")
	}
	text, _ := object["sha256Hash"].(string)
	if n, err := hex.Decode(hash[:], []byte(text[:min(len(text), 2*len(hash))])); err != nil || n != len(hash) ||
		len(text) != 2*n {
		return hash, fault.New(fault.BadRequest, "persistedQuery.sha256Hash must be a SHA-256 in hexadecimal")
	}
	return hash, nil
}
