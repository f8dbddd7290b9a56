//go:build !linux

package pack

// largePages has no effect: only Linux supports it.
func largePages([]byte) {}
