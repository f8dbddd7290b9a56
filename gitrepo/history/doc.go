// Package history scans the objects of a git repository and attributes findings to the
// commits that introduced them.
//
// # Scan
//
// Scan.Run lists the objects (select.go, changedobjects.go) and visits each one once, a
// delta base before the objects built on it. Each worker searches only the text that is
// new in an object (worker.go). It also records the commits (commitlog.go) and how each
// tree differs from its delta base (readtree.go, treerecorder.go, treediffs.go), as
// sequences of small numbers (varintlog.go).
//
// # Attribution
//
// If the scan found something, queries on the recorded differences find the trees that
// contain a blob with a finding, then the trees that contain these, up to the root trees
// (treequery.go):
//
//	blob with findings ── query 1 ─► tree ── query 2 ─► tree ── query 3 ─► root tree
//
// Each of these trees gets a signature, which is equal for two trees if and only if they
// contain the same blobs with findings at the same paths (signatures.go). A commit
// introduces a credential if its tree contains it and no parent's tree does. A commit with
// the signature of a parent introduces nothing (graph.go, introductions.go).
//
// Trees are read again only for paths, once per signature (treepaths.go), and blobs and
// commits only if findings are located in them (provenance.go). In a range, only added
// lines count (additions.go).
//
// # Cost
//
// A scan takes about as long as inflating the packs. It needs 50 to 60 bytes of memory per
// object: 34 for the catalog and the order of deltas, and the rest for the records.
//
// ARCHITECTURE.md lists the files to read for a change.
package history
