// Package keyguard_test checks what no single package can: that imports point
// one way, and that the documents say what is so.
package keyguard_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/keyguard/keyguard/"

// folder is a row of the table in ARCHITECTURE.md.
type folder struct {
	name    string   // with a slash at the end
	knows   []string // folders
	all     bool     // knows every folder
	modules []string // without their host
}

// folders returns the table's rows, from the top down.
func folders(t *testing.T) []folder {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []folder
	name := regexp.MustCompile("`([a-z/]+/)`")
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, " | ")
		if len(cells) != 4 || !strings.HasPrefix(line, "| `") {
			continue
		}
		f := folder{name: name.FindStringSubmatch(cells[0])[1], all: cells[2] == "everything"}
		for _, m := range name.FindAllStringSubmatch(cells[2], -1) {
			f.knows = append(f.knows, m[1])
		}
		f.modules = strings.Split(strings.TrimSuffix(strings.TrimSpace(cells[3]), " |"), ", ")
		out = append(out, f)
	}
	if len(out) == 0 {
		t.Fatal("ARCHITECTURE.md has no table of folders")
	}
	return out
}

// imports returns what the files of each folder import, tests left out, for
// every system that a build constraint may name.
func imports(t *testing.T) map[string][]string {
	out := make(map[string][]string)
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || name != "." && strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := path.Dir(name) + "/"
		out[dir] = append(out[dir], "")
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			out[dir] = append(out[dir], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestImportsAreThoseOfTheTable(t *testing.T) {
	table := folders(t)
	for dir, imported := range imports(t) {
		at := slices.IndexFunc(table, func(f folder) bool { return strings.HasPrefix(dir, f.name) })
		if at < 0 {
			t.Errorf("%s is not in the table of folders in ARCHITECTURE.md", dir)
			continue
		}
		for _, i := range imported {
			if !table[at].allows(i) {
				t.Errorf("%s imports %s, which the table in ARCHITECTURE.md does not say", dir, i)
			}
		}
	}
}

func (f folder) allows(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	own, isOwn := strings.CutPrefix(imported+"/", module)
	switch {
	case isOwn:
		return f.all || slices.ContainsFunc(f.knows, func(k string) bool { return strings.HasPrefix(own, k) })
	case !strings.Contains(first, "."):
		return true // the standard library
	}
	_, imported, _ = strings.Cut(imported, "/")
	return slices.ContainsFunc(f.modules, func(m string) bool { return strings.HasPrefix(imported+"/", m+"/") })
}

// Go forbids circles; the table's order forbids even one arrow that points up.
func TestTableOfFoldersPointsDown(t *testing.T) {
	table := folders(t)
	for at, f := range table {
		for _, k := range f.knows {
			if to := slices.IndexFunc(table, func(g folder) bool { return g.name == k }); to < at || to == at && k != "internal/" {
				t.Errorf("%s knows of %s, which is not below it", f.name, k)
			}
		}
	}
}
