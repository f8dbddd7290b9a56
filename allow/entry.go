package allow

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/keyguard/keyguard/scanner"
)

// Target is the text that the regular expressions of an entry match.
type Target string

// The targets.
const (
	OnSecret Target = "secret" // the secret, or the ID of a key ID without secret
	OnMatch  Target = "match"  // any part of the credential: secret, ID, token
	OnLine   Target = "line"   // the line that holds the secret, up to 600 bytes to either side
	OnPath   Target = "path"   // the path; an entry has such expressions as Paths
)

// Paths matches paths relative to the top of the scanned tree. Match returns the place of
// the pattern that matched.
type Paths interface {
	Match(path string) (place string, ok bool)
}

// Entry allows the findings that meet all its conditions. An empty condition is met. A
// condition with several values needs one of them.
type Entry struct {
	Place   string    // file:line
	Reason  string    // why its findings are allowed
	Expires time.Time // when the entry expires; zero: never

	Paths        Paths
	Rules        []string // rule IDs
	Regexes      []func() *regexp.Regexp
	Target       Target   // empty: OnSecret
	Stopwords    []string // in the secret, in any case
	Commits      []string // IDs, or their first digits, of the commit that introduced the finding
	Accounts     []string // 12 digits
	Fingerprints []string // see scanner.Finding.Fingerprint
}

// Expired reports whether the entry has expired at that time.
func (e *Entry) Expired(now time.Time) bool { return !e.Expires.IsZero() && !now.Before(e.Expires) }

// allows reports whether f meets all conditions, the cheap ones first.
func (e *Entry) allows(f *scanner.Finding) bool {
	return (len(e.Rules) == 0 || slices.Contains(e.Rules, f.RuleID)) &&
		(len(e.Accounts) == 0 || f.Account != "" && slices.Contains(e.Accounts, f.Account)) &&
		(len(e.Commits) == 0 || e.byCommit(f)) &&
		(len(e.Stopwords) == 0 || e.byStopword(f)) &&
		(len(e.Regexes) == 0 || e.byRegex(f)) &&
		(e.Paths == nil || e.byPath(f)) &&
		(len(e.Fingerprints) == 0 || hasAny(e.Fingerprints, f.Fingerprints()))
}

// hasAny reports whether a list contains any of the values.
func hasAny(list, values []string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return slices.Contains(list, v) })
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

// byPath reports whether e.Paths matches all known paths of the credential: one that was
// also outside of the allowed directories is not allowed.
func (e *Entry) byPath(f *scanner.Finding) bool {
	return matchAll(e.Paths, &f.Origin) != ""
}

// matchAll returns the place of the pattern that matches the path of an origin, or "" if
// paths does not match all its paths in history.
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
