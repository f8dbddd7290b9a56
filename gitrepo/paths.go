package gitrepo

import (
	"os"
	"path/filepath"
)

// absolute resolves a path that git printed when it ran in dir.
func absolute(dir, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// isWithin reports whether a path without symlinks is dir or below it. It is false if dir
// is empty.
func isWithin(path, dir string) bool {
	rel, err := filepath.Rel(resolveLinks(dir), path)
	return dir != "" && err == nil && filepath.IsLocal(rel)
}

// resolveLinks resolves the symlinks in a path, whose last elements need not exist.
func resolveLinks(path string) string {
	real, err := filepath.EvalSymlinks(path)
	if parent := filepath.Dir(path); err != nil && parent != path {
		return filepath.Join(resolveLinks(parent), filepath.Base(path))
	}
	return real
}

// nearestExisting returns dir, or its nearest parent that exists.
func nearestExisting(dir string) string {
	for parent := filepath.Dir(dir); parent != dir; dir, parent = parent, filepath.Dir(parent) {
		if _, err := os.Stat(dir); err == nil {
			break
		}
	}
	return dir
}
