// Package lint holds what whoever runs this repository takes from it, to the schemas of those who
// will read it: Docker, Compose, systemd and Kubernetes. It is a module of its own, with the
// linters' programs, so that the product's go.mod stays small.
package lint

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

const root = "../../.."

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func checkDockerfile(text, goVersion string) error {
	parsed, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		return err
	}
	if len(parsed.Warnings) > 0 {
		return fmt.Errorf("%v", parsed.Warnings)
	}
	stages, _, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return err
	}
	last := stages[len(stages)-1]
	if !strings.HasPrefix(stages[0].BaseName, "golang:"+goVersion+"-") {
		return fmt.Errorf("it builds with %s, go.mod asks for Go %s", stages[0].BaseName, goVersion)
	}
	user := ""
	for _, c := range last.Commands {
		if u, ok := c.(*instructions.UserCommand); ok {
			user = u.User
		}
	}
	if !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(user) {
		return fmt.Errorf("the last stage runs as %q: Kubernetes knows by a number alone that it is not root", user)
	}
	return nil
}

func TestDockerfile(t *testing.T) {
	t.Parallel()
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))[1]
	good := read(t, "Dockerfile")
	if err := checkDockerfile(good, version); err != nil {
		t.Error(err)
	}
	for reason, bad := range map[string]string{
		"no such instruction": strings.Replace(good, "WORKDIR", "WORKDIRS", 1),
		"no such flag":        strings.Replace(good, "--chown=", "--owner=", 1),
		"another Go":          strings.Replace(good, "golang:", "golang:1.19-x AS old\nFROM golang:", 1),
		"root":                strings.Replace(good, "USER", "LABEL user=", 1),
	} {
		if err := checkDockerfile(bad, version); err == nil {
			t.Errorf("%s: it is taken for good", reason)
		}
	}
}

func loadCompose(text string) (*types.Project, error) {
	return loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir: root, Environment: types.Mapping{},
		ConfigFiles: []types.ConfigFile{{Filename: "compose.yaml", Content: []byte(text)}},
	}, func(o *loader.Options) { o.SetProjectName("oversikt", true) })
}

func TestCompose(t *testing.T) {
	t.Parallel()
	good := read(t, "compose.yaml")
	project, err := loadCompose(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range project.Services {
		if len(s.SecurityOpt) == 0 && s.Build != nil {
			t.Errorf("%s may gain privileges", name)
		}
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeBind {
				continue
			}
			if _, err := os.Stat(v.Source); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for name, secret := range project.Secrets {
		if made := read(t, "deploy/compose/make-secrets"); !strings.Contains(made, filepath.Base(secret.File)) {
			t.Errorf("make-secrets does not make %s", name)
		}
	}
	for reason, bad := range map[string]string{
		"no such key":     strings.Replace(good, "healthcheck:", "healthchecks:", 1),
		"no such service": strings.Replace(good, "      portal:\n        condition", "      portals:\n        condition", 1),
		"no such secret":  strings.Replace(good, "secrets: [portal-pgpass]", "secrets: [pgpass]", 1),
	} {
		if _, err := loadCompose(bad); err == nil {
			t.Errorf("%s: it is taken for good", reason)
		}
	}
}

// TestComposeSecrets runs the script: it makes each secret once, of a length that the service takes.
func TestComposeSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lengths := map[string]int{}
	for range 2 {
		out, err := exec.Command(filepath.Join(root, "deploy/compose/make-secrets"), dir).CombinedOutput()
		if os.Geteuid() != 0 {
			if err == nil || !strings.Contains(string(out), "as root") {
				t.Errorf("as an ordinary user: %v: %s", err, out)
			}
			return
		}
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		files, err := os.ReadDir(filepath.Join(dir, "secrets"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(filepath.Join(dir, "secrets", f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			lengths[f.Name()+" "+string(text)] = len(text)
			if info, err := f.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s can be read by others: %v, %v", f.Name(), info, err)
			}
		}
	}
	var keys []int
	for secret, n := range lengths {
		if name, _, _ := strings.Cut(secret, " "); strings.HasSuffix(name, "-key") {
			keys = append(keys, n)
		}
	}
	if slices.Sort(keys); len(lengths) != 7 || !slices.Equal(keys, []int{64, 128}) {
		t.Errorf("seven secrets, two keys of 64 and 128 digits: %d, %v", len(lengths), keys)
	}
}

// TestSystemd asks systemd itself, where there is one. Of the programs that it starts only the
// paths are looked at, so they become ones that are there.
func TestSystemd(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Log("left out: there is no systemd-analyze")
		return
	}
	good := strings.Replace(read(t, "deploy/systemd/oversikt.service"), "/usr/local/bin/oversikt", "/bin/true", 1)
	if said := verifyUnit(t, good); said != "" {
		t.Error(said)
	}
	for reason, bad := range map[string]string{
		"no such setting": strings.Replace(good, "ProtectHome=", "ProtectHouse=", 1),
		"no such value":   strings.Replace(good, "ProtectSystem=strict", "ProtectSystem=very", 1),
		"no such program": strings.Replace(good, "/bin/kill", "/bin/no-such-program", 1),
	} {
		if verifyUnit(t, bad) == "" {
			t.Errorf("%s: it is taken for good", reason)
		}
	}
}

func verifyUnit(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "oversikt.service")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("systemd-analyze", "verify", "--man=no", file)
	cmd.Env = append(os.Environ(), "SYSTEMD_LOG_LEVEL=notice")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil && said.Len() == 0 {
		return err.Error()
	}
	return said.String()
}
