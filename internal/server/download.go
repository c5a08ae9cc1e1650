package server

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"github.com/oversikt/oversikt/internal/fault"
)

// Download is a file that is made for its caller, at a path of [Options.Downloads].
type Download struct {
	// Asks says that the body says which file, in JSON of at most 8 KiB. Otherwise a body is
	// refused: the caller is all that the file is about.
	Asks bool
	// Make returns the file for the caller of a context of Authenticate; query is the
	// URL's, which names nobody. An error refuses the request, with the status of its fault.
	Make func(ctx context.Context, query url.Values, body []byte) (File, error)
}

// File is a file that browsers store, and never show.
type File struct {
	Name      string // letters, digits, points and hyphens
	MediaType string
	Content   []byte
}

// maxAsked is how long the body of a request for a file may be, in bytes.
const maxAsked = 8 << 10

// serveDownload answers a POST by a file, to a caller whom Authenticate knows.
func (s *Server) serveDownload(d Download) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := w.(*exchange)
		x.Header()["Cache-Control"] = noStore
		if r.Method != http.MethodPost {
			x.Header()["Allow"] = []string{http.MethodPost}
			x.refuse(http.StatusMethodNotAllowed, fault.MethodNotAllowed, "use POST")
			return
		}
		most := int64(0) // a body would be an attempt to say more than who calls
		if d.Asks {
			most = maxAsked
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, most+1))
		if err != nil || int64(len(body)) > most {
			x.Header()["Connection"] = []string{"close"}
			x.refuse(http.StatusBadRequest, fault.BadRequest, fmt.Sprintf("the body has at most %d bytes", most))
			return
		}
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			x.refuse(http.StatusBadRequest, fault.BadRequest, "the query of the URL cannot be read")
			return
		}
		ctx, err := s.opts.Authenticate(r)
		err = cmp.Or(held(ctx), err)
		switch {
		case err != nil:
			s.post.refuseCaller(x, r, err)
			return
		case s.opts.Caller(ctx) == "":
			x.Header()["Www-Authenticate"] = []string{"Bearer"}
			x.refuse(http.StatusUnauthorized, fault.Unauthenticated, "log in first")
			return
		}
		s.download(ctx, x, d, query, body)
	})
}

func (s *Server) download(ctx context.Context, x *exchange, d Download, query url.Values, body []byte) {
	file, err := d.Make(ctx, query, body)
	if err != nil {
		f := fault.Of(err)
		switch status := f.Code.Status(); {
		case f.Code == fault.Internal:
			s.log.LogAttrs(ctx, slog.LevelError, "a download failed", slog.String("request_id", x.id),
				slog.String("cause", maskNumbers(err.Error())))
			x.refuseAt(http.StatusInternalServerError, f)
		case f.Code == fault.NotFound: // in GraphQL, a field alone is missing
			x.refuseAt(http.StatusNotFound, f)
		default:
			if status == http.StatusTooManyRequests {
				x.Header()["Retry-After"] = []string{"60"}
			}
			x.refuseAt(max(status, http.StatusBadRequest), f)
		}
		return
	}
	x.Header()["Content-Disposition"] = []string{"attachment; filename=" + strconv.Quote(file.Name)}
	x.write(http.StatusOK, []string{file.MediaType}, file.Content)
}
