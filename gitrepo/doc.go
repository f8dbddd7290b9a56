// Package gitrepo is what keyguard knows of git repositories: what is staged,
// the files of the work tree that git would not ignore, files as a commit has
// them, and all of history.
//
// What git alone knows for certain (where its folders are, what the index holds
// in its many formats) is asked of the git program, one process a question,
// with everything off that a repository's configuration could use to run code,
// to reach the network or to hide content. Refs, too, have many forms and are listed by
// git (refs.go). Objects are read by internal/pack.
//
// Stage makes a temporary index and object folder to try a hook on (trial.go).
//
// A Repo is safe for concurrent use; a History is for one scan at a time.
//
// # How history is scanned
//
// History visits every object once (survey.go, surveyor.go) and has the scanner search
// what is new in each. On the way it notes how the entries of each tree differ from those
// of the tree that its delta is built on (tree.go, draft.go, lineage.go), and which commits
// there are (chronicle.go); both as a row of small numbers (notes.go).
//
// If something was found, the notes of trees are gone through for the trees that have a
// blob with a finding as an entry, then for those that have these trees, and so on up to
// those of commits (sweep.go). That gives each of them a signature: of which blobs with findings
// lie below it, and where (signature.go). A commit introduces what its tree holds and the
// tree of no parent does; if it has the signature of a parent, that is nothing (graph.go,
// attribution.go). Trees are read again only to tell paths, one for each signature
// (path.go), and of blobs and commits those that findings come from (trace.go).
//
// If commits are left out, as from a range, it is added lines that count (additions.go).
//
// It costs about what inflating the packs costs, and memory of some 50 to 60 bytes an
// object: 34 for the catalog and what is built on what, and the rest for the notes.
package gitrepo
