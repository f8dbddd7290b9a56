package history

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/keyguard/keyguard/internal/pack"
)

// describe tells of all findings what does not depend on how objects are stored.
func (o outcome) describe() []string {
	var out []string
	for i := range o.findings {
		f := &o.findings[i]
		out = append(out, fmt.Sprintf("%s %s %d %+v", name(f), f.Origin.Path, f.Span.Start, *f.Origin.History))
	}
	slices.Sort(out)
	return out
}

// TestHistoryDuringRepack: what git gc and git repack move about while a scan
// runs is neither missed nor said to be missing.
func TestHistoryDuringRepack(t *testing.T) {
	f := newFixture(t, "--bare")
	f.importGraph(7)
	f.importEdits(7, 15, "fastimport.unpackLimit=100000")
	want := f.scan().describe()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			args := [][]string{{"repack", "-dq"}, {"repack", "-Adfq", "--depth=20"}, {"gc", "-q", "--prune=never"}, {"repack", "-adkfq"}}[n%4]
			if out, err := f.Command(args...).CombinedOutput(); err != nil {
				t.Errorf("git %v: %v, %s", args, err, out)
			}
		}
	}()
	r := f.open()
	for n := range 8 {
		repo := r
		if n%2 == 0 {
			repo = f.open()
		}
		out := scanHistory(context.Background(), t, repo)
		if len(out.errors) > 0 {
			t.Errorf("scan %d: %v", n, out.errors)
		}
		if got := out.describe(); !slices.Equal(got, want) {
			t.Errorf("scan %d: %d findings, want %d", n, len(got), len(want))
		}
	}
	close(stop)
	<-done
}

// fuse is a context that is cancelled after it was looked at a number of times.
type fuse struct {
	context.Context
	cancel context.CancelFunc
	left   atomic.Int64
}

func newFuse(looks int64) *fuse {
	f := new(fuse)
	f.Context, f.cancel = context.WithCancel(context.Background())
	f.left.Store(looks)
	return f
}

func (f *fuse) Err() error {
	if f.left.Add(-1) < 0 {
		f.cancel()
	}
	return f.Context.Err()
}

// TestHistoryInterrupted: whenever a scan is interrupted, it says so, and what it
// has found by then is given.
func TestHistoryInterrupted(t *testing.T) {
	f := newFixture(t, "--bare")
	f.importGraph(3)
	r := f.open()
	whole := scanHistory(context.Background(), t, r, func(h *Scan) { h.Jobs = 1 })
	partial := 0
	for looks := int64(0); ; looks += 1 + looks/4 {
		out := scanHistory(newFuse(looks), t, r, func(h *Scan) { h.Jobs = 1 })
		if len(out.errors) == 0 {
			if len(out.findings) != len(whole.findings) {
				t.Errorf("complete with %d findings of %d", len(out.findings), len(whole.findings))
			}
			break
		}
		if len(out.errors) != 1 || !errors.Is(out.errors[0], context.Canceled) {
			t.Errorf("after %d looks: errors %v", looks, out.errors)
		}
		for _, x := range out.findings {
			if x.Origin.Object == "" || x.Origin.History != nil {
				t.Errorf("after %d looks: origin %+v", looks, x.Origin)
			}
		}
		if len(out.findings) > 0 {
			partial++
		}
	}
	if partial == 0 {
		t.Error("no interrupted scan had findings")
	}
}

// TestHistoryProgress: when all is done, progress says so.
func TestHistoryProgress(t *testing.T) {
	f := newFixture(t, "--bare")
	f.importGraph(3)
	ids := f.Git("rev-list", "--objects", "--all", "--no-object-names") + "\n"
	f.Feed(ids, "pack-objects", "-q", "--window=0", filepath.Join(f.Objects(), "pack", "pack")) // objects with two copies
	for _, revs := range [][]string{nil, {"--all"}} {
		h := &Scan{Repo: f.open(), Revisions: revs, Progress: func(Progress) {}}
		v, err := h.scanObjects(context.Background(), newScanner(t))
		if err != nil {
			t.Fatal(err)
		}
		if p := v.progress(); p.Done != p.Total || p.Done == 0 || p.Findings < int64(len(v.credentials)) {
			t.Errorf("%v: %+v, %d credentials", revs, p, len(v.credentials))
		}
	}
}

// TestHistoryOfLargeBlob: what does not fit in memory is streamed.
func TestHistoryOfLargeBlob(t *testing.T) {
	f := newFixture(t)
	p := new(packer)
	line := strings.Repeat("x", 79) + "\n"
	text := []byte(strings.Repeat(line, 72<<20/len(line)) + f.Text("{{akia#first}}\n"+line+line+"{{akia#second}}\n"))
	large := p.object(pack.Blob, text)
	edited := append(text[:len(text):len(text)], f.Text("{{akia#third}}\n")...)
	var ops [][]byte
	for at := 0; at < len(text); at += 1 << 23 {
		ops = append(ops, copyOp(at, min(1<<23, len(text)-at)))
	}
	id := objectID(pack.Blob, edited)
	p.entries = append(p.entries, packed{id, offsetDelta, large, deltaTo(len(text), len(edited), append(ops, insertOp(edited[len(text):]))...), -1})
	small := text[len(text)-500:]
	part := objectID(pack.Blob, small)
	p.entries = append(p.entries, packed{part, offsetDelta, large, deltaTo(len(text), len(small), copyOp(len(text)-500, 500)), -1})
	first := p.commit(p.tree(treeLine{"100644 large", large}), "large\n")
	second := p.commit(p.tree(treeLine{"100644 large", id}), "larger\n", first)
	f.pack(p, p.commit(p.tree(treeLine{"100644 small", part}), "small\n", second))
	text, edited = nil, nil
	runtime.GC()
	out := f.scan()
	lines := 72 << 20 / len(line)
	for name, want := range map[string]string{
		"first":  fmt.Sprintf("large in large:%d:1; 3 commits; HEAD; branches main; also small", lines+1),
		"second": fmt.Sprintf("large in large:%d:1; 3 commits; HEAD; branches main; also small", lines+4),
		"third":  fmt.Sprintf("larger in large:%d:1; 1 commits; removed by small", lines+5),
	} {
		if got := f.story(out.of(f, name)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
