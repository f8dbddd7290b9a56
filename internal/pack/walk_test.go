package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// layouts are repositories of every make-up.
var layouts = []struct {
	name string
	make func(t testing.TB) repo
}{
	{"loose", func(t testing.TB) repo {
		r := newRepo(t)
		r.fill(1, 30, "-c", "fastimport.unpackLimit=100000")
		return r
	}},
	{"fast-import", func(t testing.TB) repo {
		r := newRepo(t)
		r.fill(1, 100, "-c", "fastimport.unpackLimit=1")
		return r
	}},
	{"repacked", func(t testing.TB) repo {
		r := newRepo(t)
		r.fill(1, 150)
		r.git("repack", "-adfq", "--depth=50", "--window=50")
		return r
	}},
	{"deep", func(t testing.TB) repo {
		r := newRepo(t)
		r.fill(1, 300)
		r.git("repack", "-adfq", "--depth=4000", "--window=10")
		return r
	}},
	{"ref deltas", func(t testing.TB) repo {
		r := newRepo(t)
		r.fill(1, 150)
		r.git("-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq", "--depth=50", "--window=50")
		return r
	}},
	{"index version 1", func(t testing.TB) repo {
		r := newRepo(t)
		r.fill(1, 100)
		r.git("-c", "pack.indexVersion=1", "repack", "-adfq")
		return r
	}},
	{"64-bit offsets", func(t testing.TB) repo {
		r := newRepo(t)
		r.fill(1, 100)
		r.git("repack", "-adfq")
		pack := glob(t, r.objects(), "pack", "*.pack")
		os.Remove(strings.TrimSuffix(pack, "pack") + "idx")
		r.git("index-pack", "--index-version=2,0x1000", pack)
		return r
	}},
	{"several packs and loose", func(t testing.TB) repo {
		r := newRepo(t)
		for seed := range uint64(3) {
			r.fill(seed, 60, "-c", "fastimport.unpackLimit=1")
		}
		r.fill(4, 10, "-c", "fastimport.unpackLimit=100000")
		return r
	}},
	{"duplicates", func(t testing.TB) repo {
		r := newRepo(t)
		r.fill(1, 100, "-c", "fastimport.unpackLimit=100000")
		stem := filepath.Join(r.objects(), "pack", "pack")
		for _, skip := range []int{0, 30, 60} {
			revs := r.git("rev-list", "--objects", fmt.Sprintf("--skip=%d", skip), "--all")
			r.run(revs, "pack-objects", "-q", "--depth=50", fmt.Sprintf("--window=%d", 10+skip), stem)
		}
		return r
	}},
	{"SHA-256", func(t testing.TB) repo {
		r := newRepo(t, "--object-format=sha256")
		r.fill(1, 100)
		r.git("repack", "-adfq")
		r.fill(2, 10, "-c", "fastimport.unpackLimit=100000")
		return r
	}},
	{"cruft", func(t testing.TB) repo {
		r := newRepo(t)
		r.fill(1, 60)
		r.fill(2, 60)
		r.git("update-ref", "-d", "refs/heads/b1")
		r.git("update-ref", "-d", "refs/tags/v1")
		r.git("repack", "--cruft", "--cruft-expiration=never", "-dq")
		return r
	}},
	{"alternates", func(t testing.TB) repo {
		base, r := newRepo(t), newRepo(t)
		base.fill(1, 60)
		base.git("repack", "-adfq")
		addAlternate(t, r, base.objects())
		r.fill(1, 90, "-c", "fastimport.unpackLimit=1")
		return r
	}},
	{"empty", func(t testing.TB) repo { return newRepo(t) }},
}

// layout makes the repository of that name.
func layout(t testing.TB, name string) repo {
	for _, l := range layouts {
		if l.name == name {
			return l.make(t)
		}
	}
	t.Fatal("no layout", name)
	panic("")
}

func addAlternate(t testing.TB, r repo, dir string) {
	t.Helper()
	path := filepath.Join(r.objects(), "info", "alternates")
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err == nil {
		_, err = fmt.Fprintln(f, dir)
		f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// visits gathers what a walk shows, and checks that segments tell the truth.
type visits struct {
	t      testing.TB
	broken bool // streams may end in an error
	mu     sync.Mutex
	seen   map[ID]digest
	data   map[ID][]byte
}

func (v *visits) visit(_ int, e *Entry, base []byte) []byte {
	data := bytes.Clone(e.Data)
	if e.Stream != nil {
		var err error
		if data, err = io.ReadAll(e.Stream); err != nil {
			if !v.broken {
				v.t.Errorf("%v: %v", e.ID, err)
			}
			return nil
		}
	}
	if int64(len(data)) != e.Size {
		v.t.Errorf("%v: %d bytes, want %d", e.ID, len(data), e.Size)
	}
	if e.Segments != nil {
		v.check(e, base)
	}
	if !strings.Contains(e.Where(), string(filepath.Separator)) {
		v.t.Errorf("%v is at %q", e.ID, e.Where())
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, twice := v.seen[e.ID]; twice {
		v.t.Errorf("%v: visited twice", e.ID)
	}
	if v.seen == nil {
		v.seen, v.data = make(map[ID]digest), make(map[ID][]byte)
	}
	v.seen[e.ID] = digest{e.Type.String(), sha256.Sum256(data)}
	v.data[e.ID] = data
	return data
}

// check compares the parts that segments say are copied, and that they lie end to end.
func (v *visits) check(e *Entry, base []byte) {
	off := int64(0)
	for _, s := range e.Segments {
		if s.Off != off || s.Len <= 0 {
			v.t.Errorf("%v: segment %+v, want one at %d", e.ID, s, off)
			return
		}
		off += s.Len
		if s.From >= 0 && !bytes.Equal(e.Data[s.Off:off], base[s.From:s.From+s.Len]) {
			v.t.Errorf("%v: segment %+v is not what it was copied from", e.ID, s)
		}
	}
	if off != e.Size {
		v.t.Errorf("%v: segments end at %d, want %d", e.ID, off, e.Size)
	}
}

// compare compares what was seen with what should have been.
func compare(t testing.TB, got, want map[ID]digest) {
	t.Helper()
	for id, w := range want {
		if g, ok := got[id]; !ok {
			t.Errorf("%v (%s) not seen", id, w.typ)
		} else if g != w {
			t.Errorf("%v: got %v, want %v", id, g, w)
		}
	}
	for id, g := range got {
		if _, ok := want[id]; !ok {
			t.Errorf("%v (%s): unexpected", id, g.typ)
		}
	}
}

// Everything agrees with git, whatever the repository's make-up.
func TestLayouts(t *testing.T) {
	for _, layout := range layouts {
		t.Run(layout.name, func(t *testing.T) {
			t.Parallel()
			r := layout.make(t)
			want := r.all()
			t.Run("walk", func(t *testing.T) { testWalk(t, r.open(), want) })
			t.Run("catalog", func(t *testing.T) { testCatalog(t, r.open(), want) })
			t.Run("read", func(t *testing.T) { testRead(t, r.open(), want) })
		})
	}
}

func testWalk(t *testing.T, s *Store, want map[ID]digest) {
	for _, opts := range []WalkOptions{{Workers: 1}, {Workers: 4}, {Workers: 2, MaxBuffer: 3000}, {MaxBuffer: 1}} {
		v := visits{t: t}
		st, err := Walk(context.Background(), s, opts, v.visit)
		if err != nil || st.ProblemCount > 0 {
			t.Errorf("%+v: %v, %v", opts, err, st.Problems)
		}
		if st.Objects != int64(len(want)) || st.Unread != 0 {
			t.Errorf("%+v: %+v, want %d objects", opts, st, len(want))
		}
		compare(t, v.seen, want)
	}
	if left := s.temps.budget.Load(); left != defaultTempBytes {
		t.Errorf("%d bytes of temporary files not given back", defaultTempBytes-left)
	}
}

func TestWalkStopsWhenCancelled(t *testing.T) {
	r := layout(t, "repacked")
	ctx, cancel := context.WithCancel(context.Background())
	var mu sync.Mutex
	n := 0
	st, err := Walk(ctx, r.open(), WalkOptions{Workers: 2}, func(int, *Entry, int) int {
		mu.Lock()
		defer mu.Unlock()
		if n++; n == 10 {
			cancel()
		}
		return 0
	})
	if err != context.Canceled || st.Objects > 10+2*64 {
		t.Errorf("%v after %d objects", err, st.Objects)
	}
}

func TestDeltasSayWhatIsNew(t *testing.T) {
	r := layout(t, "repacked")
	var mu sync.Mutex
	fresh, total := int64(0), int64(0)
	st, err := Walk(context.Background(), r.open(), WalkOptions{}, func(_ int, e *Entry, _ struct{}) struct{} {
		mu.Lock()
		defer mu.Unlock()
		total += e.Size
		if e.Segments == nil {
			fresh += e.Size
		}
		for _, s := range e.Segments {
			if s.From < 0 {
				fresh += s.Len
			}
		}
		return struct{}{}
	})
	if err != nil || st.Deltas == 0 || fresh*3 > total {
		t.Errorf("%v; %d deltas, %d of %d bytes new", err, st.Deltas, fresh, total)
	}
}

// What a visitor knows of a base goes with the base when memory is short.
func TestSpilledBaseIsForgotten(t *testing.T) {
	const n = 1000
	on := func(base, name string) crafted {
		return crafted{name: name, kind: offsetDelta, base: base, body: delta(n, n, copyFrom(0, n-1), insert(name))}
	}
	s := openStore(t, Options{Dir: craft(t, t.TempDir(), "p", crafted{name: "a", kind: Blob, body: bytes.Repeat([]byte("a"), n)},
		on("a", "b"), on("a", "c"), on("b", "d"), on("b", "e"), on("c", "f"), on("c", "g"))})
	for buffer, want := range map[int64]int64{10 * n: 6, n: 5} {
		st, err := Walk(t.Context(), s, WalkOptions{Workers: 1, MaxBuffer: buffer}, func(_ int, e *Entry, base ID) ID {
			if (e.Segments == nil) != base.IsZero() {
				t.Errorf("%v: base %v for segments %v", e.ID, base, e.Segments)
			}
			return e.ID
		})
		if err != nil || st.ProblemCount > 0 || st.Deltas != want {
			t.Errorf("with %d bytes: %d deltas, want %d; %v %v", buffer, st.Deltas, want, err, st.Problems)
		}
	}
}

func testCatalog(t *testing.T, s *Store, want map[ID]digest) {
	c, err := s.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var sums []byte // of an object that is there and one that is not, in turn
	for id := range want {
		sums = append(sums, id.Bytes()...)
		id.sum[3]++
		sums = append(sums, id.Bytes()...)
	}
	next := 0
	c.FindSums(sums, func(i int, num uint32, ok bool) {
		sum := sums[i*s.format.Size():][:s.format.Size()]
		if i != next || ok != (i%2 == 0) || ok && !bytes.Equal(c.sum(num), sum) {
			t.Errorf("look-up %d, the %dth: %d, %v", i, next, num, ok)
		}
		next++
	})
	if next != 2*len(want) {
		t.Errorf("%d of %d look-ups", next, 2*len(want))
	}
	for id := range want {
		num, ok := c.Find(id)
		if !ok || c.ID(num) != id || !c.counts(num) {
			t.Errorf("%v: %d, %v", id, num, ok)
		}
		if ok && !strings.Contains(c.Where(num), "objects") {
			t.Errorf("%v is at %q", id, c.Where(num))
		}
		if typ, data, err := c.Read(id, 0); err != nil || want[id] != (digest{typ.String(), sha256.Sum256(data)}) {
			t.Errorf("Read(%v): %v", id, err)
		}
		id.sum[7]++
		if _, _, err := c.Read(id, 0); c.Has(id) || !errors.Is(err, ErrNotFound) {
			t.Errorf("%v: found, and does not exist", id)
		}
	}
}

func ExampleWalk() {
	dir := exampleRepository("one\n", "two words\n")
	defer os.RemoveAll(dir)
	s, err := Open(Options{Dir: filepath.Join(dir, "objects")})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	// How many bytes are new, not copied from another object?
	fresh := make([]int64, 2)
	opts := WalkOptions{Workers: len(fresh)}
	st, err := Walk(context.Background(), s, opts, func(worker int, e *Entry, _ struct{}) (_ struct{}) {
		if e.Segments == nil {
			fresh[worker] += e.Size
		}
		for _, seg := range e.Segments {
			if seg.From < 0 {
				fresh[worker] += seg.Len
			}
		}
		return
	})
	fmt.Println(fresh[0]+fresh[1], "of", st.Bytes, "bytes,", st.ProblemCount, "problems,", err)
	// Output: 14 of 14 bytes, 0 problems, <nil>
}

// exampleRepository returns a new bare repository with a blob for each content.
func exampleRepository(contents ...string) string {
	dir, err := os.MkdirTemp("", "example")
	if err == nil {
		err = exec.Command("git", "init", "-q", "--bare", dir).Run()
	}
	for _, content := range contents {
		if err != nil {
			break
		}
		write := exec.Command("git", "--git-dir", dir, "hash-object", "-w", "--stdin")
		write.Stdin = strings.NewReader(content)
		err = write.Run()
	}
	if err != nil {
		fmt.Println(err)
	}
	return dir
}
