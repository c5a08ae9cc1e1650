package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// frontendHandler serves the pages of a frontend's development server through the demo's own
// origin: so its pages call /graphql without CORS, and have the cookie of a login. Upgraded
// connections pass too, by which such a server reloads a page. The address is on loopback.
func frontendHandler(address string, log *slog.Logger) (http.Handler, error) {
	target, err := url.Parse(address)
	if err != nil || target.Scheme != "http" || target.Path != "" && target.Path != "/" || !onLoopback(target.Hostname()) {
		return nil, fmt.Errorf("--frontend is the address of a development server on this machine, such as http://127.0.0.1:5173")
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.SetXForwarded()
			r.Out.Header.Del("Cookie") // the session is the service's alone
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			log.Warn("the frontend's development server does not answer", "cause", err)
			http.Error(w, "The development server at "+target.Host+" does not answer. Start it, and load the page anew.",
				http.StatusBadGateway)
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		clear(w.Header()) // the service's, whose policy lets no page load a script
		proxy.ServeHTTP(w, r)
	}), nil
}

func onLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
