// Package peer imports the configurations and baselines of other secret scanners. A
// Result lists the parts that cannot be imported, so that nothing is lost silently.
//
// The formats follow the documentation of the projects: gitleaks for .gitleaks.toml and
// .gitleaksignore, git-secrets for .gitallowed and its git configuration, detect-secrets
// for .secrets.baseline.
//
// If another scanner ignores a location, given by commit, path and line, the finding
// there is looked up and its fingerprint is allowed: another credential at the same
// location is reported.
package peer
