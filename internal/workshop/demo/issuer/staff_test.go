package issuer_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
)

const staffPath = "/dev/staff"

// TestStaff mints tokens of staff and has them judged as the service does, beside those of
// the debtors' issuer.
func TestStaff(t *testing.T) {
	d := start(t, nil)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(server.Client().CloseIdleConnections)
	o := issuer.StaffOptions{IssuerURL: server.URL + staffPath, KeyFile: filepath.Join(t.TempDir(), "staff.pem"),
		Agencies: []string{"fjord", "lita"}}
	handler, err := issuer.Staff(o)
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle(staffPath+"/", handler)
	v, err := token.NewVerifier([]token.Config{d.options.Accept(), o.Accept()}, nil, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	cases := map[string]struct {
		reason string
		change func(*issuer.StaffOptions)
		role   caller.Role
		agency string
		at     time.Time
		ok     bool
	}{
		"case worker": {"of the first agency", nil, caller.CaseWorker, "fjord", now, true},
		"supervisor":  {"of the other", nil, caller.Supervisor, "lita", now, true},
		"auditor":     {"at the end of the day", nil, caller.Auditor, "fjord", now.Add(-7 * time.Hour), true},
		"expired":     {"the day is over", nil, caller.CaseWorker, "fjord", now.Add(-9 * time.Hour), false},
		"not yet":     {"of tomorrow", nil, caller.CaseWorker, "fjord", now.Add(time.Hour), false},
		"another agency": {"which is not connected", func(o *issuer.StaffOptions) { o.Agencies = []string{"fjell"} },
			caller.CaseWorker, "fjell", now, false},
		"another key": {"the key of another demo", func(o *issuer.StaffOptions) {
			o.KeyFile = filepath.Join(t.TempDir(),
				"other.pem")
		}, caller.CaseWorker, "fjord", now, false},
		"debtors' key": {"in the name of staff", func(o *issuer.StaffOptions) { o.KeyFile = d.options.KeyFile },
			caller.CaseWorker, "fjord", now, false},
		"debtors' issuer": {"a debtor's token with a role is none", func(o *issuer.StaffOptions) {
			o.IssuerURL, o.KeyFile = d.options.IssuerURL, d.options.KeyFile
		}, caller.CaseWorker, "fjord", now, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			o := o
			if tc.change != nil {
				tc.change(&o)
			}
			token, err := issuer.MintStaff(o, tc.role, tc.agency, tc.at)
			if err != nil {
				t.Fatal(err)
			}
			p, err := v.Verify(t.Context(), token)
			if (err == nil) != tc.ok || err != nil && !errors.Is(err, caller.ErrUnauthenticated) {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if err == nil && (p.Kind != caller.Staff || p.Role != tc.role || p.Agency != tc.agency || !p.NationalID.IsZero() ||
				p.Subject == "") {
				t.Errorf("%s: %s %s at %s", tc.reason, p.Kind, p.Role, p.Agency)
			}
		})
	}
	token, err := issuer.Mint(d.options, kari, time.Hour, now)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := v.Verify(t.Context(), token); err != nil || p.Kind != caller.Person {
		t.Errorf("a debtor beside them: %s, %v", p.Kind, err)
	}
}

func TestStaffOptions(t *testing.T) {
	o := issuer.StaffOptions{IssuerURL: "http://127.0.0.1:8080" + staffPath,
		KeyFile: filepath.Join(t.TempDir(), "staff.pem"), Agencies: []string{"fjord"}}
	for reason, call := range map[string]func() error{
		"no such agency": func() error { _, err := issuer.MintStaff(o, caller.CaseWorker, "lita", time.Now()); return err },
		"no such role":   func() error { _, err := issuer.MintStaff(o, "ADMIN", "fjord", time.Now()); return err },
		"no URL":         func() error { _, err := issuer.Staff(issuer.StaffOptions{KeyFile: o.KeyFile}); return err },
		"no key file":    func() error { _, err := issuer.Staff(issuer.StaffOptions{IssuerURL: o.IssuerURL}); return err },
	} {
		if err := call(); err == nil || strings.Contains(err.Error(), "panic") {
			t.Errorf("%s: %v", reason, err)
		}
	}
}
