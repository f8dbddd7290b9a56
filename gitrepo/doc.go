// Package gitrepo reads git repositories: staged changes, the working-tree files that git
// does not ignore, files at a commit, refs, settings, and the objects that a push or a
// range contains. Package history scans all objects.
//
// Git determines the paths of its directories and the content of the index. It runs once
// per question, with every setting disabled that could run code, use the network or hide
// content (git.go). Objects are read by internal/pack. Refs are read by go-git if all of
// them have a plain form, and by git otherwise (refs.go).
//
// Stage creates a temporary index and object directory, to try a hook (trial.go).
//
// A Repo is safe for concurrent use.
package gitrepo
