package gitrepo

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestWalkEqualsPlainOnRealRepositories compares on the repositories that
// KEYGUARD_TEST_REPOS lists. Of a large one that takes minutes.
func TestWalkEqualsPlainOnRealRepositories(t *testing.T) {
	list := filepath.SplitList(os.Getenv("KEYGUARD_TEST_REPOS"))
	if len(list) == 0 {
		t.Skip("KEYGUARD_TEST_REPOS names no repositories")
	}
	s := newScanner(t)
	for _, dir := range list {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			f := &fixture{t: t, dir: dir}
			start := time.Now()
			got := tracked(t, f.open(), s, 2, 0)
			walked := time.Since(start)
			want := plainly(t, f.everyObject(), s)
			got.compare(t, want)
			t.Logf("%d objects, %d MB, %d findings in them; walk %.1f s, plain %.1f s", want.objects, want.bytes/1e6, len(want.set),
				walked.Seconds(), (time.Since(start) - walked).Seconds())
		})
	}
}
