package scanner

import "time"

// Origin is where content lives.
type Origin struct {
	Path    string   // as the source has it, any bytes; slashes on every system
	Object  string   // id of the git object, if that is what was scanned
	History *History // nil unless it comes from a repository's history
}

// History tells how content came into a repository and where it is now.
type History struct {
	// Commit is the one that introduced it: that has it while none of its
	// parents does. Empty if it is in no commit.
	Commit string
	// AtOrBefore reports that parents of a commit that brings it are not here: a
	// shallow clone ends there. It came with Commit or before, and Author is empty.
	AtOrBefore bool
	Message    bool // it is in the message of Commit, or of the tag Tag, and Path is empty
	Tag        string
	Author     string    // name and address
	Date       time.Time // of authorship
	Reachable  bool      // from some ref
	Commits    int       // how many hold it
	InHead     bool
	// Removed is the last commit that took it out: that lacks it while all of
	// its parents have it. Empty if there is none, or HEAD still holds it.
	Removed     string
	RemovedDate time.Time // of authorship
	Paths       []string  // where else it lives or lived, in order
	MorePaths   bool      // there may be others
	Branches    []string  // that hold it at their tips; also remote ones
	Tags        []string
}
