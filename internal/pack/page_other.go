//go:build !linux

package pack

// largePages does nothing: only Linux can be asked.
func largePages([]byte) {}
