// Package scanner finds credentials in bytes.
//
// Its pipeline, a file each: a Source yields Blobs (blob.go); a window slides
// over each (window.go); keywords are located and rules applied around them
// (locate.go); candidates that belong together become one Finding (pair.go);
// and results come out in the order of the blobs, however many workers scan
// (scan.go). The package knows nothing of git, of files, or of reports.
//
// A Scanner is immutable and safe for concurrent use. Its memory is a window of
// some 300 KiB a worker, whatever the size of a blob or of a line in it. Its
// time is that of the literal prefilter, about a second for two gigabytes,
// where nothing looks like a credential.
package scanner
