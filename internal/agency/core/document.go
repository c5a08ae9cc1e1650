package core

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
)

// MaxDocument is how many bytes of a document are taken from an agency.
const MaxDocument = 5 << 20

// Content is what a document says, or where it is; zero: the agency has none for who asks.
type Content struct {
	MediaType string
	File      []byte
	Link      string // to the agency's archive, unchecked; then there is no File
}

// The size is looked at before the file is sent.
var contentSQL = fmt.Sprintf("select media_type, octet_length(content), "+
	"case when octet_length(content) <= %d then content end, archive_link from (%s) d",
	MaxDocument, sqlOf(spec.DocumentContent))

// Document asks for the content of a document of the person whom the scope is about. A file that is too large, or is
// not what it is said to be, is SCHEMA_MISMATCH.
func Document(ctx context.Context, conn *pgx.Conn, kept *Catalogue, scope caller.Scope, id string) (c Content,
	err error) {
	who, staff := asking(scope)
	if len(who) == 0 || staff {
		return c, nil
	}
	by, err := json.Marshal(who)
	if err != nil {
		return c, fmt.Errorf("%s: %w", spec.DocumentContent, err)
	}
	wire := conn.PgConn().Frontend()
	wire.SetMaxBodyLen(MaxDocument + spec.MaxRow)
	defer wire.SetMaxBodyLen(spec.MaxRow)
	var kind, link *string
	var size *int
	var file []byte
	err = call(ctx, kept.On(conn), spec.DocumentContent, contentSQL, []any{string(by), id}, &kind, &size, &file, &link)
	switch {
	case err != nil:
		return c, err
	case size == nil && link != nil:
		return Content{Link: *link}, nil
	case size == nil:
		return c, nil
	case *size > MaxDocument:
		return c, unlike("content", fmt.Sprintf("file of at most %d MiB", MaxDocument>>20))
	case kind == nil || !is(*kind, file):
		return c, unlike("media_type", "type of the file, or one that is not handed out")
	}
	return Content{MediaType: *kind, File: file}, nil
}

func unlike(column, want string) error {
	return mismatch(fmt.Errorf("%s: %w", spec.DocumentContent, misfit{spec.DocumentContent + "." + column, want}))
}

// begins is how files of the types that are handed out begin.
var begins = map[string][]string{
	"application/pdf": {"%PDF-"},
	"image/jpeg":      {"\xff\xd8\xff"},
	"image/png":       {"\x89PNG\r\n\x1a\n"},
	"image/tiff":      {"II*\x00", "MM\x00*"},
}

// is says that a file is of a type, and may be handed out.
func is(mediaType string, file []byte) bool {
	return slices.ContainsFunc(begins[mediaType], func(b string) bool { return bytes.HasPrefix(file, []byte(b)) })
}
