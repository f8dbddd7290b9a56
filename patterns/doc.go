// Package patterns defines the credentials that keyguard finds: rules as data, and checks
// that drop false positives.
//
// A Rule has literal keywords, a regular expression that matches at or around one of them,
// and named checks of the matched secret. The built-in rules are the TOML files in rules/,
// compiled into builtin_table.go; Set.Words returns their keywords. The scanner package searches
// the keywords, calls Rule.MatchAt at each hit, and pairs the matches. A rule of files has
// paths instead of keywords (path.go).
//
// NewSet compiles rules (compile.go), and apply.go applies them. The package
// patterns/internal/expr runs their regular expressions.
//
// All types are safe for concurrent use after NewSet. A set creates the built-in rules (lazy.go)
// and compiles regular expressions at their first use, so a scan without hits does neither.
package patterns
