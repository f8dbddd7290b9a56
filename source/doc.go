// Package source turns files, standard input and patches into the blobs that
// the scanner scans. Everything is read when a worker asks for it, so memory
// does not grow with what there is to scan.
package source
