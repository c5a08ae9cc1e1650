package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLicences: each linked module has a licence that is known, and docs/licences.md names it.
func TestLicences(t *testing.T) {
	t.Chdir("../../..")
	modules, err := linked(program)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := table(&want, modules); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("docs/licences.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("docs/licences.md is not current: run make generate, and look at what is new")
	}
	if len(modules) < 10 || !strings.Contains(want.String(), "| github.com/jackc/pgx/v5 | MIT |") {
		t.Errorf("too few modules: %d", len(modules))
	}
}

func TestUnknownLicence(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, name, text string }{
		"none":    {"nobody may use it", "README.md", "free of charge"},
		"unknown": {"somebody has to read it", "LICENSE", "You may look at it on Sundays."},
		"GPL":     {"it would be the licence of the whole program", "COPYING", "GNU GENERAL PUBLIC LICENSE Version 3, 29 June 2007"},
	}
	for name, tc := range cases {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, tc.name), []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := (&module{Path: "example.no/x", Dir: dir}).read(); err == nil {
			t.Errorf("%s: %s: it was taken", name, tc.reason)
		}
	}
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	for want, text := range map[string]string{
		"Apache-2.0":   "Licensed under the Apache License,\n   Version 2.0 (the \"License\")",
		"MIT":          "// Permission is hereby granted, free of charge, to any\n// person obtaining a copy of this software",
		"BSD-2-Clause": "Redistributions of source code must retain the above copyright\nnotice, this list",
	} {
		if got := identify(text); !slices.Equal(got, []string{want}) {
			t.Errorf("%q is %v, not %s", text, got, want)
		}
	}
}
