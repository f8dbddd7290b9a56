// Package scanner finds credentials in bytes.
//
// Its pipeline, with one file or two per stage:
//
//   - Scan (scan.go) distributes the Blobs of a Source (blob.go) to workers, and returns
//     the results in the order of the blobs.
//   - The content of a blob (content.go) is a text (text.go) and possibly an archive
//     (archive.go), whose members are texts. internal/unpack unpacks it.
//   - A window (window.go) slides over a text, narrowed if it is UTF-16 (wide.go).
//   - locate (locate.go) finds the keywords and applies the rules to each, also in decoded
//     parts of the text (hitmatcher.go, decoders.go). The result is candidates.
//   - findings (pair.go) pairs candidates and turns them into Findings, with an Excerpt
//     in which secrets are masked.
//
// A Tracker (carry.go) scans texts that are built from one another, such as the versions in
// a git pack. Parts (parts.go) returns the parts of a text to mask instead of findings.
// The package does not depend on git, files or reports.
//
// A Scanner is immutable and safe for concurrent use. It needs a window of about 300 KiB
// per worker, two for UTF-16, for any size of a blob or a line. An archive of up to 64 MiB
// is kept in memory. Without text that resembles a credential, the time is that of the
// literal prefilter, which reads one or two gigabytes per second.
package scanner
