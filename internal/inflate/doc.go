// Package inflate decodes zlib streams (RFC 1950, RFC 1951) whose inflated size is known
// and whose compressed bytes are all in memory: the entries of git packs
// (gitformat-pack(5)) and the members of zip archives. Most of the time of reading
// history is spent on inflating, so the package is optimized for speed: it takes about
// 0.4 of the time of compress/zlib, for many entries of some hundred bytes as well as for
// a few large ones. It imports no other package of this module.
//
// A Decoder is not safe for concurrent use. Keep one per goroutine for all its streams.
//
// # Algorithm
//
// A stream that is in memory needs no state machine: the decoder is a loop over local
// variables. A uint64 holds the next bits. One 8-byte load refills it, which is enough
// for three literals, or for two and a length. One lookup by the next 11 bits (8 for
// distances) returns all properties of a symbol, see entry. Longer codes continue in a
// small table that the first one links to. They are rare in source code, and the tables
// fit into the first-level cache. Matches are copied in words, past their end, because
// later output overwrites the excess. Near the end of the input or the output, where
// words would overrun, slower code decodes symbol by symbol.
//
// In a stream of some hundred bytes, most of the time goes into reading its codes and
// building their tables. So only symbols that have a code are listed, counting sorts
// them, and a table is filled with short codes first and doubled by copying for each
// further bit.
//
// The compiler checks all indexes: package unsafe was tried and gained nothing.
//
// # Errors
//
// The fast decoder reports only success or failure. After a failure, compress/zlib
// decodes the same stream, and its result is final and names the error. So this package
// accepts every stream that the standard library accepts, and only corrupt streams pay
// for that. Fuzz targets test that it accepts no others, and that no valid stream needs
// the second decoder.
package inflate
