package pack

import "syscall"

// largePages asks the system to back b, which must not have been written to, with pages
// of 2 MiB instead of 4 KiB. A page fault costs more than the processing of a small page.
// The call has no effect on systems without large pages.
func largePages(b []byte) {
	_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE)
}
