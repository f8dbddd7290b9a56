// Package cquote reads and writes the quoting of file names in git's diffs and lists: a C
// string in double quotes, with octal escapes for other bytes (git-config(1),
// core.quotePath).
package cquote
