// Package literal finds a set of words in text at memory speed. It is the
// prefilter of the scanner: everything dearer runs only around its hits.
//
// Each word is represented by four of its bytes. Whatever a text's alignment,
// one of the three byte pairs inside those four begins at an offset divisible
// by three, so looking at every third byte pair finds every occurrence, and
// finds it once. A table of 64 KiB tells of each pair, as eight bits, what may
// follow it in a word: about one sample in a hundred needs a closer look. Text
// touches a fraction of the table that fits the first-level cache; lookups do not
// depend on each other, so the processor overlaps them.
//
// A Set is immutable and safe for concurrent use. Building one costs some
// microseconds a word.
package literal
