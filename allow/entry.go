package allow

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/keyguard/keyguard/scanner"
)

// Target is what of a finding the regular expressions of an entry are tried on.
type Target string

// The targets.
const (
	OnSecret Target = "secret" // the secret; of a lone key id, the id
	OnMatch  Target = "match"  // any part of the credential: secret, id, token
	OnLine   Target = "line"   // the line that holds the secret, up to 600 bytes to either side
	OnPath   Target = "path"   // its path; an entry has these as Paths
)

// Paths decides about paths, relative to the top of what is scanned.
type Paths interface {
	Match(path string) (place string, ok bool)
}

// Entry allows the findings that all of its conditions hold for. A condition
// that is not set holds; of one with several values any will do.
type Entry struct {
	Place   string    // where it is written: file:line
	Reason  string    // why its findings are fine
	Expires time.Time // the first moment at which it no longer counts; zero: never

	Paths        Paths
	Rules        []string // ids
	Regexes      []func() *regexp.Regexp
	Target       Target   // empty: OnSecret
	Stopwords    []string // in the secret, in any case
	Commits      []string // full ids, or their first digits, of the commit that introduced it
	Accounts     []string // 12 digits
	Fingerprints []string // see scanner.Finding.Fingerprint
}

// Expired reports whether the entry is dead at that time.
func (e *Entry) Expired(now time.Time) bool { return !e.Expires.IsZero() && !now.Before(e.Expires) }

// allows reports whether all conditions hold, the cheap ones first.
func (e *Entry) allows(f *scanner.Finding) bool {
	return (len(e.Rules) == 0 || slices.Contains(e.Rules, f.RuleID)) &&
		(len(e.Accounts) == 0 || f.Account != "" && slices.Contains(e.Accounts, f.Account)) &&
		(len(e.Commits) == 0 || e.byCommit(f)) &&
		(len(e.Stopwords) == 0 || e.byStopword(f)) &&
		(len(e.Regexes) == 0 || e.byRegex(f)) &&
		(e.Paths == nil || e.byPath(f)) &&
		(len(e.Fingerprints) == 0 || slices.Contains(e.Fingerprints, f.Fingerprint()))
}

func (e *Entry) byCommit(f *scanner.Finding) bool {
	h := f.Origin.History
	return h != nil && h.Commit != "" && slices.ContainsFunc(e.Commits, func(id string) bool { return strings.HasPrefix(h.Commit, id) })
}

func (e *Entry) byStopword(f *scanner.Finding) bool {
	secret := strings.ToLower(f.Secret.Reveal())
	return slices.ContainsFunc(e.Stopwords, func(w string) bool { return strings.Contains(secret, strings.ToLower(w)) })
}

func (e *Entry) byRegex(f *scanner.Finding) bool {
	texts := []string{f.Secret.Reveal()}
	switch e.Target {
	case OnLine:
		texts = []string{f.Excerpt.Line().Reveal()}
	case OnMatch:
		texts = append(texts, f.KeyID)
		for _, p := range f.Related {
			texts = append(texts, p.Secret.Reveal())
		}
	}
	return slices.ContainsFunc(e.Regexes, func(re func() *regexp.Regexp) bool {
		return slices.ContainsFunc(texts, func(s string) bool { return s != "" && re().MatchString(s) })
	})
}

// byPath holds if every path does that the credential is known to have had: one
// that has left the allowed folders is not allowed.
func (e *Entry) byPath(f *scanner.Finding) bool {
	return matchAll(e.Paths, &f.Origin) != ""
}

// Everywhere returns the place of the pattern that matches an origin's path, if
// paths matches all the paths that it has in history; else "".
func matchAll(paths Paths, at *scanner.Origin) string {
	place, ok := paths.Match(at.Path)
	if !ok {
		return ""
	}
	if h := at.History; h != nil {
		if h.MorePaths {
			return ""
		}
		for _, p := range h.Paths {
			if _, ok := paths.Match(p); !ok {
				return ""
			}
		}
	}
	return place
}
