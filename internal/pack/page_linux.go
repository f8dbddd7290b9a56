package pack

import "syscall"

// largePages asks the system to back b, which nothing was written to yet, with pages
// of 2 MiB in place of 4 KiB: each page is made when it is first touched, and costs
// more than what is then done with its bytes. Where there are none, nothing changes.
func largePages(b []byte) {
	_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE)
}
