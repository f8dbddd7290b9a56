package config

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/BurntSushi/toml"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/internal/nesting"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/source"
)

// Limits, so that a hostile configuration fails and does not hang.
const (
	MaxFile  = 4 << 20  // bytes of a configuration file: some 20,000 entries
	MaxRegex = 64 << 10 // bytes of a regular expression
	maxFault = 20       // faults told of one file
)

// Parse reads a configuration file. name is used in errors, which are *Error
// or, if there are several, joined ones.
func Parse(name string, data []byte) (*File, error) {
	if len(data) > MaxFile {
		return nil, &Error{Name: name, Message: fmt.Sprintf("%d bytes: a configuration has at most %d", len(data), MaxFile)}
	}
	f := &File{name: name, text: strings.TrimPrefix(string(data), "\ufeff")}
	if err := nesting.Check(f.text); err != nil {
		return nil, f.syntaxError(err)
	}
	meta, err := toml.Decode(f.text, f)
	if err != nil {
		return nil, f.syntaxError(err)
	}
	p := &faults{file: f}
	p.unknownKeys(meta.Undecoded())
	p.scan()
	for i := range f.Allow {
		p.allow(i)
	}
	for i := range f.Rule {
		p.rule(i)
	}
	return f, p.err()
}

// wrongType is how the TOML library tells of a value of the wrong type.
var wrongType = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^toml: (?:line \d+ )?\(last key "(.*)"\): (.*)$`)
})

// syntaxError adds the source line to an error of the TOML library.
func (f *File) syntaxError(err error) error {
	var deep *nesting.Error
	if errors.As(err, &deep) {
		return f.newError(span{deep.Offset, deep.Offset + 1}, "%s", deep.Message)
	}
	var pe toml.ParseError
	if errors.As(err, &pe) {
		at := span{pe.Position.Start, pe.Position.Start + max(pe.Position.Len, 1)}
		if key, ok := f.culprit(pe.LastKey); ok {
			at = key
		}
		return f.newError(at, "%s", pe.Message)
	}
	if m := wrongType().FindStringSubmatch(err.Error()); m != nil {
		at, _ := f.culprit(m[1])
		return f.newError(at, "%s", wording(m[2]))
	}
	return f.newError(span{}, "%v", err)
}

// culprit finds the key whose value the library rejects: of a key that several
// tables have it tells the last. Each is decoded alone.
func (f *File) culprit(key string) (span, bool) {
	if key == "" || toml.Unmarshal([]byte(f.text), new(any)) != nil {
		return span{}, false // it is the syntax that is wrong
	}
	table, _, inTable := strings.Cut(key, ".")
	header := ""
	if inTable {
		header = "[" + table + "]\n"
		if table == "allow" || table == "rule" {
			header = "[[" + table + "]]\n"
		}
	}
	for _, path := range f.sorted() {
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

// sorted returns the paths of all places, in their order.
func (f *File) sorted() []string {
	return slices.SortedFunc(maps.Keys(f.index()), func(a, b string) int { return f.places[a].start - f.places[b].start })
}

// plainPath is a path without indexes.
func plainPath(path string) string {
	var b strings.Builder
	for {
		before, rest, indexed := strings.Cut(path, "[")
		b.WriteString(before)
		if !indexed {
			return b.String()
		}
		_, path, _ = strings.Cut(rest, "]")
	}
}

// wording puts the library's words for types into TOML's.
func wording(message string) string {
	_, types, ok := strings.Cut(message, "incompatible types: TOML value has type ")
	if !ok {
		return message
	}
	got, want, _ := strings.Cut(types, "; destination has type ")
	names := strings.NewReplacer("slice", "list", "array", "list", "[]string", "list of strings", "map", "table", "struct", "table", "bool", "boolean", "booleanean", "boolean")
	return fmt.Sprintf("%s found, %s wanted", names.Replace(got), names.Replace(want))
}

// faults collects what is wrong with a file.
type faults struct {
	file *File
	errs []error
}

// add notes a fault at a path, or at the nearest table that has a place.
func (p *faults) add(path, format string, args ...any) {
	if len(p.errs) >= maxFault {
		return
	}
	at, ok := p.file.index()[path]
	for !ok && path != "" {
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
		at, ok = p.file.places[path]
	}
	p.errs = append(p.errs, p.file.newError(at, format, args...))
}

func (p *faults) err() error {
	slices.SortStableFunc(p.errs, func(a, b error) int { return a.(*Error).Line - b.(*Error).Line })
	return errors.Join(p.errs...)
}

// unknownKeys tells of every place of keys that no type has. What is below an
// unknown table is not told again.
func (p *faults) unknownKeys(keys []toml.Key) {
	unknown := make(map[string]toml.Key)
	for _, k := range keys {
		if len(k) == 1 || unknown[toml.Key(k[:len(k)-1]).String()] == nil {
			unknown[k.String()] = k
		}
	}
	if len(unknown) == 0 {
		return
	}
	for _, path := range p.file.sorted() {
		if len(p.errs) >= maxFault {
			return
		}
		k := unknown[plainPath(path)]
		if k == nil || strings.HasSuffix(path, "]") && len(k) > 1 || len(k) > 1 && unknown[toml.Key(k[:len(k)-1]).String()] != nil {
			continue
		}
		name := k[len(k)-1]
		p.add(path, "unknown key %q%s", name, suggest(name, keysAt(reflect.TypeFor[File](), k[:len(k)-1])))
	}
}

// keysAt returns the keys that a table may have.
func keysAt(t reflect.Type, path toml.Key) []string {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var out []string
	for i := range t.NumField() {
		key := t.Field(i).Tag.Get("toml")
		if key == "" {
			continue
		}
		if len(path) > 0 && key == path[0] {
			return keysAt(t.Field(i).Type, path[1:])
		}
		out = append(out, key)
	}
	if len(path) > 0 {
		return nil
	}
	return out
}

func (p *faults) scan() {
	p.patterns("scan.exclude", p.file.Scan.Exclude)
	p.patterns("inline.except", p.file.Inline.Except)
	if j := p.file.Scan.Jobs; j != nil && *j < 0 {
		p.add("scan.jobs", "a number of workers is 0 or more")
	}
}

func (p *faults) patterns(path string, list []string) {
	for i, text := range list {
		if _, err := source.NewIgnore("the pattern", []string{text}); err != nil {
			p.add(fmt.Sprintf("%s[%d]", path, i), "%v", err)
		}
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			p.add(fmt.Sprintf("%s[%d]", path, i), "this pattern matches nothing")
		}
	}
}

// allow checks an entry of the allowlist.
func (p *faults) allow(i int) {
	a, at := &p.file.Allow[i], fmt.Sprintf("allow[%d]", i)
	if strings.TrimSpace(a.Reason) == "" {
		p.add(join(at, "reason"), "an entry needs a reason: reason = \"…\"")
	}
	if len(a.Paths)+len(a.Rules)+len(a.Regexes)+len(a.Stopwords)+len(a.Commits)+len(a.Accounts)+len(a.Fingerprints) == 0 {
		p.add(at, "an entry without a condition would allow everything; conditions are paths, rules, regexes, stopwords, commits, accounts and fingerprints")
	}
	if targets := []string{string(allow.OnSecret), string(allow.OnMatch), string(allow.OnLine), string(allow.OnPath)}; a.Target != "" && !slices.Contains(targets, string(a.Target)) {
		p.add(join(at, "target"), "unknown target %q (known: %s)%s", a.Target, strings.Join(targets, ", "), suggest(string(a.Target), targets))
	}
	p.patterns(join(at, "paths"), a.Paths)
	for k, expr := range a.Regexes {
		p.regex(fmt.Sprintf("%s.regexes[%d]", at, k), expr)
	}
	each := func(key string, list []string, ok func(string) bool, want string) {
		for k, s := range list {
			if !ok(s) {
				p.add(fmt.Sprintf("%s.%s[%d]", at, key, k), "%s", want)
			}
		}
	}
	each("stopwords", a.Stopwords, func(s string) bool { return s != "" }, "an empty word is in every secret")
	each("commits", a.Commits, func(s string) bool { return len(s) >= 7 && strings.Trim(s, "0123456789abcdef") == "" }, "a commit's id has at least 7 digits, in lower case")
	each("accounts", a.Accounts, func(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }, "an account id has 12 digits")
	each("fingerprints", a.Fingerprints, allow.IsFingerprint, "a fingerprint has 32 digits of 0-9 and a-f")
}

func (p *faults) regex(path, expr string) {
	if len(expr) > MaxRegex {
		p.add(path, "a regular expression of %d bytes: at most %d are taken", len(expr), MaxRegex)
		return
	}
	if expr == "" {
		p.add(path, "an empty regular expression matches everything")
	}
	if _, err := syntax.Parse(expr, syntax.Perl); err != nil {
		p.add(path, "%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
}

// rule checks the sizes of a rule's texts. What else may be wrong with it
// is found when it is compiled.
func (p *faults) rule(i int) {
	r, at := p.file.Rule[i], fmt.Sprintf("rule[%d]", i)
	for t, k := reflect.TypeFor[patterns.Rule](), 0; k < t.NumField(); k++ {
		key, text := t.Field(k).Tag.Get("toml"), reflect.ValueOf(*r).Field(k)
		if key != "" && text.Kind() == reflect.String && text.Len() > MaxRegex {
			p.add(join(at, key), "%d bytes: at most %d are taken", text.Len(), MaxRegex)
		}
	}
	if r.ID == "" {
		p.add(at, "a rule needs an id")
	}
	if strings.ContainsFunc(r.ID, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }) {
		p.add(join(at, "id"), "an id has no blanks: baselines are made of it")
	}
}
