// Package unpack unpacks zip, gzip, bzip2 and tar archives in memory: bytes in, members
// out. It has no notion of credentials.
//
// An Unpacker passes each member of an archive to a Visitor (unpack.go), which scans it
// and may abandon it at any byte. Archives in archives are recognized by their first
// bytes (format.go). A zip is read by its directory and by the headers before its
// members, because readers differ in which of them they use (zip.go, zipmember.go).
// Members that cannot be unpacked are recorded in one error (unread.go). Beginning
// (beginning.go) unpacks an archive that is encoded in a text and may be truncated.
package unpack
