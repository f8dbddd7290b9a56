package config

import (
	"fmt"
	"regexp"
	"sync"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/source"
)

// entry makes an entry of the allowlist from the i-th of the file. Patterns and
// expressions were checked when the file was parsed; they are compiled when a
// finding first comes that far.
func (f *File) entry(i int, counter *lines) (allow.Entry, error) {
	a := &f.Allow[i]
	e := allow.Entry{
		Place: counter.place(fmt.Sprintf("allow[%d]", i)), Reason: a.Reason, Rules: a.Rules, Target: a.Target,
		Stopwords: a.Stopwords, Commits: a.Commits, Accounts: a.Accounts, Fingerprints: a.Fingerprints,
	}
	if a.Expires != nil {
		e.Expires = a.Expires.AddDate(0, 0, 1) // it counts on its last day
	}
	for _, expr := range a.Regexes {
		e.Regexes = append(e.Regexes, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) }))
	}
	if len(a.Paths) > 0 {
		ig, err := source.NewIgnore(e.Place, a.Paths)
		if err != nil {
			return e, err
		}
		e.Paths = ig
	}
	return e, nil
}
