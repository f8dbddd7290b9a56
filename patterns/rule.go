package patterns

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// Rule is one thing to look for, as written in a [[rule]] table of a rule file.
type Rule struct {
	ID          string   `toml:"id"`          // lower case, digits and dashes; never reused
	Title       string   `toml:"title"`       // a noun phrase, shown in reports
	Description string   `toml:"description"` // what it is and what it opens
	Since       string   `toml:"since"`       // the version that brought it
	Kind        Kind     `toml:"kind"`
	Severity    Severity `toml:"severity"`

	Keywords   []string `toml:"keywords"`    // a match begins with one of these, see Before
	IgnoreCase bool     `toml:"ignore_case"` // of ASCII letters in Keywords
	Before     int      `toml:"before"`      // bytes that a match may begin ahead of its keyword
	Near       *Near    `toml:"near"`        // in place of Keywords
	Paths      []string `toml:"paths"`       // in place of Keywords: the files that the rule is about, see FileRules
	Regex      string   `toml:"regex"`       // RE2 syntax; its first group is the secret, else all of it
	Decode     string   `toml:"decode"`      // "base64" or "hex": the secret is what this decodes to
	Value      string   `toml:"value"`       // with Decode: the regex of the secret, or of its first group
	Tail       Class    `toml:"tail"`        // bytes with which a secret goes on past the match
	Left       Class    `toml:"left"`        // bytes that may not stand right before the secret
	Right      Class    `toml:"right"`       // bytes that may not stand right after it

	MinEntropy float64  `toml:"entropy"` // bits per byte, see Entropy
	Checks     []string `toml:"checks"`  // names of checks, see CheckNames
	// Context must match in the bytes from ContextReach before the keyword to
	// contextAfter behind the secret for the finding to stand alone; without it,
	// it only completes a pair. Empty: it always stands alone.
	Context string `toml:"context"`
	// Sure, before the secret, raises the confidence.
	Sure string `toml:"sure"`
	// Unless must not match in the secret's line before it.
	Unless string `toml:"unless"`

	Examples        []string `toml:"examples"`         // templates that must be found, see internal/synth
	CounterExamples []string `toml:"counter_examples"` // templates that must not

	compiled func() (*compiled, error)
}

// ContextReach is how many bytes before a keyword a rule's Context may lie.
const ContextReach = 300

// contextAfter is how many bytes behind a secret its Context may lie.
const contextAfter = 120

const (
	maxTail   = 8 << 10 // bytes by which Tail extends a secret
	maxRegex  = 4 << 10 // bytes that a regex may match
	maxBefore = 1 << 10 // of Before
)

// MaxReach bounds what Reach returns, for any rule.
const MaxReach = maxTail + maxRegex + maxBefore

// compiled is what Rule's text says, in the form that matching needs.
type compiled struct {
	reach   int // greatest number of bytes from keyword to the end of a match
	breaks  int // greatest number of line feeds among them
	run     run // that a match holds
	checks  []check
	regex   func() *regexp.Regexp
	value   func() *regexp.Regexp
	context func() *regexp.Regexp
	sure    func() *regexp.Regexp
	unless  func() *regexp.Regexp
}

var errUnbounded = errors.New("the regex has no greatest length: write {0,40} for * and {1,40} for +, or use tail")

// prepare makes the rule compile itself when it is first used: most runs meet
// no keyword of most rules.
func (r *Rule) prepare() {
	r.compiled = sync.OnceValues(r.compile)
}

// use returns the compiled rule. Its text was checked before: by NewSet, or for
// the built-in rules by this package's test.
func (r *Rule) use() *compiled {
	c, err := r.compiled()
	if err != nil {
		panic(err)
	}
	return c
}

// compile checks the rule's text. Its regular expressions are parsed, for their
// errors and bounds, and compiled at their first use.
func (r *Rule) compile() (*compiled, error) {
	if r.ID == "" || strings.Trim(r.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return nil, fmt.Errorf("rule %q: id is made of a-z, 0-9 and -", r.ID)
	}
	if given := []bool{len(r.Keywords) > 0, r.Near != nil, len(r.Paths) > 0}; count(given) != 1 {
		return nil, fmt.Errorf("rule %s: give either keywords, the literals that a match begins with, or near, or paths", r.ID)
	}
	if err := r.checkPaths(); err != nil {
		return nil, err
	}
	if r.Before < 0 || r.Before > maxBefore {
		return nil, fmt.Errorf("rule %s: before is %d: it takes 0 to %d", r.ID, r.Before, maxBefore)
	}
	tree, err := syntax.Parse(r.Regex, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("rule %s: regex: %w", r.ID, err)
	}
	c := &compiled{}
	reach, ok := maxLen(tree)
	if !ok {
		return nil, fmt.Errorf("rule %s: %w", r.ID, errUnbounded)
	}
	if reach > maxRegex {
		return nil, fmt.Errorf("rule %s: the regex can match %d bytes: at most %d, and tail for what goes on", r.ID, reach, maxRegex)
	}
	c.reach, c.breaks = reach, maxBreaks(tree)
	c.run = requiredRun(tree, nil, nil)
	if r.Near != nil && c.run.least == 0 {
		return nil, fmt.Errorf("rule %s: the regex of a near rule must hold a class with a least length, such as [0-9a-z]{20}", r.ID)
	}
	for _, name := range r.Checks {
		check, ok := checkNamed(name)
		if !ok {
			return nil, fmt.Errorf("rule %s: unknown check %q (known: %s)", r.ID, name, strings.Join(CheckNames(), ", "))
		}
		c.checks = append(c.checks, check.check)
	}
	anchor := ""
	if r.Before == 0 && len(r.Paths) == 0 {
		anchor = `\A`
	}
	if c.regex, err = lazyRegexp(anchor + "(?:" + r.Regex + ")"); err != nil {
		return nil, fmt.Errorf("rule %s: regex: %w", r.ID, err)
	}
	if r.Decode != "" && r.Decode != "base64" && r.Decode != "hex" {
		return nil, fmt.Errorf("rule %s: decode is %q: it takes base64 or hex", r.ID, r.Decode)
	}
	if c.value, err = lazyRegexp(r.Value); err != nil {
		return nil, fmt.Errorf("rule %s: value: %w", r.ID, err)
	}
	if c.context, err = lazyRegexp(r.Context); err != nil {
		return nil, fmt.Errorf("rule %s: context: %w", r.ID, err)
	}
	if c.sure, err = lazyRegexp(r.Sure); err != nil {
		return nil, fmt.Errorf("rule %s: sure: %w", r.ID, err)
	}
	if c.unless, err = lazyRegexp(r.Unless); err != nil {
		return nil, fmt.Errorf("rule %s: unless: %w", r.ID, err)
	}
	return c, nil
}

func count(given []bool) (n int) {
	for _, g := range given {
		if g {
			n++
		}
	}
	return n
}

// lazyRegexp checks expr now and compiles it when the result is first called.
func lazyRegexp(expr string) (func() *regexp.Regexp, error) {
	if _, err := syntax.Parse(expr, syntax.Perl); err != nil {
		return nil, err
	}
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) }), nil
}

// Reach returns how many bytes MatchAt may look at before and after the
// keyword's offset.
func (r *Rule) Reach() (before, after int) {
	after = r.use().reach + 1
	if r.Tail != (Class{}) {
		after += maxTail
	}
	return max(r.Before, ContextReach) + blobRun, after + max(blobRun, contextAfter, foreignReach, lineReach)
}
