package patterns

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/patterns/internal/expr"
)

const (
	maxTail   = 8 << 10 // bytes by which Tail or Until extends a secret
	maxRegex  = 4 << 10 // bytes in a match of Regex
	maxBefore = 1 << 10 // value of Before
)

// MaxReach is an upper limit of Rule.Reach for all rules.
const MaxReach = maxTail + maxRegex + maxBefore

// contextAfter is the number of bytes after a secret in which Context may match.
const contextAfter = 120

// Bytes around a secret that contexts and checks may read.
const (
	surroundBefore = max(contextReach, dataRun, foreignReach, lineReach)
	surroundAfter  = max(contextAfter, dataRun, foreignReach, lineReach)
)

// prepare delays the compilation to the first use, because most scans need few rules.
func (r *Rule) prepare() {
	r.compiled = sync.OnceValues(r.compile)
}

// mustCompiled returns the compiled rule. It panics if the rule is invalid, which NewSet
// prevents; for the built-in rules, the tests of this package do.
func (r *Rule) mustCompiled() *compiled {
	c, err := r.compiled()
	if err != nil {
		panic(err)
	}
	return c
}

// compile validates the rule. Regular expressions are parsed for their errors and limits,
// and compiled at their first use.
func (r *Rule) compile() (*compiled, error) {
	if !isID(r.ID) {
		return nil, fmt.Errorf("rule %q: an id consists of a-z, 0-9 and -", r.ID)
	}
	c := &compiled{}
	for _, step := range []func(*compiled) error{r.checkForm, r.checkDecoys, r.compileRegex, r.compileChecks, r.compileConditions} {
		if err := step(c); err != nil {
			return nil, fmt.Errorf("rule %s: %w", r.ID, err)
		}
	}
	return c, nil
}

// checkForm validates the fields that need no compilation.
func (r *Rule) checkForm(*compiled) error {
	if countTrue(len(r.Keywords) > 0, r.Near != nil, len(r.Paths) > 0, len(r.Services) > 0) != 1 {
		return errors.New("give either keywords, the literals that a match begins with, or near, or paths, or services")
	}
	if r.InValues && (len(r.Keywords) == 0 || slices.ContainsFunc(r.Keywords, func(k string) bool { return len(k) < prefixLen })) {
		return fmt.Errorf("in_values needs keywords of at least %d bytes", prefixLen)
	}
	for _, p := range slices.Concat(r.Paths, r.OnlyIn, r.NotIn) {
		if err := checkPath(p); err != nil {
			return err
		}
	}
	for _, e := range r.Encoded {
		for _, word := range e.Words {
			if err := (literal.Word{Text: word}).Check(); err != nil {
				return fmt.Errorf("encoded: %w", err)
			}
		}
	}
	if r.Before < 0 || r.Before > maxBefore {
		return fmt.Errorf("before is %d: it takes 0 to %d", r.Before, maxBefore)
	}
	if r.Decode != "" && r.Decode != "base64" && r.Decode != "hex" {
		return fmt.Errorf("decode is %q: it takes base64 or hex", r.Decode)
	}
	if generic := r.Kind.IsPart() && !strings.Contains(string(r.Kind), "_"); generic && r.Pair == "" {
		return fmt.Errorf("the kind %s is a part of a pair: give pair", r.Kind)
	}
	return nil
}

// compileRegex sets the regex, and the fields that follow from it.
func (r *Rule) compileRegex(c *compiled) (err error) {
	c.regex, err = expr.Parse(r.Regex, r.Before == 0 && len(r.Paths) == 0)
	switch {
	case errors.Is(err, expr.ErrUnbounded):
		return err
	case err != nil:
		return fmt.Errorf("regex: %w", err)
	case c.regex.MaxLen() > maxRegex:
		return fmt.Errorf("the regex can match %d bytes: at most %d, and tail for longer secrets", c.regex.MaxLen(), maxRegex)
	case r.Near != nil && c.regex.RunLen() == 0:
		return errors.New("the regex of a near rule must contain a class with a least length, such as [0-9a-z]{20}")
	}
	c.setGroups()
	c.secretOnly = r.Before == 0 && len(r.Keywords) > 0 && c.secretGroup == 0
	c.endsWithRun = r.Tail == (Class{}) && c.regex.RunIsSubset(r.Right)
	return nil
}

// compileChecks sets the checks.
func (r *Rule) compileChecks(c *compiled) error {
	for _, name := range r.Checks {
		check, ok := checkNamed(name)
		if !ok {
			return fmt.Errorf("unknown check %q (known: %s)", name, strings.Join(checkNames(), ", "))
		}
		c.checks = append(c.checks, check.check)
	}
	if r.Describe != "" && describer(r.Describe) == nil {
		return fmt.Errorf("unknown description %q (known: aws-key-id)", r.Describe)
	}
	if r.Proof != nil {
		if err := r.Proof.Validate(); err != nil {
			return fmt.Errorf("proof: %w", err)
		}
	}
	return nil
}

// compileConditions sets the expressions on the value and the surroundings of a secret.
func (r *Rule) compileConditions(c *compiled) (err error) {
	if c.value, err = expr.Lazy(r.Value); err != nil {
		return fmt.Errorf("value: %w", err)
	}
	if c.until, err = expr.Lazy(r.Until); err != nil {
		return fmt.Errorf("until: %w", err)
	}
	if c.context, err = expr.NewFinder(r.Context); err != nil {
		return fmt.Errorf("context: %w", err)
	}
	if c.sure, err = expr.NewFinder(r.Sure); err != nil {
		return fmt.Errorf("sure: %w", err)
	}
	if c.unless, err = expr.NewFinder(r.Unless); err != nil {
		return fmt.Errorf("unless: %w", err)
	}
	c.unlessSuffix = c.unless.Suffix(contextReach)
	return nil
}

func countTrue(conditions ...bool) (n int) {
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

// Reach returns the greatest numbers of bytes before and after the offset of a keyword
// that MatchAt may read.
func (r *Rule) Reach() (before, after int) {
	after = r.mustCompiled().regex.MaxLen() + 1
	if r.Tail != (Class{}) || r.Until != "" {
		after += maxTail
	}
	return r.Before + surroundBefore, after + surroundAfter
}
