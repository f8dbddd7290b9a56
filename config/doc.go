// Package config reads .keyguard.toml and what it extends, and works out what
// holds for a run.
//
// Decoding is strict: an unknown key, a value of the wrong type, a pattern that
// does not compile or a date that is none is an error with file, line and the
// source line marked. Files add to each other and to the built-in rules; none
// drops what it does not name.
//
// It stands above patterns, scanner, source and allow, and below the command line,
// which hands it what flags and the environment say. Nothing here reads the environment,
// and files are read through a Store, so that a configuration can come from a commit. A
// Store decides which files may be read. Errors show no line that may hold a secret, nor
// any of a file that is not TOML by its name. A Config is immutable; loading one of a
// thousand entries takes some milliseconds.
package config
