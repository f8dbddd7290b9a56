package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// mutant is one change of one file.
type mutant struct {
	path, name string // absolute, and relative to the repository
	text       []byte // of the original file
	start, end int    // the replaced range of text
	line       int
	function   string
	with       string
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d %s: %s → %s", m.name, m.line, m.function, m.text[m.start:m.end], m.with)
}

// key identifies a mutant independently of its line: the file, the function, the
// source line and the change.
func (m mutant) key() string {
	lineStart := strings.LastIndexByte(string(m.text[:m.start]), '\n') + 1
	lineEnd := m.end + strings.IndexByte(string(m.text[m.end:])+"\n", '\n')
	line := strings.TrimSpace(string(m.text[lineStart:lineEnd]))
	column := strings.TrimLeft(string(m.text[lineStart:m.start]), " \t")
	return fmt.Sprintf("%s %s: %s @%d %s", m.name, m.function, line, len(column), m.with)
}

func (m mutant) source() []byte {
	mutated := append([]byte{}, m.text[:m.start]...)
	mutated = append(mutated, m.with...)
	return append(mutated, m.text[m.end:]...)
}

// swaps lists the replacements of binary operators.
var swaps = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL,
}

// find returns the mutants of the targets: files, packages, or with /... the
// packages below a directory. They are in the order of file names.
func find(targets []string) ([]mutant, error) {
	files := map[string]bool{}
	for _, target := range targets {
		if err := addFiles(files, target); err != nil {
			return nil, err
		}
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	var all []mutant
	for _, name := range names {
		found, err := mutantsOf(name)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func addFiles(files map[string]bool, target string) error {
	root, recursive := strings.CutSuffix(target, "/...")
	root = filepath.Clean(root)
	return filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || path != root && !recursive):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			files[path] = true
		}
		return nil
	})
}

func mutantsOf(name string) ([]mutant, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	positions := token.NewFileSet()
	file, err := parser.ParseFile(positions, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []mutant
	for _, decl := range file.Decls {
		function, ok := decl.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		ast.Inspect(function.Body, func(node ast.Node) bool {
			if pos, length, with := mutate(node); with != "" {
				p := positions.Position(pos)
				found = append(found, mutant{path: path, name: name, text: text,
					start: p.Offset, end: p.Offset + length, line: p.Line,
					function: function.Name.Name, with: with})
			}
			return true
		})
	}
	return found, nil
}

// mutate returns the change of a node: the position and length of the replaced text, and
// the new text, or "" if nodes of its kind stay as they are.
func mutate(node ast.Node) (token.Pos, int, string) {
	switch n := node.(type) {
	case *ast.BinaryExpr:
		if with, ok := swaps[n.Op]; ok && !isString(n.X) && !isString(n.Y) {
			return n.OpPos, len(n.Op.String()), with.String()
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			return n.OpPos, 1, " "
		}
	case *ast.IncDecStmt:
		return n.TokPos, 2, map[token.Token]string{token.INC: "--", token.DEC: "++"}[n.Tok]
	case *ast.Ident:
		return n.Pos(), len(n.Name), map[string]string{"true": "false", "false": "true"}[n.Name]
	case *ast.BranchStmt:
		if n.Label == nil {
			return n.Pos(), len(n.Tok.String()), map[token.Token]string{token.BREAK: "continue", token.CONTINUE: "break"}[n.Tok]
		}
	}
	return 0, 0, ""
}

// isString reports whether x is a string literal: "+" is then a concatenation.
func isString(x ast.Expr) bool {
	literal, ok := x.(*ast.BasicLit)
	return ok && literal.Kind == token.STRING
}
