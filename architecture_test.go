// Package keyguard_test checks the project as a whole: imports follow the table in
// ARCHITECTURE.md, and documents match the code.
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

// directory is a row of the table in ARCHITECTURE.md.
type directory struct {
	name    string   // with a slash at the end
	imports []string // directories
	all     bool     // may import every directory
	modules []string // without the host
}

// directories returns the rows of the table, from the top down.
func directories(t *testing.T) []directory {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []directory
	name := regexp.MustCompile("`([a-z/]+/)`")
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, " | ")
		if len(cells) != 4 || !strings.HasPrefix(line, "| `") {
			continue
		}
		d := directory{name: name.FindStringSubmatch(cells[0])[1], all: cells[2] == "everything"}
		for _, m := range name.FindAllStringSubmatch(cells[2], -1) {
			d.imports = append(d.imports, m[1])
		}
		d.modules = strings.Split(strings.TrimSuffix(strings.TrimSpace(cells[3]), " |"), ", ")
		out = append(out, d)
	}
	if len(out) == 0 {
		t.Fatal("ARCHITECTURE.md has no table of directories")
	}
	return out
}

// imports returns the imports of each directory, without tests, for all build
// constraints.
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

func TestImportsMatchTable(t *testing.T) {
	table := directories(t)
	for dir, imported := range imports(t) {
		at := -1 // the row with the longest name
		for i, d := range table {
			if strings.HasPrefix(dir, d.name) && (at < 0 || len(d.name) > len(table[at].name)) {
				at = i
			}
		}
		if at < 0 {
			t.Errorf("%s is missing from the table in ARCHITECTURE.md", dir)
			continue
		}
		for _, i := range imported {
			if !table[at].allows(i) {
				t.Errorf("%s imports %s, which the table in ARCHITECTURE.md does not allow", dir, i)
			}
		}
	}
}

func (d directory) allows(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	own, isOwn := strings.CutPrefix(imported+"/", module)
	switch {
	case isOwn:
		return d.all || slices.ContainsFunc(d.imports, func(k string) bool { return strings.HasPrefix(own, k) })
	case !strings.Contains(first, "."):
		return true // the standard library
	}
	_, imported, _ = strings.Cut(imported, "/")
	return slices.ContainsFunc(d.modules, func(m string) bool { return strings.HasPrefix(imported+"/", m+"/") })
}

// Go rejects import cycles. The order of the table also rejects imports of a directory above.
func TestTableIsOrdered(t *testing.T) {
	table := directories(t)
	for at, d := range table {
		for _, k := range d.imports {
			if to := slices.IndexFunc(table, func(other directory) bool { return other.name == k }); to < at || to == at && k != "internal/" {
				t.Errorf("%s imports %s, which is not below it", d.name, k)
			}
		}
	}
}
