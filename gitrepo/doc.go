// Package gitrepo is what keyguard knows of git repositories: what is staged,
// the files of the work tree that git would not ignore, files as a commit has
// them, and all of history.
//
// What git alone knows for certain (where its folders are, what the index holds
// in its many formats) is asked of the git program, one process a question,
// with everything off that a repository's configuration could use to run code,
// to reach the network or to hide content. Objects are read by internal/pack,
// refs by go-git where it knows their format.
//
// History visits every object once (survey.go) and has the scanner search what
// is new in each; then it finds the commits that introduced what was found
// (attribution.go, trace.go), by way of signatures of trees (signature.go), which are
// made from notes that were taken of them (lineage.go, sweep.go). It costs about what
// inflating the packs costs, and memory of 50 to 60 bytes an object: 34 for the catalog
// and what is built on what, and the rest for notes on trees and commits.
//
// Stage makes a temporary index and object folder to try a hook on (trial.go).
//
// A Repo is safe for concurrent use; a History is for one scan at a time.
package gitrepo
