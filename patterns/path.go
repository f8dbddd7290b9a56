package patterns

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// FileReach is how much of the beginning of a file rules with Paths look at, in
// bytes.
const FileReach = 256 << 10

// FileRules returns the rules whose paths match that of a file, in any case. A path
// that says it is of a test or an example has none: what is in test data is public,
// and harmless, far more often than not. Credentials are found there all the same.
func (s *Set) FileRules(name string) []*Rule {
	var out []*Rule
	name = strings.ToLower(name)
	slash := strings.LastIndexByte(name, '/') + 1
	for i := range s.files {
		f := &s.files[i]
		if f.match(name[:slash], name[slash:]) && !slices.Contains(out, f.rule) {
			out = append(out, f.rule)
		}
	}
	if len(out) > 0 && isExamplePath(name) {
		return nil
	}
	return out
}

// filePath is a path of a rule: the last elements of a file's path, and in the last
// of them one star for any characters.
type filePath struct {
	rule          *Rule
	folders       string // with a slash at the end
	before, after string // the star
	star          bool
}

func newFilePath(r *Rule, pattern string) filePath {
	folders, base := path.Split(strings.ToLower(pattern))
	f := filePath{rule: r, folders: folders}
	f.before, f.after, f.star = strings.Cut(base, "*")
	return f
}

func (f *filePath) match(folders, base string) bool {
	if !f.matchBase(base) {
		return false
	}
	above, ok := strings.CutSuffix(folders, f.folders)
	return ok && (f.folders == "" || above == "" || above[len(above)-1] == '/')
}

func (f *filePath) matchBase(base string) bool {
	if !f.star {
		return base == f.before
	}
	return len(base) >= len(f.before)+len(f.after) && strings.HasPrefix(base, f.before) && strings.HasSuffix(base, f.after)
}

// NameRules returns the rules that files of that name may have in some folder: to
// ask first where paths are not known yet.
func (s *Set) NameRules(base []byte) []*Rule {
	if !s.names.mayMatch(base) {
		return nil
	}
	name := strings.ToLower(string(base))
	var out []*Rule
	for i := range s.files {
		if f := &s.files[i]; f.matchBase(name) && !slices.Contains(out, f.rule) {
			out = append(out, f.rule)
		}
	}
	return out
}

// namePrefilter knows the last two bytes of names that rules are about, and the
// first two of those that may end with anything: one of a hundred names passes.
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
		return fmt.Errorf("rule %s: path %q: two characters at least must be given at its end, or at its beginning", f.rule.ID, f.before+"*"+f.after)
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

// checkPaths checks the form of a rule's patterns.
func (r *Rule) checkPaths() error {
	for _, p := range r.Paths {
		base := p[strings.LastIndexByte(p, '/')+1:]
		if strings.Trim(base, "*") == "" || strings.Count(p, "*") > 1 || strings.HasPrefix(p, "/") || strings.ContainsAny(p, `\?[]`) || !strings.Contains(base, "*") && strings.Contains(p, "*") {
			return fmt.Errorf("rule %s: path %q: it is a name, such as \"*.key\" or \"folder/name\", with at most one * in its last part", r.ID, p)
		}
	}
	return nil
}

// saysExample reports whether a path has a word of tests or examples.
func isExamplePath(name string) bool {
	words := strings.FieldsFunc(name, func(c rune) bool { return !('a' <= c && c <= 'z') })
	begins := func(w string) bool {
		return slices.ContainsFunc(exampleBeginnings(), func(b string) bool { return strings.HasPrefix(w, b) })
	}
	return slices.ContainsFunc(words, func(w string) bool { return begins(w) || slices.Contains(exampleWords(), w) })
}

func exampleBeginnings() []string {
	return []string{"test", "example", "sample", "fixture", "mock", "dummy", "fake", "stub", "demo", "tutorial", "playground"}
}

func exampleWords() []string {
	return []string{
		"unittest", "unittests", "spec", "specs", "e2e", "integration", "doc", "docs", "template", "templates", "tmpl", "tpl", "dist",
		"default", "defaults", "schema", "snakeoil", "localhost", "insecure", "vendor",
	}
}

// MatchFile applies a rule with Paths to the beginning of a file. The first match
// that no check drops counts.
func (r *Rule) MatchFile(text []byte) (Match, bool) {
	text = text[:min(len(text), FileReach)]
	for _, loc := range r.mustCompiled().regex().FindAllSubmatchIndex(text, -1) {
		if len(loc) > 4 && loc[2] < 0 { // the group of another alternative
			loc = append(loc[:2], loc[4:]...)
		}
		if m, ok := r.newMatch(text, loc[0], 0, loc); ok && m.Drop.IsZero() && m.Alone {
			return m, true
		}
	}
	return Match{}, false
}
