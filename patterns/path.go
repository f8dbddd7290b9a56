package patterns

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// FileReach is the number of bytes at the start of a file that rules with Paths read.
const FileReach = 256 << 10

// filePath is a path of a rule: the last elements of the paths of files. In the last
// element, one star may match any characters.
type filePath struct {
	rule          *Rule
	directories   string // with a slash at the end
	before, after string // parts of the last element around the star
	star          bool
}

func newFilePath(r *Rule, pattern string) filePath {
	directories, base := path.Split(strings.ToLower(pattern))
	f := filePath{rule: r, directories: directories}
	f.before, f.after, f.star = strings.Cut(base, "*")
	return f
}

// match reports whether the path matches a file of lower-case name base in directories.
func (f *filePath) match(directories, base string) bool {
	if !f.matchBase(base) {
		return false
	}
	above, ok := strings.CutSuffix(directories, f.directories)
	return ok && (f.directories == "" || above == "" || above[len(above)-1] == '/')
}

func (f *filePath) matchBase(base string) bool {
	if !f.star {
		return base == f.before
	}
	return len(base) >= len(f.before)+len(f.after) && strings.HasPrefix(base, f.before) && strings.HasSuffix(base, f.after)
}

// FormerValues returns the secrets that rules of sensitive files of version 0.1 found in a
// file where r finds a secret now, by rule. Stored fingerprints depend on them.
func (r *Rule) FormerValues(path, secret string) map[*Rule]string {
	if r.files == nil || r.Since == firstVersion {
		return nil
	}
	out := make(map[*Rule]string)
	for _, file := range r.files.ofPath(path) {
		if file.Since != firstVersion {
			continue
		}
		out[file] = secret
		if m, ok := file.MatchFile([]byte(secret)); ok {
			out[file] = string(m.Value)
		}
	}
	return out
}

// firstVersion is the version whose rules are for AWS and for sensitive files.
const firstVersion = "0.1.0"

// SeverityIn returns the severity of a match in a file, whose severity is s elsewhere.
func (r *Rule) SeverityIn(path string, s Severity) Severity {
	if r.InTests != 0 && isExamplePath(strings.ToLower(path)) {
		return min(s, r.InTests)
	}
	return s
}

// HasFiles reports whether the rule applies to certain files only.
func (r *Rule) HasFiles() bool { return len(r.OnlyIn)+len(r.NotIn) > 0 || r.NotInTests }

// InFile reports whether the rule applies to the content of a file, by the path of the file
// in any case.
func (r *Rule) InFile(name string) bool {
	name = strings.ToLower(name)
	slash := strings.LastIndexByte(name, '/') + 1
	matches := func(pattern string) bool {
		p := newFilePath(r, pattern)
		return p.match(name[:slash], name[slash:])
	}
	if r.NotInTests && isExamplePath(name) {
		return false
	}
	return (len(r.OnlyIn) == 0 || slices.ContainsFunc(r.OnlyIn, matches)) && !slices.ContainsFunc(r.NotIn, matches)
}

// fileRules are the paths of all rules.
type fileRules struct {
	paths  []filePath
	filter namePrefilter
}

func (f *fileRules) add(r *Rule) error {
	for _, p := range r.Paths {
		path := newFilePath(r, p)
		if err := f.filter.add(&path); err != nil {
			return fmt.Errorf("rule %s: %w", r.ID, err)
		}
		f.paths = append(f.paths, path)
	}
	return nil
}

// ofPath returns the rules with a path that matches the path of a file.
func (f *fileRules) ofPath(name string) []*Rule {
	name = strings.ToLower(name)
	slash := strings.LastIndexByte(name, '/') + 1
	rules := f.matching(func(p *filePath) bool { return p.match(name[:slash], name[slash:]) })
	if len(rules) > 0 && isExamplePath(name) {
		return nil
	}
	return rules
}

// ofName returns the rules that may match a file of that name in some directory.
func (f *fileRules) ofName(base []byte) []*Rule {
	if !f.filter.mayMatch(base) {
		return nil
	}
	name := strings.ToLower(string(base))
	return f.matching(func(p *filePath) bool { return p.matchBase(name) })
}

// matching returns the rules of the paths for which match returns true, each once.
func (f *fileRules) matching(match func(*filePath) bool) (rules []*Rule) {
	for i := range f.paths {
		if p := &f.paths[i]; match(p) && !slices.Contains(rules, p.rule) {
			rules = append(rules, p.rule)
		}
	}
	return rules
}

// namePrefilter holds the last two bytes of the names that rules match, and the first two
// bytes of names that may have any end. About one name in a hundred passes.
type namePrefilter struct{ first, last [1 << 16 / 64]uint64 }

func pairOf(a, b byte) uint16 {
	lower := func(c byte) uint16 {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return uint16(c)
	}
	return lower(a)<<8 | lower(b)
}

func (n *namePrefilter) add(f *filePath) error {
	set, text := &n.last, f.after
	switch {
	case !f.star:
		text = f.before
	case f.after == "":
		set, text = &n.first, f.before
	}
	if len(text) < 2 {
		return fmt.Errorf("path %q: give at least two characters at its end or at its start", f.before+"*"+f.after)
	}
	p := pairOf(text[len(text)-2], text[len(text)-1])
	if set == &n.first {
		p = pairOf(text[0], text[1])
	}
	set[p>>6] |= 1 << (p & 63)
	return nil
}

func (n *namePrefilter) mayMatch(base []byte) bool {
	k := len(base)
	if k < 2 {
		return false
	}
	last, first := pairOf(base[k-2], base[k-1]), pairOf(base[0], base[1])
	return n.last[last>>6]>>(last&63)&1 != 0 || n.first[first>>6]>>(first&63)&1 != 0
}

// isExamplePath reports whether a path contains a word of tests or examples.
func isExamplePath(name string) bool {
	words := strings.FieldsFunc(name, func(c rune) bool { return !('a' <= c && c <= 'z') })
	hasPrefix := func(w string) bool {
		return slices.ContainsFunc(examplePrefixes(), func(b string) bool { return strings.HasPrefix(w, b) })
	}
	return slices.ContainsFunc(words, func(w string) bool { return hasPrefix(w) || slices.Contains(exampleWords(), w) })
}

func examplePrefixes() []string {
	return []string{"test", "example", "sample", "fixture", "mock", "dummy", "fake", "stub", "demo", "tutorial", "playground"}
}

func exampleWords() []string {
	return []string{
		"unittest", "unittests", "spec", "specs", "e2e", "integration", "doc", "docs", "template", "templates", "tmpl", "tpl", "dist",
		"default", "defaults", "schema", "snakeoil", "localhost", "insecure", "vendor",
	}
}

// checkPath validates a path of a rule.
func checkPath(p string) error {
	base := p[strings.LastIndexByte(p, '/')+1:]
	if strings.Trim(base, "*") == "" || strings.Count(p, "*") > 1 || strings.HasPrefix(p, "/") || strings.ContainsAny(p, `\?[]`) || !strings.Contains(base, "*") && strings.Contains(p, "*") {
		return fmt.Errorf("path %q: give a name such as \"*.key\" or \"directory/name\", with at most one * in its last part", p)
	}
	return nil
}
