// Package allow decides which findings a team accepts: by a mark in the file (Inline), an
// entry of the configuration (List) or a line of the baseline (Baseline). A Policy
// applies them in this order to the results of a scan. Each decision records its reason
// and its place, so that no finding is dropped without a trace and unused entries can be
// reported.
//
// Only findings are matched. A scan without findings costs nothing here, however long the
// lists are. A finding costs an index lookup, and a millisecond for its fingerprint if
// any entry has one. Policies, lists and baselines record which entries were used, so
// each is for one goroutine.
package allow
