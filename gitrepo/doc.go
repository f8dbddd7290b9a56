// Package gitrepo turns a git repository into sources of blobs: what is staged,
// and the files of the work tree that git would not ignore.
//
// What git alone knows for certain (where its folders are, what the index holds
// in its many formats) is asked of the git program, one process a question,
// with everything off that a repository's configuration could use to run code,
// to reach the network or to hide content. Objects are read by internal/pack.
//
// A Repo is safe for concurrent use.
package gitrepo
