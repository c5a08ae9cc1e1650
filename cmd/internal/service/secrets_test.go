package service

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// file writes a file with a mode, whatever the umask.
func file(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSecrets: a secret stands in the file, in the environment or in a file of its own, and never
// where everybody can read it.
func TestSecrets(t *testing.T) {
	portalKey, other, idKey := strings.Repeat("0f", 32), strings.Repeat("1a", 32), strings.Repeat("0f", 64)
	t.Setenv("SECRETS_TEST_KEY", portalKey)
	t.Setenv("OVERSIKT_LISTEN", "")
	const plain = "postgres://x:hunter2@127.0.0.1/x"
	cases := map[string]struct {
		reason, portalKey, idKey, dsn string
		mode                          os.FileMode
		says                          string // empty: it is taken
	}{
		"plain": {"nobody else reads it", portalKey, idKey, plain, 0o600, ""},
		"group": {"a group can be the service's own", portalKey, idKey, plain, 0o640, ""},
		"read by all": {"a key",
			portalKey, "${file:" + file(t, idKey, 0o600) + "}", "postgres://x", 0o644, "secrets in it (portalKey)"},
		"password": {"in a connection string",
			"${SECRETS_TEST_KEY}", "${file:" + file(t, idKey, 0o600) + "}", plain, 0o644, "agencies[0].dsn"},
		"password in words": {"blanks are allowed there", "${SECRETS_TEST_KEY}", "${file:" + file(t, idKey, 0o600) + "}",
			"host=h user=x password = hunter2", 0o644, "agencies[0].dsn"},
		"no secret": {"nothing to hide",
			"${SECRETS_TEST_KEY}", "${file:" + file(t, idKey+"\r\n", 0o400) + "}", "postgres://x:${SECRETS_TEST_KEY}@h/x?sslmode=verify-full", 0o644, ""},
		"written by all": {"anybody could add an issuer",
			"${SECRETS_TEST_KEY}", "${file:" + file(t, idKey, 0o600) + "}", "postgres://x", 0o602, "write this file"},
		"open file": {"everybody reads it",
			portalKey, "${file:" + file(t, idKey, 0o604) + "}", plain, 0o600, "idKey: everybody can read or write"},
		"no file": {"a typing error", portalKey, "${file:/nowhere/at/all}", plain, 0o600, "idKey: "},
		"empty file": {"not mounted yet",
			portalKey, "${file:" + file(t, "\n", 0o600) + "}", plain, 0o600, "is empty"},
		"folder": {"a mount of several",
			portalKey, "${file:" + t.TempDir() + "}", plain, 0o600, "no file with a secret"},
		"two keys": {"one is on its way out",
			"[\"" + other + "\", \"${SECRETS_TEST_KEY}\"]", idKey, plain, 0o600, ""},
		"one key twice": {"a slip",
			"[\"" + other + "\", \"" + other + "\"]", idKey, plain, 0o600, "portalKey has two entries of the same"},
		"no key": {"nothing can be written", "[]", idKey, plain, 0o600, "portalKey is missing"},
		"a short one": {"it says how to make one",
			"[\"" + other + "\", abc]", idKey, plain, 0o600, "portalKey[1] is not 64"},
	}
	for name, tc := range cases {
		path := file(t, "idKey: "+quotedOr(tc.idKey)+"\nportalKey: "+quotedOr(tc.portalKey)+`
portal: postgres://x@127.0.0.1/x
accessLog: /nowhere
issuers: [{issuer: "https://id.example", audience: oversikt, nationalIdClaim: nin, acceptedAcr: [high]}]
agencies: [{code: fjord, name: Fjord, dsn: "`+tc.dsn+`"}]
`, tc.mode)
		c, err := Read(path)
		switch {
		case tc.says == "" && (err != nil || c.IDKey[0] != idKey || c.PortalKey[len(c.PortalKey)-1] != portalKey):
			t.Errorf("%s: %s: %v", name, tc.reason, err)
		case tc.says != "" && (err == nil || !strings.Contains(err.Error(), tc.says)):
			t.Errorf("%s: %s: %v", name, tc.reason, err)
		case err != nil && (strings.Contains(err.Error(), portalKey) || strings.Contains(err.Error(), "hunter2")):
			t.Errorf("%s: the message has a secret", name)
		}
	}
}

func quotedOr(text string) string {
	if strings.HasPrefix(text, "[") {
		return text
	}
	return `"` + text + `"`
}
