package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/server/playground"
	"github.com/oversikt/oversikt/internal/workshop/demo"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/demo/post"
)

type demoCommand struct {
	Dir    string `default:".oversikt" help:"Folder of the demo's databases and keys." type:"path" env:"OVERSIKT_DEMO_DIR"`
	Listen string `default:"127.0.0.1:8080" help:"Loopback address to serve on." env:"OVERSIKT_LISTEN"`

	Deadline time.Duration `help:"How long an agency, or the service's own database, may take to answer." env:"OVERSIKT_DEMO_DEADLINE"`

	Run    demoRun    `cmd:"" default:"1" help:"Start everything (the default)."`
	People demoPeople `cmd:"" help:"List people worth looking at."`
	Token  demoToken  `cmd:"" help:"Print a bearer token for a person."`
	Line   demoLine   `cmd:"" help:"Make the line to the agency lita slow, cut it, or mend it."`
}

// issuer describes the demo's own BankID.
func (c *demoCommand) issuer() (issuer.Options, error) {
	host, _, err := net.SplitHostPort(c.Listen)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return issuer.Options{},
			fmt.Errorf("the demo vouches for anybody, so it listens on loopback only: %q is not such as 127.0.0.1:8080",
				c.Listen)
	}
	day, err := demo.Born(c.Dir)
	if err != nil {
		return issuer.Options{}, err
	}
	o := issuer.Options{IssuerURL: "http://" + c.Listen + "/dev/bankid", KeyFile: filepath.Join(c.Dir, "issuer.pem")}
	for _, p := range people.DemoPeople(day) {
		o.People = append(o.People, issuer.Person{
			NationalID: p.NationalID.Reveal(), Name: p.Name, Agencies: p.Agencies, OpenCases: p.OpenCases, Note: p.Note,
		})
	}
	return o, nil
}

// staffIssuer describes the issuer of the demo agencies' staff.
func (c *demoCommand) staffIssuer() issuer.StaffOptions {
	o := issuer.StaffOptions{IssuerURL: "http://" + c.Listen + "/dev/staff", KeyFile: filepath.Join(c.Dir, "staff.pem")}
	for _, a := range people.Agencies() {
		o.Agencies = append(o.Agencies, a.Code)
	}
	return o
}

type demoRun struct{}

// Run starts the demo and serves until the context ends.
func (*demoRun) Run(ctx context.Context, c *demoCommand) error {
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
	fmt.Fprintln(os.Stderr, "Starting PostgreSQL and the three demo agencies …")
	d, err := demo.Open(ctx, c.Dir, log)
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
	defer s.close()
	if err := c.welcome(d, o); err != nil {
		return err
	}
	return s.server.Serve(ctx, listener)
}

func (c *demoCommand) service(d *demo.Demo, office *post.Office, o issuer.Options, log *slog.Logger) (*service, error) {
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
	base := "http://" + c.Listen
	login := session.Config{
		Issuer: o.IssuerURL, ClientID: "oversikt-demo", ClientSecret: clientSecret, RedirectURL: base + "/auth/callback",
		AfterLogoutURL: base + "/playground", Scopes: []string{"openid", "profile", o.Accept().NationalIDClaim},
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
	conf := config{
		IDKey: idKey, AccessLog: filepath.Join(c.Dir, "access-log"), Portal: d.Portal(), PortalKey: portalKey,
		Issuers: []caller.Config{o.Accept(), c.staffIssuer().Accept()}, Sessions: session.DefaultLimits, Login: &login,
		Agencies: d.Agencies(),
	}
	conf.PortalDeadline = c.Deadline
	for i := range conf.Agencies {
		conf.Agencies[i].Deadline = c.Deadline
	}
	return newService(conf, server.Options{
		Introspection: true, Suggestions: true, PersistedQueries: true, QueriesByGet: true, Logger: log,
		Playground: playground.Handler(playground.Config{PeopleURL: "/dev/bankid/people", TokenURL: "/dev/bankid/token",
			LoginURL: loginURL}),
		Mounts: map[string]http.Handler{
			"/dev/bankid/":  bank.Handler(),
			"/dev/staff/":   work,
			"GET /dev/post": office.Page("/dev/bankid/style.css"),
			"/dev/line":     http.NewCrossOriginProtection().Handler(lineHandler(d.Line)),
		},
		Around:     tallied,
		Extensions: usage,
	}, log)
}

const clientSecretSize = 32

// loginURL is where a browser logs in, to come back to the playground.
const loginURL = "/auth/login?returnTo=/playground"

// secret returns a secret of so many bytes in hexadecimal digits, made at the first start.
func (c *demoCommand) secret(name string, size int) (string, error) {
	file := filepath.Join(c.Dir, name)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, size)
		_, _ = rand.Read(key) // never fails
		text = []byte(hex.EncodeToString(key))
		err = os.WriteFile(file, text, 0o600)
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

func (c *demoCommand) welcome(d *demo.Demo, o issuer.Options) error {
	first := o.People[0]
	token, err := issuer.Mint(o, first, 0, time.Now())
	if err != nil {
		return err
	}
	base := "http://" + c.Listen
	fmt.Printf("\nOversikt is running.\n\n  Playground   %s/playground\n  Endpoint     %s/graphql\n  Log in       %s%s\n  Letters      %s/dev/post\n\nPeople (all synthetic):\n\n", base, base, base, loginURL, base)
	if err := printPeople(o.People); err != nil {
		return err
	}
	fmt.Printf(`
A token of %s, good for 12 hours:

%s

Ask for the overview:

curl -s %s/graphql -H 'Content-Type: application/json' \
  -H "Authorization: Bearer $(%s token %s)" \
  -d '{"query":"{ viewer { name overview { total { amount } openCaseCount complete nextCost { on amount { amount } } } } }"}'

As a case worker of an agency, look a person up with { staff { person(...) } }:

%[4]s token --staff CASE_WORKER --agency fjord

Make the agency lita slow, cut its line, mend it:

%[4]s line --latency 2s
%[4]s line --down
%[4]s line

Look into the databases, for instance with %[6]s agency check DSN:

`, first.Name, token, base, c.command(), first.NationalID, os.Args[0])
	for _, a := range d.Agencies() {
		fmt.Printf("  %-10s %s\n", a.Code, d.DSN(a.Code))
	}
	fmt.Printf("\nCtrl-C stops everything; the data stays in %s.\n", c.Dir)
	return nil
}

// command is how this demo is spoken to from another terminal, which has none of the variables
// of this one: with the flags that are not as by default.
func (c *demoCommand) command() string {
	command := os.Args[0] + " demo"
	if dir, err := filepath.Abs(".oversikt"); err != nil || dir != c.Dir {
		command += " --dir=" + c.Dir
	}
	if c.Listen != "127.0.0.1:8080" {
		command += " --listen=" + c.Listen
	}
	return command
}

type demoPeople struct {
	JSON bool `help:"As JSON."`
}

// Run lists the demo people.
func (p *demoPeople) Run(c *demoCommand) error {
	o, err := c.issuer()
	if err != nil {
		return err
	}
	if !p.JSON {
		return printPeople(o.People)
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(o.People)
}

func printPeople(all []issuer.Person) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, p := range all {
		fmt.Fprintf(w, "  %s\t%s\t%d open\t%s\n", p.NationalID, p.Name, p.OpenCases, p.Note)
	}
	return w.Flush()
}

type demoToken struct {
	NationalID string `arg:"" optional:"" help:"National identity number of a demo person, see demo people."`
	Staff      string `enum:",CASE_WORKER,SUPERVISOR,AUDITOR" default:"" help:"In place of a person, a member of an agency's staff: CASE_WORKER, SUPERVISOR or AUDITOR."`
	Agency     string `help:"The agency where they work, such as fjord."`
}

// Run prints a token and nothing else.
func (t *demoToken) Run(c *demoCommand) error {
	if (t.NationalID == "") != (t.Staff != "") || (t.Staff == "") != (t.Agency == "") {
		return errors.New("give either a national identity number, or --staff and --agency")
	}
	if t.Staff != "" {
		token, err := issuer.MintStaff(c.staffIssuer(), caller.Role(t.Staff), t.Agency, time.Now())
		if err == nil {
			fmt.Println(token)
		}
		return err
	}
	if _, err := norway.ParseNationalID(t.NationalID); err != nil {
		return err
	}
	o, err := c.issuer()
	if err != nil {
		return err
	}
	for _, p := range o.People {
		if p.NationalID == t.NationalID {
			token, err := issuer.Mint(o, p, 0, time.Now())
			fmt.Println(token)
			return err
		}
	}
	return errors.New("no demo person has this national identity number: see demo people")
}
