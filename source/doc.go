// Package source turns files, standard input and patches into the blobs that
// the scanner scans, and knows the patterns of ignore files. It stands at the
// head of the pipeline. Everything is read when a worker asks for it, so memory
// does not grow with what there is to scan. A source is for one iteration at a
// time.
package source
