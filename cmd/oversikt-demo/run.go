package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/oversikt/oversikt/cmd/internal/service"
	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/server/playground"
	"github.com/oversikt/oversikt/internal/workshop/demo"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/post"
	"github.com/oversikt/oversikt/resolvers"
)

type runCommand struct{}

// Run starts the demo and serves until the context ends.
func (*runCommand) Run(ctx context.Context, c *commands) error {
	level := slog.LevelWarn
	if os.Getenv("OVERSIKT_VERBOSE") != "" {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	slog.SetDefault(log)
	o, err := c.issuer()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w (another address: OVERSIKT_LISTEN=127.0.0.1:8081)", err)
	}
	defer listener.Close()
	if at, ok := listener.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return fmt.Errorf("%s is not this machine's own address here: use 127.0.0.1:8080", c.Listen)
	}
	fmt.Fprintln(os.Stderr, "Starting PostgreSQL and the four demo agencies …")
	d, err := demo.Open(ctx, c.Dir, log, service.Rules()...)
	if err != nil {
		return err
	}
	defer d.Close()
	office := post.Open(d.DSN, log)
	defer office.Close()
	s, err := c.service(d, office, o, log)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.CheckKeys(ctx, log); err != nil {
		return err
	}
	if err := c.welcome(d, o); err != nil {
		return err
	}
	return s.Serve(ctx, listener)
}

func (c *commands) service(d *demo.Demo, office *post.Office, o issuer.Options,
	log *slog.Logger) (*service.Service, error) {
	idKey, err := c.secret("id.key", model.IDKeySize)
	if err != nil {
		return nil, err
	}
	portalKey, err := c.secret("portal.key", portal.SecretSize)
	if err != nil {
		return nil, err
	}
	clientSecret, err := c.secret("client.key", clientSecretSize)
	if err != nil {
		return nil, err
	}
	mounts := map[string]http.Handler{"GET /{$}": http.RedirectHandler("/playground", http.StatusFound)}
	loggedOut := "/playground"
	if c.Frontend != "" {
		pages, err := frontendHandler(c.Frontend, log)
		if err != nil {
			return nil, err
		}
		mounts, loggedOut = map[string]http.Handler{"/": pages}, "/"
	}
	base := "http://" + c.Listen
	login := session.Config{
		Issuer: o.IssuerURL, ClientID: "oversikt-demo", ClientSecret: clientSecret, RedirectURL: base + "/auth/callback",
		AfterLogoutURL: base + loggedOut, Scopes: []string{"openid", "profile", o.Accept().NationalIDClaim},
	}
	o.Clients = []issuer.Client{{
		ID: login.ClientID, Secret: login.ClientSecret,
		RedirectURIs: []string{login.RedirectURL}, PostLogoutRedirectURIs: []string{login.AfterLogoutURL},
	}}
	bank, err := issuer.New(o)
	if err != nil {
		return nil, err
	}
	work, err := issuer.Staff(c.staffIssuer())
	if err != nil {
		return nil, err
	}
	conf := service.Config{
		IDKey: service.Keys{idKey}, AccessLog: filepath.Join(c.Dir, "access-log"), Portal: d.Portal(),
		PortalKey: service.Keys{portalKey},
		Issuers:   []token.Config{o.Accept(), c.staffIssuer().Accept()}, Sessions: session.DefaultLimits, Login: &login,
		Staff:    resolvers.DefaultStaffLimits,
		Agencies: d.Agencies(), Scan: &service.ScanConfig{Nobody: true},
	}
	conf.PortalDeadline = c.Deadline
	for i := range conf.Agencies {
		conf.Agencies[i].Deadline = c.Deadline
	}
	maps.Copy(mounts, map[string]http.Handler{
		"/dev/bankid/":  bank.Handler(),
		"/dev/staff/":   work,
		"GET /dev/post": office.Page("/dev/bankid/style.css"),
		"/dev/line":     http.NewCrossOriginProtection().Handler(lineHandler(d.Line)),
	})
	return service.New(conf, server.Options{
		Introspection: true, Suggestions: true, PersistedQueries: true, QueriesByGet: true, Logger: log,
		Playground: playground.Handler(playground.Config{PeopleURL: "/dev/bankid/people", TokenURL: "/dev/bankid/token",
			LoginURL: loginURL}),
		Mounts:     mounts,
		Around:     tallied,
		Extensions: usage,
	}, log)
}

const clientSecretSize = 32

// loginURL is where a browser logs in, to come back to the playground.
const loginURL = "/auth/login?returnTo=/playground"

// secret returns a secret of so many bytes in hexadecimal digits, made at the first start.
func (c *commands) secret(name string, size int) (string, error) {
	file := filepath.Join(c.Dir, name)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, size)
		_, _ = rand.Read(key) // never fails
		text = []byte(hex.EncodeToString(key))
		if err = os.WriteFile(file, text, 0o600); err != nil {
			_ = os.Remove(file) // half a secret would be read at the next start
		}
	}
	if err != nil {
		return "", fmt.Errorf("the demo's secret %s: %w", name, err)
	}
	return string(text), nil
}

type tallyKey struct{}

func tallied(ctx context.Context) context.Context {
	ctx, tally := agency.WithTally(ctx)
	return context.WithValue(ctx, tallyKey{}, tally)
}

type agencyUsage struct {
	Agency     string  `json:"agency"`
	RoundTrips int64   `json:"roundTrips"`
	Statements int     `json:"statements"`
	Ms         float64 `json:"ms"`
}

// usage tells developers what an operation cost at each agency.
func usage(ctx context.Context) (string, any) {
	all := []agencyUsage{}
	for _, u := range ctx.Value(tallyKey{}).(*agency.Tally).Usage() {
		all = append(all, agencyUsage{u.Agency, u.RoundTrips, u.Statements, float64(u.Took.Microseconds()) / 1000})
	}
	return "oversikt", map[string]any{"agencies": all}
}
