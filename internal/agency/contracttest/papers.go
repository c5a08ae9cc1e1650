package contracttest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// documentContent: a letter says what the records say of it, to the debtor and to who came in with a letter
// of the case, and to nobody else.
func documentContent(t *testing.T, c *Core) {
	conn := c.connect(t)
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	opened := 0
	for _, x := range c.read(t, conn, core.Query{Scope: s.scope, Want: debt.OfCases | debt.OfLetters}).Cases {
		for _, l := range x.AllLetters {
			if l.DocumentID == nil {
				continue
			}
			got := content(t, conn, s.scope, *l.DocumentID)
			if got.MediaType != "application/pdf" || got.Link != "" || !bytes.HasSuffix(got.File, []byte("%%EOF\n")) {
				t.Fatalf("a letter is %d bytes of %q", len(got.File), got.MediaType)
			}
			for _, said := range []string{l.Title, x.CaseNumber, l.SentOn.String(), x.KID, "/StructTreeRoot", "/Lang"} {
				if !bytes.Contains(got.File, latin1(said)) {
					t.Errorf("letter %s of case %s does not say %q", l.ID.ID, x.CaseNumber, said)
				}
			}
			opened++
			if with := content(t, conn, c.letterScope(x.ID.ID), *l.DocumentID); !bytes.Equal(with.File, got.File) {
				t.Errorf("who came in with a letter reads %d bytes, not %d", len(with.File), len(got.File))
			}
			for who, scope := range map[string]caller.Scope{"another debtor": stranger.scope, "nobody": {},
				"who came in with another letter": c.letterScope(s.cases[0].ID.ID), "a case worker": c.desk(t).Deciding()} {
				if got := content(t, conn, scope, *l.DocumentID); got.File != nil || got.Link != "" || got.MediaType != "" {
					t.Errorf("%s reads %d bytes of somebody's letter", who, len(got.File))
				}
			}
		}
	}
	if opened == 0 {
		t.Error("the subject has no letter")
	}
	for _, id := range []string{"", "' or true --", "0", longText} {
		if got := content(t, conn, s.scope, id); got.File != nil {
			t.Errorf("%q is a document", id)
		}
	}
}

func content(t *testing.T, conn *pgx.Conn, scope caller.Scope, id string) core.Content {
	t.Helper()
	got, err := core.Document(t.Context(), conn, nil, scope, id)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// latin1 is how the standard font of a PDF has a text.
func latin1(text string) []byte {
	var out []byte
	for _, r := range strings.NewReplacer("(", `\(`, ")", `\)`).Replace(text) {
		out = append(out, byte(r))
	}
	return out
}
