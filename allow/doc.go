// Package allow decides which findings a team has said are fine: by a mark in
// the file (Inline), an entry of the configuration (List) or a line of the
// baseline (Baseline). A Policy asks them in their order about a scan's results.
// Each decision carries its reason and its place, so that nothing is dropped
// without a trace, and entries that are of no use any more can be told.
//
// It is asked about candidates only. A scan that finds nothing costs nothing
// here, however long the lists; a finding costs a look into an index, and a
// millisecond for its fingerprint if any entry has one. Policies, lists and
// baselines note what was used: each is for one goroutine.
package allow
