// Package history scans the objects of a git repository and attributes findings to the
// commits that introduced them.
package history
