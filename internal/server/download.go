package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"github.com/oversikt/oversikt/internal/fault"
)

// Download is a file that is made for its caller, at a path of [Options.Downloads].
type Download struct {
	Name      string // that browsers store it under: letters, digits, points and hyphens
	MediaType string
	// Make returns the file for the caller of a context of Authenticate; query is the
	// URL's, which names nobody. An error refuses the request, with the status of its fault.
	Make func(ctx context.Context, query url.Values) ([]byte, error)
}

// serveDownload answers a POST without a body by a file, to a caller whom Authenticate knows.
func (s *Server) serveDownload(d Download) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := w.(*exchange)
		x.Header()["Cache-Control"] = noStore
		if r.Method != http.MethodPost {
			x.Header()["Allow"] = []string{http.MethodPost}
			x.refuse(http.StatusMethodNotAllowed, fault.MethodNotAllowed, "use POST")
			return
		}
		// A body would be an attempt to say more than who calls.
		if n, err := io.CopyN(io.Discard, r.Body, 1); n > 0 || err != io.EOF {
			x.Header()["Connection"] = []string{"close"}
			x.refuse(http.StatusBadRequest, fault.BadRequest, "the body must be empty")
			return
		}
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			x.refuse(http.StatusBadRequest, fault.BadRequest, "the query of the URL cannot be read")
			return
		}
		ctx, err := s.opts.Authenticate(r)
		switch {
		case err != nil:
			s.post.refuseCaller(x, r, err)
			return
		case s.opts.Caller(ctx) == "":
			x.Header()["Www-Authenticate"] = []string{"Bearer"}
			x.refuse(http.StatusUnauthorized, fault.Unauthenticated, "log in first")
			return
		}
		s.download(ctx, x, d, query)
	})
}

func (s *Server) download(ctx context.Context, x *exchange, d Download, query url.Values) {
	content, err := d.Make(ctx, query)
	if err != nil {
		f := fault.Of(err)
		switch status := f.Code.Status(); {
		case f.Code == fault.Internal:
			s.log.LogAttrs(ctx, slog.LevelError, "a download failed", slog.String("request_id", x.id),
				slog.String("cause", maskNumbers(err.Error())))
			x.refuse(http.StatusInternalServerError, f.Code, f.Message)
		default:
			if status == http.StatusTooManyRequests {
				x.Header()["Retry-After"] = []string{"60"}
			}
			x.refuse(max(status, http.StatusBadRequest), f.Code, f.Message)
		}
		return
	}
	x.Header()["Content-Disposition"] = []string{"attachment; filename=" + strconv.Quote(d.Name)}
	x.write(http.StatusOK, []string{d.MediaType}, content)
}
