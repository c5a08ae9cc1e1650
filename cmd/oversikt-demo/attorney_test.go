package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

// tryPowerOfAttorney gives, uses and revokes one with the demo's tokens.
func tryPowerOfAttorney(t *testing.T, address, grantor, holder, holderID string) {
	t.Helper()
	send := func(token, acting, query string, input map[string]any) (status int, data map[string]map[string]any,
		raw string) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"input": input}})
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/graphql",
			bytes.NewReader(body))
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
	_, given, raw := send(grantor, "",
		`mutation($input: GivePowerOfAttorneyInput!) { givePowerOfAttorney(input: $input) { powerOfAttorney { id agencies { status } } userErrors { field message } } }`,
		map[string]any{"idempotencyKey": uuid.NewString(), "attorney": map[string]any{
			"person": map[string]any{"nationalId": holderID, "name": "Somebody Trusted"}},
			"mayAct": false, "validUntil": endtoend.Tomorrow(), "signing": map[string]any{"bankID": true}})
	power, _ := given["givePowerOfAttorney"]["powerOfAttorney"].(map[string]any)
	id, _ := power["id"].(string)
	if id == "" || strings.Count(raw, "TOLD") != 3 {
		t.Fatalf("given: %s", raw)
	}
	if _, got, raw := send(holder, id, overview, nil); len(got) == 0 || !strings.Contains(raw, endtoend.JSON(t, own)) {
		t.Errorf("acting: %s", raw)
	}
	if status, _, raw := send(grantor, id, overview, nil); status != http.StatusForbidden {
		t.Errorf("the grantor under it: %d %s", status, raw)
	}
	if _, _, raw := send(grantor, "",
		`mutation($input: RevokePowerOfAttorneyInput!) { revokePowerOfAttorney(input: $input) { powerOfAttorney { status } } }`,
		map[string]any{"idempotencyKey": uuid.NewString(), "id": id}); !strings.Contains(raw, "REVOKED") {
		t.Errorf("revoking: %s", raw)
	}
	if status, _, raw := send(holder, id, overview, nil); status != http.StatusForbidden {
		t.Errorf("after the revocation: %d %s", status, raw)
	}
}

// tryDocument gives a power on a document, and reads that back as who gave it and as staff.
func tryDocument(t *testing.T, address, grantor, holder, holderID, worker, elsewhere string) {
	t.Helper()
	content := "%PDF-1.7\nsigned\n%%EOF\n"
	post := func(token, path string, body any) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+path,
			strings.NewReader(endtoend.JSON(t, body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
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
		return resp, string(text)
	}
	_, agencies := post(grantor, "/graphql", map[string]any{"query": "{ agencies { id code } }"})
	var list struct {
		Data struct{ Agencies []struct{ ID, Code string } }
	}
	if err := json.Unmarshal([]byte(agencies), &list); err != nil || list.Data.Agencies[0].Code != "fjord" {
		t.Fatalf("%v: %s", err, agencies)
	}
	_, given := post(grantor, "/graphql", map[string]any{
		"query": `mutation($input: GivePowerOfAttorneyInput!) { givePowerOfAttorney(input: $input) { powerOfAttorney { id } userErrors { field } } }`,
		"variables": map[string]any{"input": map[string]any{
			"idempotencyKey": uuid.NewString(), "attorney": map[string]any{
				"person": map[string]any{"nationalId": holderID, "name": "Somebody Trusted"}},
			"mayAct": false, "validUntil": endtoend.Tomorrow(),
			"agencies": []string{list.Data.Agencies[0].ID}, "signing": map[string]any{"document": map[string]any{
				"mediaType": "PDF", "base64": base64.StdEncoding.EncodeToString([]byte(content))}},
		}},
	})
	var power struct {
		Data struct {
			GivePowerOfAttorney struct{ PowerOfAttorney struct{ ID string } }
		}
	}
	if err := json.Unmarshal([]byte(given), &power); err != nil ||
		power.Data.GivePowerOfAttorney.PowerOfAttorney.ID == "" {
		t.Fatalf("%v: %s", err, given)
	}
	id := power.Data.GivePowerOfAttorney.PowerOfAttorney.ID
	for name, tc := range map[string]struct {
		token  string
		body   map[string]any
		status int
		code   string
	}{
		"giver":           {grantor, map[string]any{"id": id}, 200, ""},
		"staff":           {worker, map[string]any{"id": id, "reason": "she disputes the signature"}, 200, ""},
		"without reason":  {worker, map[string]any{"id": id}, 400, "BAD_USER_INPUT"},
		"control":         {worker, map[string]any{"id": id, "reason": "a\x00b and more of it"}, 400, "BAD_USER_INPUT"},
		"staff elsewhere": {elsewhere, map[string]any{"id": id, "reason": "curiosity about it"}, 404, "NOT_FOUND"},
		"attorney":        {holder, map[string]any{"id": id}, 404, "NOT_FOUND"},
		"nobody":          {"", map[string]any{"id": id}, 401, "UNAUTHENTICATED"},
		"no id":           {grantor, map[string]any{"id": "1"}, 400, "BAD_USER_INPUT"},
		"an agency's id":  {grantor, map[string]any{"id": list.Data.Agencies[0].ID}, 404, "NOT_FOUND"},
		"more":            {grantor, map[string]any{"id": id, "as": "PDF"}, 400, "BAD_REQUEST"},
	} {
		resp, text := post(tc.token, "/power-of-attorney-document", tc.body)
		h := resp.Header
		if resp.StatusCode != tc.status || !strings.Contains(text, tc.code) || (text == content) != (tc.status == 200) {
			t.Errorf("%s: %d %s", name, resp.StatusCode, text)
		}
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", name, h)
		}
		if tc.status == 200 && (h.Get("Content-Type") != "application/pdf" ||
			h.Get("Content-Disposition") != `attachment; filename="power-of-attorney.pdf"`) {
			t.Errorf("%s: %v", name, h)
		}
	}
	_, log := post(grantor, "/graphql",
		map[string]any{"query": "{ viewer { accessLog { nodes { kind own action reason staffAgency outcome } } } }"})
	for _, entry := range []string{
		`{"kind":"PERSON","own":true,"action":"powerOfAttorneyDocument","reason":null,"staffAgency":null,"outcome":"OK"}`,
		`{"kind":"CASE_WORKER","own":false,"action":"powerOfAttorneyDocument","reason":"she disputes the signature","staffAgency":"fjord","outcome":"OK"}`,
		`{"kind":"CASE_WORKER","own":false,"action":"powerOfAttorneyDocument","reason":"curiosity about it","staffAgency":"lita","outcome":"DENIED"}`,
	} {
		if strings.Count(log, entry) != 1 {
			t.Errorf("the access log lacks %s:\n%s", entry, log)
		}
	}
	_, log = post(holder, "/graphql",
		map[string]any{"query": "{ viewer { accessLog { nodes { kind own action outcome } } } }"})
	if strings.Count(log, `{"kind":"PERSON","own":true,"action":"powerOfAttorneyDocument","outcome":"DENIED"}`) != 1 {
		t.Errorf("the attorney's log lacks the document that was refused:\n%s", log)
	}
}
