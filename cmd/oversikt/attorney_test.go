package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/attorney"
	"github.com/oversikt/oversikt/internal/norway"
)

// tryPowerOfAttorney gives, uses and revokes one with the demo's tokens.
func tryPowerOfAttorney(t *testing.T, address, grantor, holder, holderID string) {
	t.Helper()
	send := func(token, acting, query string, input map[string]any) (status int, data map[string]map[string]any, raw string) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"input": input}})
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/graphql", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+token)
		if acting != "" {
			req.Header.Set(attorney.Header, acting)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct{ Data map[string]map[string]any }
		if err := json.Unmarshal(text, &answer); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return resp.StatusCode, answer.Data, string(text)
	}
	const overview = `{ viewer { overview { openCaseCount } } }`
	_, own, _ := send(grantor, "", overview, nil)
	_, given, raw := send(grantor, "", `mutation($input: GivePowerOfAttorneyInput!) { givePowerOfAttorney(input: $input) { powerOfAttorney { id agencies { status } } userErrors { field message } } }`,
		map[string]any{"idempotencyKey": uuid.NewString(), "attorney": map[string]any{"nationalId": holderID, "name": "Somebody Trusted"},
			"mayAct": false, "validUntil": tomorrow(), "signWithBankID": true})
	power, _ := given["givePowerOfAttorney"]["powerOfAttorney"].(map[string]any)
	id, _ := power["id"].(string)
	if id == "" || strings.Count(raw, "TOLD") != 3 {
		t.Fatalf("given: %s", raw)
	}
	if _, got, raw := send(holder, id, overview, nil); len(got) == 0 || !strings.Contains(raw, mustJSON(t, own)) {
		t.Errorf("acting: %s", raw)
	}
	if status, _, raw := send(grantor, id, overview, nil); status != http.StatusForbidden {
		t.Errorf("the grantor under it: %d %s", status, raw)
	}
	if _, _, raw := send(grantor, "", `mutation($input: RevokePowerOfAttorneyInput!) { revokePowerOfAttorney(input: $input) { powerOfAttorney { status } } }`,
		map[string]any{"idempotencyKey": uuid.NewString(), "id": id}); !strings.Contains(raw, "REVOKED") {
		t.Errorf("revoking: %s", raw)
	}
	if status, _, raw := send(holder, id, overview, nil); status != http.StatusForbidden {
		t.Errorf("after the revocation: %d %s", status, raw)
	}
}

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func tomorrow() string { return norway.DateOf(time.Now()).AddDays(1).String() }

// TestActingForNobody: a request that names no power of attorney allocates nothing for it,
// and asks nobody: there is no resolver to ask.
func TestActingForNobody(t *testing.T) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer x")
	authenticate := acting(nil, func(r *http.Request) (context.Context, error) { return r.Context(), nil })
	if n := testing.AllocsPerRun(100, func() { _, _ = authenticate(r) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
