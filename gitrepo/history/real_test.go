package history

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
	"github.com/keyguard/keyguard/scanner"
)

// realRepositories returns what KEYGUARD_TEST_REPOS lists, as PATH would.
func realRepositories(t testing.TB) []string {
	t.Helper()
	list := filepath.SplitList(os.Getenv("KEYGUARD_TEST_REPOS"))
	if len(list) == 0 {
		t.Skip("KEYGUARD_TEST_REPOS names no repositories")
	}
	return list
}

// BenchmarkHistory scans the history of real repositories: with -cpuprofile it
// shows where the time goes.
func BenchmarkHistory(b *testing.B) {
	s := newScanner(b)
	for _, dir := range realRepositories(b) {
		b.Run(filepath.Base(dir), func(b *testing.B) {
			repo, err := gitrepo.Open(b.Context(), dir)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				h := &Scan{Repo: repo}
				for range h.Run(b.Context(), s) { // missing objects are results as well
				}
				b.SetBytes(h.Coverage().Inflated)
			}
			b.StopTimer()
			b.ReportMetric(keeps(b, repo, s), "B/object")
		})
	}
}

// keeps returns how many bytes an object a survey keeps. What the walk alone needs is not
// among them.
func keeps(b *testing.B, repo *gitrepo.Repo, s *scanner.Scanner) float64 {
	before := heap()
	v, err := newObjectScan(b.Context(), repo, s, workerCount(0))
	if err != nil {
		b.Fatal(err)
	}
	if err := v.listObjects(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	if _, err := v.walk(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, w := range v.workers {
		w.flush()
		w.tracker = nil
	}
	after := heap()
	return float64(after-before) / float64(v.catalog.Len())
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestWalkEqualsPlainOnRealRepositories compares the walk with the plain way. Of a
// large repository that takes minutes.
func TestWalkEqualsPlainOnRealRepositories(t *testing.T) {
	s := newScanner(t)
	for _, dir := range realRepositories(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			f := &fixture{&gittest.Repo{T: t, Dir: dir}}
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
