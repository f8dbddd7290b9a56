// Package literal finds a set of words in text at memory speed. It is the scanner's
// prefilter: everything more expensive runs only around its hits.
//
// Each word is represented by its anchor, four adjacent bytes. At any alignment, one of
// the three byte pairs in the anchor starts at an offset divisible by three. So reading
// every third byte pair finds every occurrence exactly once. For each pair, a table of 64
// KiB holds, as eight bits, the classes of bytes that may follow it in a word. About one
// sample in a hundred needs further comparison. Common text uses a part of the table that
// fits into the first-level cache. Lookups do not depend on each other, so the processor
// overlaps them.
//
// A Set is immutable and safe for concurrent use. Building one costs some microseconds
// per word.
package literal
