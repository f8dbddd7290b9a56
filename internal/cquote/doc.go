// Package cquote reads and writes the quoting that git uses for file names in
// diffs and lists: a C string, in double quotes, with octal for other bytes
// (git-config(1), core.quotePath).
package cquote
