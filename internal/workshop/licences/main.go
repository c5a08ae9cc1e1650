// Command licences tells under which licences the modules are that bin/oversikt links:
// docs/licences.md, or with -texts the licences themselves, which go along with the program.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const program = "./cmd/oversikt"

func main() {
	texts := flag.Bool("texts", false, "print the licences themselves")
	flag.Parse()
	modules, err := linked(program)
	if err != nil {
		log.Fatal("licences: ", err)
	}
	write := table
	if *texts {
		write = whole
	}
	if err := write(os.Stdout, modules); err != nil {
		log.Fatal("licences: ", err)
	}
}

// module is one whose code is in the program.
type module struct {
	Path, Dir string
	files     []string // paths of its licences and notices
	licences  []string // SPDX identifiers
}

// linked returns the modules of a program in the order of their paths, with Go's own library. A
// module without a licence, or with one that is not known here, is an error.
func linked(pkg string) ([]module, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=Module", pkg)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list the packages of %s: %w", pkg, err)
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("look for Go: %w", err)
	}
	all := map[string]module{"std": {Path: "std", Dir: strings.TrimSpace(string(goroot))}}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			Module *struct {
				Path, Dir string
				Main      bool
			}
		}
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("list the packages of %s: %w", pkg, err)
		}
		if p.Module != nil && !p.Module.Main {
			all[p.Module.Path] = module{Path: p.Module.Path, Dir: p.Module.Dir}
		}
	}
	var modules []module
	for _, m := range all {
		if err := m.read(); err != nil {
			return nil, err
		}
		modules = append(modules, m)
	}
	slices.SortFunc(modules, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return modules, nil
}

// read finds the licences in the module's folder.
func (m *module) read() error {
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		return fmt.Errorf("%s: %w", m.Path, err)
	}
	for _, e := range entries {
		name, _, _ := strings.Cut(strings.ToUpper(e.Name()), ".")
		name, _, _ = strings.Cut(name, "-")
		if e.IsDir() || !slices.Contains([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT"}, name) {
			continue
		}
		file := filepath.Join(m.Dir, e.Name())
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Path, err)
		}
		m.files = append(m.files, file)
		found := identify(string(text))
		if found == nil && name != "NOTICE" && name != "COPYRIGHT" {
			return fmt.Errorf("%s: nobody here knows the licence in %s", m.Path, e.Name())
		}
		m.licences = append(m.licences, found...)
	}
	if slices.Sort(m.licences); len(m.licences) == 0 {
		return fmt.Errorf("%s has no licence", m.Path)
	}
	m.licences = slices.Compact(m.licences)
	return nil
}

// known are sentences that stand in one licence alone, of those that the program may carry.
var known = []struct{ id, sentence string }{
	{"Apache-2.0", "apache license version 2.0"},
	{"MIT", "permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"BSD-3-Clause", "to endorse or promote products derived from this software without specific prior written permission"},
	{"ISC", "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"},
	{"MPL-2.0", "mozilla public license version 2.0"},
	{"Unlicense", "this is free and unencumbered software released into the public domain"},
}

func identify(text string) (ids []string) {
	plain := strings.NewReplacer("*", " ", "//", " ", "#", " ").Replace(strings.ToLower(text)) // as in comments
	plain = strings.Join(strings.Fields(plain), " ")
	plain = strings.ReplaceAll(plain, "license, version", "license version")
	for _, k := range known {
		if strings.Contains(plain, k.sentence) {
			ids = append(ids, k.id)
		}
	}
	const bsd = "redistributions of source code must retain the above copyright notice"
	if strings.Contains(plain, bsd) && !slices.Contains(ids, "BSD-3-Clause") {
		ids = append(ids, "BSD-2-Clause")
	}
	return ids
}

func table(w io.Writer, modules []module) error {
	var out strings.Builder
	out.WriteString("# Licences\n\nOversikt is under the [Apache License 2.0](../LICENSE). These are the licences of what `bin/oversikt` links: " +
		"written by `make generate`, held by a test. `make sbom` writes their texts, which go along with the program, and a bill of materials with versions.\n\n" +
		"| Module | Licence |\n|---|---|\n")
	for _, m := range modules {
		name := m.Path
		if name == "std" {
			name = "Go and its standard library"
		}
		fmt.Fprintf(&out, "| %s | %s |\n", name, strings.Join(m.licences, ", "))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func whole(w io.Writer, modules []module) error {
	for _, m := range modules {
		for _, file := range m.files {
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(w, "==== %s: %s\n\n%s\n\n", m.Path, filepath.Base(file), bytes.TrimSpace(text))
			if err != nil {
				return err
			}
		}
	}
	return nil
}
