// Package ci knows what continuous integration systems say of a run, and which
// commits that run should scan.
//
// Detect reads the variables that a system documents, and in GitHub the event
// that it stores in a file, and returns a Job: a push, a change that someone
// proposes, or a sweep over everything. Job.Plan then asks the clone which of
// the commits that the job names are there, and decides on a range. Where it
// starts may be unknown: a branch is new, was pushed by force, or the system
// does not tell. Then more is scanned, never less.
//
// A file for each system tells what its variables mean. Names of branches come
// from whoever pushed them: they are asked for as whole refs, and a plan holds
// nothing but commit ids.
//
// The package runs nothing and reads nothing on its own. Its values are
// immutable.
package ci
