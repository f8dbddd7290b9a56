// Package config reads .keyguard.toml and what it extends, and works out what
// holds for a run.
//
// Decoding is strict: an unknown key, a value of the wrong type, a pattern that
// does not compile or a date that is none is an error with file, line and the
// source line marked. Files add to each other and to the built-in rules; none
// drops what it does not name.
//
// It stands above patterns, source and allow, whose values it makes, and below
// the command line, which hands it what flags and the environment say. Nothing
// here reads the environment, and files are read through a Store, so that a
// configuration can come from a commit. A Config is immutable; loading one of a
// thousand entries takes some milliseconds.
package config
