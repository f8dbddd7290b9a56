// Package source provides sources of blobs for the scanner: files, standard input and
// patches. It also matches the patterns of ignore files.
//
// It is the start of the pipeline. Content is read when a worker opens a blob, so memory
// does not grow with the size of the input. A source supports one iteration at a time.
// Package sourcetest tests implementations of scanner.Source.
package source
