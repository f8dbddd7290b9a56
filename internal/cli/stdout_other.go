//go:build !(linux || darwin || freebsd || netbsd)

package cli

import "os"

// isReplaced reports whether Go's runtime opened the null device for a closed file.
func isReplaced(*os.File) bool { return false }
