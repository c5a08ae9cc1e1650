package debt_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/debt"
)

// TestPasswordHashHides: whatever prints a login prints no hash.
func TestPasswordHashHides(t *testing.T) {
	t.Parallel()
	const secret = "$argon2id$v=19$secret"
	login := debt.CaseLogin{Hash: debt.NewPasswordHash(secret)}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("login", "login", login, "hash", login.Hash)
	encoded, err := json.Marshal(login)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"%v": fmt.Sprintf("%v %v", login, login.Hash), "%+v": fmt.Sprintf("%+v %+v", login, &login),
		"%#v": fmt.Sprintf("%#v %#v", login, login.Hash), "log": log.String(), "JSON": string(encoded),
	} {
		if strings.Contains(text, "secret") {
			t.Errorf("%s shows it: %s", name, text)
		}
	}
	if login.Hash.Reveal() != secret {
		t.Error("it is lost")
	}
}
