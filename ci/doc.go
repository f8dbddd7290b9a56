// Package ci detects the continuous integration system that runs the program, and plans
// which commits to scan.
//
// Detect reads the variables that a system documents, and for GitHub the file with its
// event. It returns a Job: a push, a proposed change, or a full scan. Job.Plan then
// checks which of the job's commits are in the clone, and selects a range. Its start may
// be unknown: the branch is new, the push was forced, or the system does not provide it.
// Then more is scanned, never less.
//
// Each system has a file that interprets its variables. Branch names are untrusted input:
// they are resolved as full refs, and a plan contains only commit IDs.
//
// The package starts no programs, and reads variables, files and the clone only through
// the values that its caller provides. A Job and a Plan must not be modified.
package ci
