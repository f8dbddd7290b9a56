package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func testRead(t *testing.T, s *Store, all map[ID]digest) {
	for id, want := range all {
		typ, data, err := s.Read(id, 0)
		if got := (digest{typ.String(), sha256.Sum256(data)}); err != nil || got != want {
			t.Errorf("Read(%v) = %v, %v, want %v", id, got, err, want)
		}
		size := int64(len(data))
		if _, _, err := s.Read(id, size-1); size > 1 && !errors.Is(err, ErrTooLarge) {
			t.Errorf("Read(%v, %d): %v", id, size-1, err)
		}
		if htyp, hsize, err := s.Header(id); err != nil || htyp != typ || hsize != size {
			t.Errorf("Header(%v) = %v, %d, %v, want %v, %d", id, htyp, hsize, err, typ, size)
		}
		if !s.Has(id) {
			t.Errorf("Has(%v) is false", id)
		}
		otyp, osize, r, err := s.Open(id)
		if err != nil {
			t.Errorf("Open(%v): %v", id, err)
			continue
		}
		stream, err := io.ReadAll(r)
		if r.Close(); err != nil || otyp != typ || osize != size || !bytes.Equal(stream, data) {
			t.Errorf("Open(%v) = %v, %d, %d bytes, %v", id, otyp, osize, len(stream), err)
		}
	}
}

func TestStoreWithoutCache(t *testing.T) {
	r := layout(t, "repacked")
	s := openStore(t, Options{Dir: r.objects(), CacheBytes: -1})
	for id, want := range r.all() {
		if typ, data, err := s.Read(id, 0); err != nil || want != (digest{typ.String(), sha256.Sum256(data)}) {
			t.Errorf("Read(%v): %v", id, err)
		}
	}
}

func TestStoreIsConcurrent(t *testing.T) {
	r := layout(t, "repacked")
	s := openStore(t, Options{Dir: r.objects(), CacheBytes: 50_000})
	want := r.all()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for id, w := range want {
				if typ, data, err := s.Read(id, 0); err != nil || w != (digest{typ.String(), sha256.Sum256(data)}) {
					t.Errorf("Read(%v): %v", id, err)
				}
			}
		})
	}
	all.Wait()
	if s.cache.bytes > 50_000 {
		t.Errorf("cache holds %d bytes", s.cache.bytes)
	}
}

func TestStoreSaysWhatIsNotThere(t *testing.T) {
	r := layout(t, "repacked")
	s := r.open()
	absent, _ := ParseID(strings.Repeat("12345", 8))
	long, _ := ParseID(strings.Repeat("12345678", 8))
	for _, id := range []ID{absent, long, {}} {
		if _, _, err := s.Read(id, 0); !errors.Is(err, ErrNotFound) {
			t.Errorf("Read(%v): %v", id, err)
		}
		if s.Has(id) {
			t.Errorf("Has(%v)", id)
		}
	}
	if _, err := Open(Options{Dir: filepath.Join(r.dir, "nowhere")}); err == nil {
		t.Error("opened a store that does not exist")
	}
	if _, err := Open(Options{Dir: filepath.Join(r.dir, "HEAD")}); err == nil {
		t.Error("opened a file")
	}
}

// A long-lived store finds objects again after a repack has moved them, and new ones.
func TestStoreFollowsRepack(t *testing.T) {
	r := newRepo(t)
	r.fill(1, 60, "-c", "fastimport.unpackLimit=1")
	s := r.open()
	head, _ := ParseID(strings.TrimSpace(r.git("rev-parse", "b1")))
	if _, _, err := s.Read(head, 0); err != nil {
		t.Fatal(err)
	}
	r.fill(2, 20, "-c", "fastimport.unpackLimit=100000")
	r.git("repack", "-adfq")
	for id, want := range r.all() {
		if typ, data, err := s.Read(id, 0); err != nil || want != (digest{typ.String(), sha256.Sum256(data)}) {
			t.Errorf("Read(%v): %v", id, err)
		}
	}
}

func TestAlternates(t *testing.T) {
	chain := []repo{newRepo(t), newRepo(t), newRepo(t)}
	for i, r := range chain {
		r.fill(uint64(i), 5)
	}
	rel, err := filepath.Rel(chain[1].objects(), chain[2].objects())
	if err != nil {
		t.Fatal(err)
	}
	addAlternate(t, chain[0], `"`+chain[1].objects()+`"`)
	addAlternate(t, chain[1], "# a comment\n\n"+rel)
	addAlternate(t, chain[2], chain[0].objects()) // a cycle
	extra := newRepo(t)
	extra.fill(9, 5)

	s := openStore(t, Options{Dir: chain[0].objects(), Alternates: []string{extra.objects()}})
	for _, r := range append(chain, extra) {
		for id := range r.all() {
			if _, _, err := s.Read(id, 0); err != nil {
				t.Error(err)
			}
		}
	}
	if p := s.Problems(); len(p) > 0 {
		t.Error(p)
	}
}

func TestAlternateProblems(t *testing.T) {
	r := newRepo(t)
	r.fill(1, 5)
	addAlternate(t, r, "/does/not/exist")
	addAlternate(t, r, filepath.Join(r.dir, "HEAD"))
	s := r.open()
	st, err := Walk(context.Background(), s, WalkOptions{}, func(int, *Entry, int) int { return 0 })
	if err != nil || st.Objects == 0 || st.ProblemCount != 2 || len(s.Problems()) != 2 {
		t.Errorf("%v, %+v", err, st)
	}

	var deep [maxNesting + 3]string
	for i := range deep {
		deep[i] = filepath.Join(t.TempDir(), "objects")
		os.MkdirAll(filepath.Join(deep[i], "info"), 0o777)
		if i > 0 {
			os.WriteFile(filepath.Join(deep[i-1], "info", "alternates"), []byte(deep[i]+"\n"), 0o666)
		}
	}
	if p := openStore(t, Options{Dir: deep[0]}).Problems(); len(p) != 1 || p[0].Path != deep[maxNesting+1] {
		t.Errorf("%v, want a problem of depth", p)
	}
}

func TestOpenStreamsLargeBlob(t *testing.T) {
	r := newRepo(t)
	block := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	size := 80 * len(block) // more than any buffer
	pipe, w := io.Pipe()
	go func() {
		for range 80 {
			w.Write(block)
		}
		w.Close()
	}()
	id := r.hashObject(pipe)
	s := r.open()
	for _, where := range []string{"loose", "packed"} {
		typ, n, rc, err := s.Open(id)
		if err != nil || typ != Blob || n != int64(size) {
			t.Fatal(where, typ, n, err)
		}
		h := sha256.New()
		if n, err := io.Copy(h, rc); err != nil || n != int64(size) {
			t.Error(where, n, err)
		}
		rc.Close()
		r.run(id.String(), "pack-objects", "-q", filepath.Join(r.objects(), "pack", "pack"))
		r.git("prune-packed")
	}
}

// hashObject writes a loose blob.
func (r repo) hashObject(data io.Reader) ID {
	r.t.Helper()
	cmd := r.command("hash-object", "-w", "--stdin")
	cmd.Stdin = data
	out, err := cmd.Output()
	if err != nil {
		r.t.Fatal(err)
	}
	id, err := ParseID(strings.TrimSpace(string(out)))
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

func TestParseID(t *testing.T) {
	for _, tt := range []struct {
		in string
		ok bool
	}{
		{strings.Repeat("0a", 20), true},
		{strings.Repeat("0a", 32), true},
		{strings.Repeat("0a", 21), false},
		{strings.Repeat("0g", 20), false},
		{"", false},
	} {
		id, err := ParseID(tt.in)
		if tt.ok != (err == nil) || tt.ok && (id.String() != tt.in || NewID(id.Bytes()) != id) {
			t.Errorf("ParseID(%q) = %v, %v", tt.in, id, err)
		}
	}
	if id, _ := ParseID(strings.Repeat("0", 40)); !id.IsZero() || !(ID{}).IsZero() {
		t.Error("zero is not zero")
	}
}

func ExampleStore_Read() {
	dir := exampleRepository("hello\n")
	defer os.RemoveAll(dir)
	s, err := Open(Options{Dir: filepath.Join(dir, "objects")})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	id, _ := ParseID("ce013625030ba8dba906f756967f9e9ca394464a")
	typ, data, err := s.Read(id, 1<<20)
	fmt.Printf("%v %q %v\n", typ, data, err)
	// Output: blob "hello\n" <nil>
}
