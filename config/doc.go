// Package config reads .keyguard.toml and the files that it extends, and computes the
// effective configuration of a run.
//
// Decoding is strict: an unknown key, a value of the wrong type, a pattern that does not
// compile or an invalid date is an error with file, line and the marked source line.
// Files add to each other and to the built-in rules; none removes settings that it does
// not name.
//
// It is above patterns, scanner, source and allow, and below the command line, which
// passes in flags and environment settings. The package does not read the environment. It
// reads files through a Store, so that a configuration can come from a commit; the Store
// decides which files may be read. Errors never show a line that may contain a secret,
// nor any line of a file without the extension .toml. A Config is immutable. Loading a
// thousand entries takes a few milliseconds.
package config
