package patterns

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// maxFile is how much of a file a rule with Paths looks at, in bytes.
const maxFile = 256 << 10

// FileReach is how much of the beginning of a file rules with Paths look at, in
// bytes.
const FileReach = maxFile

// FileRules returns the rules whose paths match that of a file, in any case. A path that says it
// is of a test or an example has none: what is in test data is public, and harmless,
// far more often than not. Credentials are found there all the same.
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
	if len(out) > 0 && saysExample(name) {
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
	switch {
	case !f.star && base != f.before:
		return false
	case f.star && !(len(base) >= len(f.before)+len(f.after) && strings.HasPrefix(base, f.before) && strings.HasSuffix(base, f.after)):
		return false
	}
	above, ok := strings.CutSuffix(folders, f.folders)
	return ok && (f.folders == "" || above == "" || above[len(above)-1] == '/')
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
func saysExample(name string) bool {
	words := strings.FieldsFunc(name, func(c rune) bool { return !('a' <= c && c <= 'z') })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(exampleWords(), w) })
}

func exampleWords() []string {
	return []string{
		"test", "tests", "testing", "testdata", "testcase", "testcases", "unittest", "unittests", "spec", "specs", "fixture", "fixtures", "e2e", "integration",
		"example", "examples", "sample", "samples", "demo", "demos", "doc", "docs", "template", "templates", "tmpl", "tpl", "dist", "default", "defaults", "schema",
		"mock", "mocks", "dummy", "fake", "stub", "stubs", "snakeoil", "localhost", "insecure", "vendor", "tutorial", "tutorials", "playground",
	}
}

// MatchFile applies a rule with Paths to the beginning of a file. The first match
// that no check drops counts.
func (r *Rule) MatchFile(text []byte) (Match, bool) {
	text = text[:min(len(text), maxFile)]
	for _, loc := range r.use().regex().FindAllSubmatchIndex(text, -1) {
		if len(loc) > 4 && loc[2] < 0 { // the group of another alternative
			loc = append(loc[:2], loc[4:]...)
		}
		if m, ok := r.finish(text, loc[0], 0, loc); ok && m.Drop == "" && m.Alone {
			return m, true
		}
	}
	return Match{}, false
}
