package expr

import (
	"regexp"
	"regexp/syntax"
	"sync"
)

// Lazy returns a function that compiles expr at its first call.
func Lazy(expr string) (func() *regexp.Regexp, error) {
	if _, err := syntax.Parse(expr, syntax.Perl); err != nil {
		return nil, err
	}
	return compileLater(expr), nil
}

// compileLater is Lazy for an expression without errors.
func compileLater(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
