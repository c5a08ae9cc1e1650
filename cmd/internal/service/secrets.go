package service

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// Keys are secrets in hexadecimal digits. The first is used for what is written, and all of them
// for what is read. In the file it is one text or a list.
type Keys []string

// UnmarshalYAML reads either form.
func (k *Keys) UnmarshalYAML(read func(any) error) error {
	var one string
	if err := read(&one); err == nil {
		*k = Keys{one}
		return nil
	}
	var list []string
	err := read(&list)
	*k = append(Keys(nil), list...) // an empty list is none at all
	return err
}

func (k Keys) decode(name string) ([][]byte, error) {
	all := make([][]byte, len(k))
	for i, text := range k {
		var err error
		if all[i], err = hex.DecodeString(text); err != nil {
			return nil, fmt.Errorf("%s[%d] is not hexadecimal", name, i) // the cause repeats a digit
		}
	}
	return all, nil
}

// secret is a text of the configuration that is not for everybody's eyes.
type secret struct {
	key   string // its name
	value *string
	plain func(text string) bool // whether the text, without what stands elsewhere, gives it away
}

func (c *Config) secrets() []secret {
	any := func(text string) bool { return text != "" }
	all := []secret{{"portal", &c.Portal, hasPassword}}
	for i := range c.PortalKey {
		all = append(all, secret{"portalKey", &c.PortalKey[i], any})
	}
	for i := range c.IDKey {
		all = append(all, secret{"idKey", &c.IDKey[i], any})
	}
	if c.Login != nil {
		all = append(all, secret{"login.clientSecret", &c.Login.ClientSecret, any})
	}
	for i := range c.Agencies {
		all = append(all, secret{fmt.Sprintf("agencies[%d].dsn", i), &c.Agencies[i].DSN, hasPassword})
	}
	return all
}

var (
	elsewhere = regexp.MustCompile(`\$\{(file:[^}]+|\w+)\}`)
	password  = regexp.MustCompile(`://[^/@:]*:[^/@]+@|(?i:password)\s*=\s*[^&\s]`)
)

func hasPassword(dsn string) bool { return password.MatchString(dsn) }

// expand replaces in secrets ${NAME} by the environment variable and ${file:PATH} by what is in
// that file, so that they need not stand in the configuration file. A file that everybody on the
// machine can read keeps no secret.
func (c *Config) expand(path string) error {
	var faults []error
	var plain []string
	for _, s := range c.secrets() {
		if s.plain(elsewhere.ReplaceAllString(*s.value, "")) {
			plain = append(plain, s.key)
		}
		*s.value = elsewhere.ReplaceAllStringFunc(*s.value, func(reference string) string {
			value, err := lookUp(elsewhere.FindStringSubmatch(reference)[1])
			if err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", s.key, err))
			}
			return value
		})
	}
	return errors.Join(append(faults, keepsSecrets(path, plain))...)
}

// keepsSecrets refuses a configuration file that others can change, and one with secrets that
// others can read.
func keepsSecrets(path string, plain []string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("read configuration: %w", err)
	case info.Mode()&0o002 != 0:
		return errors.New("everybody can write this file: chmod o-rwx")
	case info.Mode()&0o004 != 0 && len(plain) > 0:
		return fmt.Errorf("everybody can read this file and there are secrets in it (%s): chmod o-rwx, or use ${file:PATH}",
			strings.Join(plain, ", "))
	}
	return nil
}

func lookUp(name string) (string, error) {
	path, isFile := strings.CutPrefix(name, "file:")
	if !isFile {
		value, ok := os.LookupEnv(name)
		if !ok {
			return "", fmt.Errorf("the environment has no %s", name)
		}
		return value, nil
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular() || info.Size() > 64<<10:
		return "", fmt.Errorf("%s is no file with a secret", path)
	case info.Mode()&0o006 != 0:
		return "", fmt.Errorf("everybody can read or write %s: chmod o-rwx", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	value := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if value == "" {
		return "", fmt.Errorf("%s is empty", path)
	}
	return value, nil
}
