package service

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller/session"
)

func TestDefaults(t *testing.T) {
	t.Setenv("OVERSIKT_LISTEN", "")
	file := filepath.Join(t.TempDir(), "oversikt.yaml")
	text := "idKey: " + strings.Repeat("0f", 64) + "\nportalKey: " + strings.Repeat("0f", 32) + `
portal: postgres://x
accessLog: /nowhere
sessions: {perPerson: 5}
issuers: [{issuer: "https://id.example", audience: oversikt, nationalIdClaim: nin, acceptedAcr: [high]}]
agencies: [{code: fjord, name: Fjord, dsn: "postgres://x"}]
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Read(file)
	if err != nil || c.Listen != "127.0.0.1:8080" || c.DrainDelay != 5*time.Second || c.PersistedQueries || c.Playground ||
		c.Introspection || len(c.TrustedProxies) > 0 ||
		c.Login != nil || c.Sessions != (session.Limits{Idle: 30 * time.Minute, Absolute: 2 * time.Hour, PerPerson: 5}) {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestPasswords: how an agency prints its passwords has places in it.
func TestPasswords(t *testing.T) {
	t.Parallel()
	forms := map[string]bool{"AAAA-aaaa": true, "********": true, "----": false, strings.Repeat("A", 129): false}
	for form, ok := range forms {
		file := filepath.Join(t.TempDir(), "oversikt.yaml")
		text := "idKey: " + strings.Repeat("0f", 64) + "\nportalKey: " + strings.Repeat("0f", 32) + `
portal: postgres://x
accessLog: /nowhere
issuers: [{issuer: "https://id.example", audience: oversikt, nationalIdClaim: nin, acceptedAcr: [high]}]
agencies: [{code: fjord, name: Fjord, dsn: "postgres://x", passwords: "` + form + `"}]
`
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Read(file)
		if (err == nil) != ok || ok && string(c.Agencies[0].Passwords) != form {
			t.Errorf("%q: %v, %v", form, c.Agencies, err)
		}
	}
}

// TestNewCollectionAct: the day of the new act is a day after its adoption, and every agency's cases are
// judged by it.
func TestNewCollectionAct(t *testing.T) {
	t.Setenv("OVERSIKT_LISTEN", "")
	days := map[string]bool{"": true, "2027-01-01": true, "2026-05-22": false, "2027-02-30": false, "soon": false}
	for day, ok := range days {
		file := filepath.Join(t.TempDir(), "oversikt.yaml")
		text := "idKey: " + strings.Repeat("0f", 64) + "\nportalKey: " + strings.Repeat("0f", 32) + `
portal: postgres://x
accessLog: /nowhere
newCollectionAct: ` + day + `
issuers: [{issuer: "https://id.example", audience: oversikt, nationalIdClaim: nin, acceptedAcr: [high]}]
agencies: [{code: fjord, name: Fjord, dsn: "postgres://x"}]
`
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Read(file)
		if (err == nil) != ok || err != nil && (!strings.Contains(err.Error(), "newCollectionAct") ||
			day != "" && strings.Contains(err.Error(), day)) {
			t.Errorf("%q: %v", day, err)
		}
		if !ok {
			continue
		}
		all, err := c.agencies()
		acts := all[0].Acts
		if err != nil || len(acts) != 2 || acts[1].InForce.IsZero() != (day == "") {
			t.Errorf("%q: the acts are %+v, %v", day, acts, err)
		}
	}
}
