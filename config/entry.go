package config

import (
	"regexp"
	"sync"

	"github.com/keyguard/keyguard/allow"
	"github.com/keyguard/keyguard/source"
)

// allowEntry returns entry i of the file for the allowlist. Patterns and expressions were
// checked by Parse; they are compiled when a finding first needs them.
func (f *File) allowEntry(i int, place string) (allow.Entry, error) {
	a := &f.Allow[i]
	e := allow.Entry{
		Place: place, Reason: a.Reason, Rules: a.Rules, Target: a.Target,
		Stopwords: a.Stopwords, Commits: a.Commits, Accounts: a.Accounts, Fingerprints: a.Fingerprints,
	}
	if a.Expires != nil {
		e.Expires = a.Expires.AddDate(0, 0, 1) // it applies on its last day
	}
	for _, expr := range a.Regexes {
		e.Regexes = append(e.Regexes, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) }))
	}
	var paths allPaths
	if a.Target == allow.OnPath {
		paths = append(paths, regexPaths{e.Regexes, e.Place})
		e.Regexes = nil
	}
	if len(a.Paths) > 0 {
		ig, err := source.NewIgnore(e.Place, a.Paths)
		if err != nil {
			return e, err
		}
		paths = append(paths, ig)
	}
	if len(paths) > 0 {
		e.Paths = paths
	}
	return e, nil
}

// allPaths matches the paths that all its elements match.
type allPaths []allow.Paths

func (b allPaths) Match(path string) (place string, ok bool) {
	for _, p := range b {
		if place, ok = p.Match(path); !ok {
			return "", false
		}
	}
	return place, ok
}

// regexPaths matches the paths that any of its expressions matches.
type regexPaths struct {
	regexes []func() *regexp.Regexp
	place   string
}

func (r regexPaths) Match(path string) (string, bool) {
	for _, re := range r.regexes {
		if path != "" && re().MatchString(path) {
			return r.place, true
		}
	}
	return "", false
}
