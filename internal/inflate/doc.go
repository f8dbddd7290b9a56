// Package inflate decodes zlib streams (RFC 1950, RFC 1951) whose inflated size is known
// and whose compressed bytes are all in memory, as for the entries of a git pack (see
// gitformat-pack(5)), and the members of zips. Reading history is mostly inflating, so it is made for speed: it
// takes about 0.4 of compress/zlib's time, for the many entries of some hundred bytes
// as well as for the few large ones. It is at the bottom of the pipeline and knows of no
// other package of this module.
//
// A Decoder belongs to one goroutine, which keeps it for all its streams.
//
// # How
//
// A stream that is in memory needs no state machine: the decoder is a loop over local
// variables. Bits are kept in a uint64 that one 8-byte load tops up, enough for three
// literals, or for two and a length. One look-up by the next 11 bits (8 for
// distances) tells all about a symbol, see entry; longer codes go on in a small table
// that the first one links to. With 11 bits that is rare in source code, and the tables
// fit the first-level cache. Matches are copied in words, beyond their end, as what
// comes later overwrites the excess. Near the end of the input or the output,
// where words would reach too far, plain code goes on symbol by symbol.
//
// In a stream of some hundred bytes, most of the time goes into reading its codes and
// building their tables. So only symbols that have a code are listed, they are sorted by
// counting, and a table is filled with short codes first and doubled by copying for
// each further bit.
//
// All indexing is checked by the compiler: package unsafe was tried and won nothing.
//
// # Doubt
//
// The fast decoder says only yes or no. After a no, compress/zlib is given the same stream,
// and its verdict holds and names the error. So no stream is refused that the
// standard library accepts, and only corrupt streams pay for that. That none is accepted
// that it refuses, and that no good stream needs the second look, the fuzz targets test.
package inflate
