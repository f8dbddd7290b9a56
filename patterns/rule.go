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
// Its doc tags are what editors and docs/configuration.md show.
type Rule struct {
	ID          string   `toml:"id" doc:"Lower-case letters, digits and dashes. Never reused, because fingerprints depend on it."`
	Title       string   `toml:"title" doc:"A noun phrase, which reports show."`
	Description string   `toml:"description" doc:"The credential, and the access that it grants."`
	Since       string   `toml:"since" doc:"The version that introduced the rule."`
	Family      string   `toml:"family" doc:"The provider or the group of rules, such as aws. Default: the name of the built-in rule file; custom for rules of a configuration."`
	Tags        []string `toml:"tags" doc:"Words that describe the rule, for selections."`
	Owner       string   `toml:"owner" doc:"The service that issues the credential, as reports name it: Amazon Bedrock."`
	Bits        int      `toml:"bits" doc:"Random bits of the secret. Default: 0, for a password that a person may choose. Below 128, reports contain nothing that helps to guess it."`
	Revoke      *Revoke  `toml:"revoke" doc:"How to end the access that the credential grants."`
	Kind        Kind     `toml:"kind" doc:"The kind of finding. A secret, a token and an ID form a pair; an api_key is useful on its own."`
	Severity    Severity `toml:"severity" doc:"The severity of a finding. Default: medium."`

	Keywords    []string `toml:"keywords" doc:"Literals of four bytes or more. A match starts with one of them; the regex runs nowhere else."`
	IgnoreCase  bool     `toml:"ignore_case" doc:"Whether the case of the keywords is ignored."`
	Before      int      `toml:"before" doc:"The greatest number of bytes of a match before its keyword."`
	AsIs        bool     `toml:"as_is" doc:"Whether the rule applies only to plain text, not to decoded text, which may lack the bytes before the match."`
	KeywordCost string   `toml:"keyword_cost" doc:"The reason for a keyword that costs more than keyguard rules check accepts."`
	Near        *Near    `toml:"near" doc:"Instead of keywords: the rule applies only near findings of another kind."`
	Paths       []string `toml:"paths" doc:"Instead of keywords: names of files, as in .gitignore, that should not be committed if the regex matches their content."`
	Regex       string   `toml:"regex" doc:"A regular expression (RE2) with a greatest length, so without * and +. The secret is its first group, or the whole match."`
	Decode      string   `toml:"decode" doc:"base64 or hex: the encoding of the secret in the match."`
	Value       string   `toml:"value" doc:"With decode: a regex for the secret in the decoded text; the secret is its first group, or the whole match."`
	Tail        Class    `toml:"tail" doc:"Bytes that may extend a secret past the match, as in the brackets of a regex."`
	Left        Class    `toml:"left" doc:"Bytes that must not precede the secret directly."`
	Right       Class    `toml:"right" doc:"Bytes that must not follow the secret directly."`

	MinEntropy float64  `toml:"entropy" doc:"The least entropy of the secret, in bits per byte. Random base64 of 40 characters has 4.5 or more."`
	Checks     []string `toml:"checks" doc:"Names of checks, which drop false positives."`
	Context    string   `toml:"context" doc:"A regex that must match between 300 bytes before the keyword and 120 bytes after the secret. Otherwise the match can only complete a pair."`
	Sure       string   `toml:"sure" doc:"A regex that raises the confidence if it matches before the secret."`
	Unless     string   `toml:"unless" doc:"A regex that must not match on the secret's line before the secret."`
	Names      string   `toml:"names" doc:"The vocabulary that decides by the name of a secret, such as aws-secret, to which provider it belongs. A secret with another name can only complete a pair."`

	Examples        []string `toml:"examples" doc:"Templates that must be found: {{alnum 32}} stands for 32 random characters. See keyguard rules check."`
	CounterExamples []string `toml:"counter_examples" doc:"Templates that must not be found."`

	vocabulary *Names // of that id
	compiled   func() (*compiled, error)
}

// contextReach is how many bytes before a keyword a rule's Context may lie.
const contextReach = 300

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
	bounds
	branches []branch // the ways in which it may match, if that tells more
	closed   bool     // no match may end within the run
	wholeMatch     bool     // a match is the secret, and begins with the keyword
	checks   []check
	regex    func() *regexp.Regexp
	value    func() *regexp.Regexp
	context  finder
	sure     finder
	unless   finder
	// How many bytes at the end of a line's start decide whether unless matches.
	unlessReach int
}

var errUnbounded = errors.New("the regex has no greatest length: write {0,40} for * and {1,40} for +, or use tail")

// prepare makes the rule compile itself when it is first used: most runs meet
// no keyword of most rules.
func (r *Rule) prepare() {
	r.compiled = sync.OnceValues(r.compile)
}

// use returns the compiled rule. Its text was checked before: by NewSet, or for
// the built-in rules by this package's test.
func (r *Rule) mustCompiled() *compiled {
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
	if given := []bool{len(r.Keywords) > 0, r.Near != nil, len(r.Paths) > 0}; countTrue(given) != 1 {
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
	c.bounds = newBounds(tree)
	c.wholeMatch = r.Before == 0 && len(r.Keywords) > 0 && tree.MaxCap() == 0
	if r.Before == 0 {
		c.branches = branches(tree)
	}
	c.closed = r.Tail == (Class{}) && c.run.class.isSubset(&r.Right)
	if r.Near != nil && c.run.least == 0 {
		return nil, fmt.Errorf("rule %s: the regex of a near rule must hold a class with a least length, such as [0-9a-z]{20}", r.ID)
	}
	for _, name := range r.Checks {
		check, ok := checkNamed(name)
		if !ok {
			return nil, fmt.Errorf("rule %s: unknown check %q (known: %s)", r.ID, name, strings.Join(checkNames(), ", "))
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
	if c.context, err = newFinder(r.Context); err != nil {
		return nil, fmt.Errorf("rule %s: context: %w", r.ID, err)
	}
	if c.sure, err = newFinder(r.Sure); err != nil {
		return nil, fmt.Errorf("rule %s: sure: %w", r.ID, err)
	}
	if c.unless, err = newFinder(r.Unless); err != nil {
		return nil, fmt.Errorf("rule %s: unless: %w", r.ID, err)
	}
	c.unlessReach = endReach(r.Unless)
	return c, nil
}

func countTrue(given []bool) (n int) {
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
	after = r.mustCompiled().reach + 1
	if r.Tail != (Class{}) {
		after += maxTail
	}
	return r.Before + surroundBefore, after + surroundAfter
}
