// Package splice says how one text was made from another. Packs store objects like
// this, and the scanner spares work by it; neither needs to know of the other.
package splice

// Segment is a stretch of a text that was made from another, its base: Len bytes at
// Off that are the base's bytes at From, or new, or to be taken for new, if From is
// negative.
type Segment struct{ Off, Len, From int64 }
