// Package scanner finds credentials in bytes.
//
// Its pipeline: a Source yields Blobs (blob.go); a window slides over each
// (window.go); keywords are located and rules applied around them (locate.go),
// through encodings (decode.go, views.go, wide.go) and in archives (archive.go,
// zip.go, tar.go); candidates that belong together become one Finding (pair.go), which
// shows what is around it with the secrets masked (excerpt.go); and results come out in
// the order of the blobs, however many workers scan (scan.go). A Tracker (delta.go)
// scans texts that are made from one another, as the versions in a git pack are.
// Parts (parts.go) returns what to mask in a text rather than what to report.
// The package knows nothing of git, of files, or of reports.
//
// A Scanner is immutable and safe for concurrent use. Its memory is a window of
// some 300 KiB a worker, two for UTF-16, whatever the size of a blob or of a line
// in it; an archive of up to 64 MiB is held whole. Its time is that of the literal
// prefilter, a gigabyte or two a second, where nothing looks like a credential.
package scanner
