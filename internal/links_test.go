package internal

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	fenced  = regexp.MustCompile("(?ms)^ *```.*?^ *```$|`[^`\n]*`")
	linked  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are the ids that GitHub gives a page's headings.
func anchors(page string) map[string]bool {
	ids := map[string]bool{}
	for _, found := range heading.FindAllStringSubmatch(page, -1) {
		ids[strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(found[1]), ""), " ", "-")] = true
	}
	return ids
}

// brokenLinks returns the links of a page that lead nowhere. read returns a file, or an error where there is none.
func brokenLinks(name, page string, read func(string) (string, error)) (broken []string) {
	for _, found := range linked.FindAllStringSubmatch(fenced.ReplaceAllString(page, ""), -1) {
		file, anchor, _ := strings.Cut(found[1], "#")
		if strings.Contains(file, ":") {
			continue // another site
		}
		target := name
		if file != "" {
			target = path.Join(path.Dir(name), file)
		}
		text, err := read(target)
		if err != nil || anchor != "" && !anchors(text)[anchor] {
			broken = append(broken, found[1])
		}
	}
	return broken
}

// TestLinksLead: each link of a page to a file or a heading here leads there.
func TestLinksLead(t *testing.T) {
	t.Parallel()
	var pages []string
	err := filepath.WalkDir("..", func(file string, entry fs.DirEntry, err error) error {
		hidden := file != ".." && strings.HasPrefix(entry.Name(), ".")
		if err == nil && entry.IsDir() && (hidden || entry.Name() == "node_modules") {
			return fs.SkipDir
		}
		if strings.HasSuffix(file, ".md") {
			pages = append(pages, strings.TrimPrefix(file, "../"))
		}
		return err
	})
	if err != nil || len(pages) < 20 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	read := func(name string) (string, error) {
		text, err := os.ReadFile(path.Join("..", name))
		if info, no := os.Stat(path.Join("..", name)); no == nil && info.IsDir() {
			return "", nil
		}
		return string(text), err
	}
	for _, name := range pages {
		page, err := read(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range brokenLinks(name, page, read) {
			t.Errorf("%s: %s leads nowhere", name, link)
		}
	}
}

// TestBrokenLinks: the rule itself.
func TestBrokenLinks(t *testing.T) {
	t.Parallel()
	files := map[string]string{"docs/a.md": "# A page: with `code`, å\n", "README.md": "## Two words\n"}
	read := func(name string) (string, error) {
		if text, ok := files[name]; ok {
			return text, nil
		}
		return "", os.ErrNotExist
	}
	for link, broken := range map[string]bool{
		"a.md": false, "../README.md": false, "../README.md#two-words": false, "a.md#a-page-with-code-å": false,
		"https://example.no/x": false, "#here": false, "#there": true, "b.md": true, "README.md": true, "a.md#a-page": true,
		"../README.md#Two-words": true,
	} {
		got := brokenLinks("docs/b.md", "## Here\n[x]("+link+")", func(name string) (string, error) {
			if name == "docs/b.md" && link[0] == '#' {
				return "## Here\n", nil
			}
			return read(name)
		})
		if len(got) > 0 != broken {
			t.Errorf("%s: %q", link, got)
		}
	}
	for _, code := range []string{"`[x](b.md)`", "```\n[x](b.md)\n```"} {
		if got := brokenLinks("docs/c.md", code, read); got != nil {
			t.Errorf("code has links: %q", got)
		}
	}
}
