// Package peer reads the configurations and baselines of other secret scanners
// and says the same in keyguard's words, as far as that goes. What could not be
// carried over is listed: nothing is lost in silence.
//
// Formats are those that the projects document: gitleaks' README for
// .gitleaks.toml and .gitleaksignore, git-secrets' for .gitallowed and its git
// configuration, detect-secrets' for .secrets.baseline.
//
// Where another scanner ignores a place, as a commit, a path and a line, the
// finding is looked up there and its fingerprint taken: another credential in
// that place is not ignored any more.
package peer
