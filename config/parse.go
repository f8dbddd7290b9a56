package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/keyguard/keyguard/internal/nesting"
)

// Parse parses a configuration file. name is used in errors, which are *Error or join
// several of them.
func Parse(name string, data []byte) (*File, error) {
	if len(data) > MaxFile {
		return nil, &Error{Name: name, Message: fmt.Sprintf("%d bytes exceed the limit of %d for a configuration", len(data), MaxFile)}
	}
	f := &File{name: name, text: strings.TrimPrefix(string(data), "\ufeff")}
	if err := nesting.Check(f.text); err != nil {
		return nil, f.syntaxError(err)
	}
	meta, err := toml.Decode(f.text, f)
	if err != nil {
		return nil, f.syntaxError(err)
	}
	p := &faultList{file: f}
	p.unknownKeys(meta.Undecoded())
	p.scanTable()
	for i := range f.Allow {
		p.allowEntry(i)
	}
	for i := range f.Rule {
		p.rule(i)
	}
	return f, p.err()
}

// wrongType matches the TOML library's error for a value of the wrong type.
var wrongType = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^toml: (?:line \d+ )?\(last key "(.*)"\): (.*)$`)
})

// syntaxError adds the position and the source line to an error of the TOML library.
func (f *File) syntaxError(err error) error {
	var deep *nesting.Error
	if errors.As(err, &deep) {
		return f.newError(span{deep.Offset, deep.Offset + 1}, "%s", deep.Message)
	}
	var pe toml.ParseError
	if errors.As(err, &pe) {
		at := span{pe.Position.Start, pe.Position.Start + max(pe.Position.Len, 1)}
		if key, ok := f.findKey(pe.LastKey); ok {
			at = key
		}
		return f.newError(at, "%s", pe.Message)
	}
	if m := wrongType().FindStringSubmatch(err.Error()); m != nil {
		at, _ := f.findKey(m[1])
		return f.newError(at, "%s", typeMessage(m[2]))
	}
	return f.newError(span{}, "%v", err)
}

// findKey returns the position of the key whose value the library rejects. If several
// tables have the key, the library reports the last one, so each value is decoded alone.
func (f *File) findKey(key string) (span, bool) {
	if key == "" || toml.Unmarshal([]byte(f.text), new(any)) != nil {
		return span{}, false // a syntax error
	}
	table, _, inTable := strings.Cut(key, ".")
	header := ""
	if inTable {
		header = "[" + table + "]\n"
		if table == "allow" || table == "rule" {
			header = "[[" + table + "]]\n"
		}
	}
	for _, path := range f.sortedPaths() {
		if plainPath(path) != key || strings.HasSuffix(path, "]") {
			continue
		}
		at := f.index()[path]
		if _, err := toml.Decode(header+path[strings.LastIndexByte(path, '.')+1:]+" = "+f.value(at), new(File)); err != nil {
			return at, true
		}
	}
	return span{}, false
}

// typeMessage replaces the library's names of types with TOML's.
func typeMessage(message string) string {
	_, types, ok := strings.Cut(message, "incompatible types: TOML value has type ")
	if !ok {
		return message
	}
	got, want, _ := strings.Cut(types, "; destination has type ")
	names := strings.NewReplacer("slice", "list", "array", "list", "[]string", "list of strings", "map", "table", "struct", "table", "bool", "boolean", "booleanean", "boolean")
	return fmt.Sprintf("found %s, want %s", names.Replace(got), names.Replace(want))
}
