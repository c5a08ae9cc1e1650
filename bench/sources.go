package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/oversikt/oversikt/graph/model"
)

// sources returns the contract's reads by name and the flagship query. They are read
// from the source tree: the peer is to ask what the product asks.
func sources() (sql map[string]string, query string, err error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, "", err
	}
	files, err := filepath.Glob(filepath.Join(root, "internal", "agency", "core", "sql", "*.sql"))
	if err != nil {
		return nil, "", err
	}
	sql = map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, "", fmt.Errorf("read the contract: %w", err)
		}
		sql[strings.TrimSuffix(filepath.Base(file), ".sql")] = string(text)
	}
	text, err := os.ReadFile(filepath.Join(root, "internal", "server", "playground", "examples", "01-overview.graphql"))
	if err != nil {
		return nil, "", fmt.Errorf("read the flagship query: %w", err)
	}
	return sql, string(text), nil
}

// moduleRoot looks for go.mod from the working folder upwards.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("run it inside the source tree: there is no go.mod above the working folder")
		}
		dir = parent
	}
}

// postRequests returns what clients send to the product, one request for each token,
// without the first lines that name the host.
func postRequests(query string, tokens []string) []string {
	body, _ := json.Marshal(map[string]string{"query": query, "operationName": "Overview"}) // strings always can be
	requests := make([]string, len(tokens))
	for i, token := range tokens {
		requests[i] = postRequest(token, body)
	}
	return requests
}

func postRequest(token string, body []byte) string {
	return fmt.Sprintf("POST /graphql HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"+
		"Accept: application/graphql-response+json, application/json\r\n"+
		"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s",
		token, len(body), body)
}

// getRequests returns what clients send to the peer.
func getRequests(tokens []string) []string {
	requests := make([]string, len(tokens))
	for i, token := range tokens {
		requests[i] = fmt.Sprintf("GET /overview HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\nAuthorization: Bearer %s\r\n\r\n", token)
	}
	return requests
}

func newIDKey() string {
	key := make([]byte, model.IDKeySize)
	_, _ = rand.Read(key) // never fails
	return hex.EncodeToString(key)
}
