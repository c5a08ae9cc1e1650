package playground

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReferencedAssetsExist(t *testing.T) {
	t.Parallel()
	page := get(t, demo, http.MethodGet, "/playground").Body.String()
	references := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(references) < 8 {
		t.Fatalf("found only %d references in the page", len(references))
	}
	for _, ref := range references {
		if !strings.HasPrefix(ref[1], "/playground/assets/") {
			t.Errorf("%s lies outside /playground/assets/", ref[1])
		}
		if w := get(t, demo, http.MethodGet, ref[1]); w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Errorf("%s answered %d with %d bytes", ref[1], w.Code, w.Body.Len())
		}
	}
}

func TestImportedScriptsExist(t *testing.T) {
	t.Parallel()
	for name, file := range assets.byName {
		if strings.HasPrefix(name, "thirdparty/") {
			continue
		}
		for _, match := range regexp.MustCompile(`from '\./([^']+)'`).FindAllSubmatch(file.plain, -1) {
			if _, ok := assets.byName[string(match[1])]; !ok {
				t.Errorf("%s imports %s, which does not exist", name, match[1])
			}
		}
	}
}

func TestAssetsHaveATypeAndACacheLife(t *testing.T) {
	t.Parallel()
	for name := range assets.byName {
		h := get(t, demo, http.MethodGet, "/playground/assets/"+assets.version+"/"+name).Header()
		if h.Get("Content-Type") == "" || !strings.Contains(h.Get("Cache-Control"), "immutable") || h.Get("ETag") == "" {
			t.Errorf("%s is served with %v", name, h)
		}
	}
}

func TestNoOtherHost(t *testing.T) {
	t.Parallel()
	own := map[string]string{"index.html": indexHTML}
	for name, file := range assets.byName {
		if !strings.HasPrefix(name, "thirdparty/") && name != "LICENSES.txt" {
			own[name] = string(file.plain)
		}
	}
	for name, text := range own {
		text = strings.ReplaceAll(text, `xmlns="http://www.w3.org/2000/svg"`, "")
		if host := regexp.MustCompile(`(https?|wss?):?//[^\s"']*|["'(]//[^\s"']+`).FindString(text); host != "" {
			t.Errorf("%s names another host: %s", name, host)
		}
	}
	styles := string(assets.byName["thirdparty/graphiql.min.css"].plain) +
		string(assets.byName["thirdparty/explorer.css"].plain)
	for _, match := range regexp.MustCompile(`url\(["']?([^)"']{0,40})|@import[^;]*`).FindAllStringSubmatch(styles, -1) {
		if !strings.HasPrefix(match[1], "data:") && !strings.HasPrefix(match[1], "#") {
			t.Errorf("a third-party style loads %s", match[0])
		}
	}
}

func TestETagAnswersNotModified(t *testing.T) {
	t.Parallel()
	path := "/playground/assets/" + assets.version + "/init.js"
	for _, encoding := range []string{"identity", "gzip"} {
		first := get(t, demo, http.MethodGet, path, "Accept-Encoding", encoding)
		tag := first.Header().Get("ETag")
		again := get(t, demo, http.MethodGet, path, "Accept-Encoding", encoding, "If-None-Match", tag)
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s: If-None-Match %s answered %d with %d bytes", encoding, tag, again.Code, again.Body.Len())
		}
		if other := get(t, demo, http.MethodGet, path, "Accept-Encoding", encoding, "If-None-Match",
			`"x"`); other.Code != http.StatusOK {
			t.Errorf("%s: a foreign tag answered %d", encoding, other.Code)
		}
	}
}

func TestGzipHoldsTheSameBytes(t *testing.T) {
	t.Parallel()
	path := "/playground/assets/" + assets.version + "/thirdparty/graphiql.min.js"
	plain, zipped := get(t, demo, http.MethodGet, path), get(t, demo, http.MethodGet, path, "Accept-Encoding", "br, gzip")
	if plain.Header().Get("Content-Encoding") != "" || zipped.Header().Get("Content-Encoding") != "gzip" {
		t.Fatal("the encoding is not the one asked for")
	}
	if plain.Header().Get("ETag") == zipped.Header().Get("ETag") {
		t.Error("two encodings share an entity tag")
	}
	if 2*zipped.Body.Len() > plain.Body.Len() {
		t.Errorf("%d bytes were compressed to %d only", plain.Body.Len(), zipped.Body.Len())
	}
	reader, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, plain.Body.Bytes()) {
		t.Error("the compressed asset differs from the plain one")
	}
}

func TestReadmeListsEveryThirdPartyFile(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("assets/README.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| [^|]* \\| `([0-9a-f]{64})` \\|$")
	for _, row := range rows.FindAllSubmatch(readme, -1) {
		listed["thirdparty/"+string(row[1])] = string(row[2])
	}
	embedded := map[string]string{}
	for name, file := range assets.byName {
		if strings.HasPrefix(name, "thirdparty/") {
			embedded[name] = file.sum
		}
	}
	if diff := cmp.Diff(embedded, listed); diff != "" {
		t.Errorf("run assets/update.sh: README.md is not current (-embedded +listed):\n%s", diff)
	}
}
