package playground

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed assets/*.js assets/*.css assets/*.svg assets/LICENSES.txt assets/thirdparty
var assetFiles embed.FS

// contentTypes names every kind of asset there is, so that the answer does not depend on the machine's MIME tables.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".txt": "text/plain; charset=utf-8",
}

// asset is one file that the page loads.
type asset struct {
	contentType string
	sum         string
	plain       []byte
	gzipped     func() []byte // compressed when first asked for
}

// assetSet holds the assets by name. Its version is a checksum over all of them and a part of their address, so a
// browser may keep them for good; the scripts import each other by relative names and thus stay of one version.
type assetSet struct {
	version string
	byName  map[string]asset
}

var assets = loadAssets(assetFiles)

// loadAssets panics when an embedded file cannot be read: the build would be broken.
func loadAssets(files fs.FS) assetSet {
	set := assetSet{byName: map[string]asset{}}
	all := sha256.New()
	err := fs.WalkDir(files, "assets", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, file)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(file, "assets/")
		sum := sha256.Sum256(data)
		all.Write([]byte(name))
		all.Write(sum[:])
		set.byName[name] = asset{
			contentType: contentTypes[path.Ext(name)],
			sum:         hex.EncodeToString(sum[:]),
			plain:       data,
			gzipped:     sync.OnceValue(func() []byte { return compress(data) }),
		}
		return nil
	})
	if err != nil {
		panic(err)
	}
	set.version = hex.EncodeToString(all.Sum(nil))[:12]
	return set
}

// compress never fails: it writes to memory.
func compress(data []byte) []byte {
	var buf bytes.Buffer
	zip := gzip.NewWriter(&buf)
	_, _ = zip.Write(data)
	_ = zip.Close()
	return buf.Bytes()
}

// serveAsset answers 404 for another version as well, so that no address ever changes its content.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	file, ok := assets.byName[r.PathValue("name")]
	if !ok || r.PathValue("version") != assets.version {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body, tag := file.plain, file.sum
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body, tag = file.gzipped(), file.sum+"-gzip"
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
