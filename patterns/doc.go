// Package patterns holds what keyguard looks for: rules as data, and the
// checks that tell a credential from what merely looks like one.
//
// A Rule is a literal keyword, a regular expression that matches around it,
// and named checks on the matched secret. The built-in rules are the TOML files
// in rules/, embedded in the program; Set.Words lists their keywords. The scanner
// package drives it: it finds keywords, calls Rule.MatchAt at each, and pairs
// what was found. A rule of files has paths in place of keywords (path.go).
//
// Everything here is immutable once made and safe for concurrent use. Regular
// expressions are compiled when first needed, so a run that meets no keyword
// compiles none.
package patterns
