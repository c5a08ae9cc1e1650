package people

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"

	"github.com/oversikt/oversikt/internal/debt"
)

// TestPasswordHash: whoever reads the documented password can log in with it.
func TestPasswordHash(t *testing.T) {
	t.Parallel()
	parts := strings.Split(passwordHash, "$")
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		t.Fatal(err)
	}
	password := debt.PasswordForm("").Of(Password)
	sum := base64.RawStdEncoding.EncodeToString(argon2.IDKey(password.Bytes(), salt, 2, 19456, 1, 32))
	if want := fmt.Sprintf("$argon2id$v=19$m=19456,t=2,p=1$%s$%s", parts[4], sum); want != passwordHash {
		t.Errorf("the hash is %s, not %s", passwordHash, want)
	}
	if want := password.Mark(); passwordMark != want {
		t.Errorf("the mark is %d, not %d", passwordMark, want)
	}
}
