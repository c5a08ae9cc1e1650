package service

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/goccy/go-yaml"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/health"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/trace"
	"github.com/oversikt/oversikt/resolvers"
)

// Config is the configuration file, docs/oversikt.example.yaml.
type Config struct {
	Listen string `yaml:"listen" validate:"required,hostname_port"`
	// connection string of the portal database
	Portal           string                `yaml:"portal" validate:"required"`
	PortalDeadline   time.Duration         `yaml:"portalDeadline" validate:"min=0,max=30s"` // 0: portal.DefaultPatience
	PortalKey        Keys                  `yaml:"portalKey" validate:"required,max=5,unique,dive,len=64,hexadecimal"`
	AccessLog        string                `yaml:"accessLog" validate:"required"` // folder of the access log's spool
	IDKey            Keys                  `yaml:"idKey" validate:"required,max=5,unique,dive,len=128,hexadecimal"`
	AllowedOrigins   []string              `yaml:"allowedOrigins" validate:"dive,url"`
	TrustedProxies   []string              `yaml:"trustedProxies" validate:"dive,cidr"`
	DrainDelay       time.Duration         `yaml:"drainDelay" validate:"min=0,max=1m"`
	HealthEvery      time.Duration         `yaml:"healthEvery" validate:"min=10s,max=1h"`
	Log              LogConfig             `yaml:"log"`
	NewCollectionAct string                `yaml:"newCollectionAct" validate:"omitempty,act"`  // empty: no day is set
	Metrics          string                `yaml:"metrics" validate:"omitempty,hostname_port"` // empty: none
	Traces           *trace.Config         `yaml:"traces"`                                     // none: nothing is traced
	Introspection    bool                  `yaml:"introspection"`
	Playground       bool                  `yaml:"playground"`
	PersistedQueries bool                  `yaml:"persistedQueries"`
	Documents        DocumentsConfig       `yaml:"documents"`
	Scan             *ScanConfig           `yaml:"scan"` // none: nobody looks through documents
	Files            FilesConfig           `yaml:"files"`
	Security         *server.Security      `yaml:"security"` // none: /.well-known/security.txt is not served
	HSTS             bool                  `yaml:"hsts"`
	Issuers          []token.Config        `yaml:"issuers" validate:"required,min=1,unique=Issuer,dive"`
	Sessions         session.Limits        `yaml:"sessions"`
	Staff            resolvers.StaffLimits `yaml:"staff"`
	Login            *session.Config       `yaml:"login"` // none: browsers cannot log in
	Agencies         []agency.Config       `yaml:"agencies" validate:"required,min=1,unique=Code,dive"`
}

// Read reads and checks a configuration file; the error names every fault.
func Read(path string) (Config, error) {
	c := Config{Listen: "127.0.0.1:8080", DrainDelay: 5 * time.Second, HealthEvery: health.DefaultEvery,
		Log: DefaultLog, Sessions: session.DefaultLimits, Staff: resolvers.DefaultStaffLimits, HSTS: true}
	text, err := os.ReadFile(path)
	if err != nil {
		return c, fmt.Errorf("read configuration: %w", err)
	}
	if err := yaml.UnmarshalWithOptions(text, &c, yaml.Strict()); err != nil {
		return c, fmt.Errorf("configuration %s: %s", path, yaml.FormatError(err, false, false))
	}
	if err := c.expand(path); err != nil {
		return c, fmt.Errorf("configuration %s: %w", path, err)
	}
	if listen := os.Getenv("OVERSIKT_LISTEN"); listen != "" {
		c.Listen = listen
	}
	if err := errors.Join(c.check(), c.checkGuarded()); err != nil {
		return c, fmt.Errorf("configuration %s: %w", path, err)
	}
	return c, nil
}

func (c Config) check() error {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		return strings.Split(f.Tag.Get("yaml"), ",")[0]
	})
	err := v.RegisterValidation("act", func(f validator.FieldLevel) bool {
		_, err := debt.ActsFrom(f.Field().String())
		return err == nil
	})
	if err != nil {
		panic(err) // the tag is the one above
	}
	var faults validator.ValidationErrors
	if err := v.Struct(c); !errors.As(err, &faults) {
		return err
	}
	all := make([]error, len(faults))
	for i, f := range faults {
		_, field, _ := strings.Cut(f.Namespace(), ".")
		all[i] = fmt.Errorf("%s %s", field, complaint(f))
	}
	return errors.Join(all...)
}

func complaint(f validator.FieldError) string {
	switch f.Tag() {
	case "required", "required_without":
		return "is missing"
	case "min", "max":
		return fmt.Sprintf("is not within its bounds (%s %s)", f.Tag(), f.Param())
	case "gtefield":
		return "is less than " + strings.ToLower(f.Param())
	case "hostname_port":
		return "is not an address such as 127.0.0.1:8080"
	case "excluded_with":
		return "is none of an issuer for staff"
	case "unique":
		return strings.TrimSpace("has two entries of the same " + strings.ToLower(f.Param()))
	case "url", "http_url":
		return "is not a URL"
	case "act":
		return "is not a day after the act's adoption, such as 2027-01-01"
	case "cidr":
		return "is not a network such as 10.0.0.0/8"
	case "oneof":
		return "is none of " + f.Param()
	case "len", "hexadecimal":
		name, _, _ := strings.Cut(f.Field(), "[")
		size := map[string]int{"idKey": model.IDKeySize, "portalKey": portal.SecretSize}[name]
		return fmt.Sprintf("is not %d hexadecimal digits: make one with `openssl rand -hex %d`", 2*size, size)
	default:
		return "is not a valid " + f.Tag()
	}
}

// agencies returns the agencies with the law that their cases are judged by.
func (c Config) agencies() ([]agency.Config, error) {
	acts, err := debt.ActsFrom(c.NewCollectionAct)
	if err != nil {
		return nil, fmt.Errorf("newCollectionAct: %w", err)
	}
	all := slices.Clone(c.Agencies)
	for i := range all {
		all[i].Acts = acts
	}
	return all, nil
}

// issuers returns the issuers with what the file says elsewhere: staff work at the agencies
// that are configured, and at no others.
func (c Config) issuers() []token.Config {
	all := slices.Clone(c.Issuers)
	for i, issuer := range all {
		if issuer.Staff == nil {
			continue
		}
		staff := *issuer.Staff
		staff.Agencies = nil
		for _, a := range c.Agencies {
			staff.Agencies = append(staff.Agencies, a.Code)
		}
		all[i].Staff = &staff
	}
	return all
}

func (c Config) ids() (*model.IDs, error) {
	keys, err := c.IDKey.decode("idKey")
	if err != nil {
		return nil, err
	}
	return model.NewIDs(keys...)
}

// rings returns what hides people in the portal database, and what is known of the keys of ids.
func (c Config) rings() (secret *portal.Secret, ids portal.Ring, err error) {
	keys, err := c.PortalKey.decode("portalKey")
	if err != nil {
		return nil, ids, err
	}
	if secret, err = portal.NewSecret(keys...); err != nil {
		return nil, ids, err
	}
	if keys, err = c.IDKey.decode("idKey"); err != nil {
		return nil, ids, err
	}
	ids, err = portal.RingOf("idKey", keys...)
	return secret, ids, err
}
