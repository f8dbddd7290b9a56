package scanner

import "time"

// Origin is the location of a blob.
type Origin struct {
	Path    string   // any bytes, with slashes on every system
	Object  string   // ID of the git object, if one was scanned
	History *History // nil outside of history
}

// History is the provenance of content: the commits that introduced and removed it, its
// other paths, and the refs that contain it.
type History struct {
	// Commit introduced it: its tree contains it, and no parent's tree does. Empty if no
	// commit contains it.
	Commit string
	// AtOrBefore reports that the clone is shallow and lacks parents of the commit. The
	// content came with Commit or earlier, and Author is empty.
	AtOrBefore bool
	Message    bool // it is in the message of Commit or Tag, and Path is empty
	Tag        string
	Author     string    // name and address
	Date       time.Time // of authorship
	Reachable  bool      // from some ref
	Commits    int       // number of commits that contain it
	InHead     bool
	// Removed is the last commit that lacks it while all of its parents have it. Empty if
	// no commit does, or HEAD contains it.
	Removed     string
	RemovedDate time.Time // of authorship
	Paths       []string  // other paths, past or present, sorted
	MorePaths   bool      // the list may be incomplete
	Branches    []string  // branches that contain it, including remote ones
	Tags        []string
}
