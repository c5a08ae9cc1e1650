package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
)

type tokenCommand struct {
	NationalID string `arg:"" optional:"" help:"National identity number of a demo person, see people."`
	Staff      string `enum:",CASE_WORKER,SUPERVISOR,AUDITOR" default:"" help:"In place of a person, a member of an agency's staff: CASE_WORKER, SUPERVISOR or AUDITOR."`
	Agency     string `help:"The agency where they work, such as fjord."`
}

// Run prints a token and nothing else.
func (t *tokenCommand) Run(ctx context.Context, c *commands) error {
	if (t.NationalID == "") != (t.Staff != "") || (t.Staff == "") != (t.Agency == "") {
		return errors.New("give either a national identity number, or --staff and --agency")
	}
	o, err := c.issuer()
	if err != nil {
		return err
	}
	url, token := o.IssuerURL, ""
	if t.Staff != "" {
		staff := c.staffIssuer()
		url = staff.IssuerURL
		token, err = issuer.MintStaff(staff, caller.Role(t.Staff), t.Agency, time.Now())
	} else {
		token, err = t.ofPerson(o)
	}
	if err != nil {
		return err
	}
	if err := c.checkTaken(ctx, url, token); err != nil {
		return err
	}
	fmt.Println(token)
	return nil
}

func (t *tokenCommand) ofPerson(o issuer.Options) (string, error) {
	if _, err := norway.ParseNationalID(t.NationalID); err != nil {
		return "", err
	}
	at := slices.IndexFunc(o.People, func(p issuer.Person) bool { return p.NationalID == t.NationalID })
	if at < 0 {
		return "", errors.New("no demo person has this national identity number: see people")
	}
	return issuer.Mint(o, o.People[at], 0, time.Now())
}

// checkTaken fails where the demo that runs at the address signs with other keys. Where none runs,
// it says which one will take the token.
func (c *commands) checkTaken(ctx context.Context, issuerURL, token string) error {
	keys, err := publishedKeys(ctx, issuerURL)
	if err != nil {
		fmt.Fprintf(os.Stderr, "no demo answers on %s: this token is for one that is started there with the data in %s\n",
			c.Listen, c.Dir)
		return nil
	}
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return err
	}
	if len(keys.Key(signed.Signatures[0].Header.KeyID)) == 0 {
		return fmt.Errorf("the demo on %s would not take a token of %s: it has its data elsewhere, say where by --dir",
			c.Listen, c.Dir)
	}
	return nil
}

func publishedKeys(ctx context.Context, issuerURL string) (keys jose.JSONWebKeySet, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, issuerURL+"/keys", nil)
	if err != nil {
		return keys, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return keys, err
	}
	defer resp.Body.Close()
	return keys, json.NewDecoder(resp.Body).Decode(&keys)
}
