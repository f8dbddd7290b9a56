package pack

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// countReads counts the reads of an index.
type countReads struct {
	*bytes.Reader
	n int
}

func (c *countReads) ReadAt(b []byte, off int64) (int, error) {
	c.n++
	return c.Reader.ReadAt(b, off)
}

func TestFindReadsLittle(t *testing.T) {
	const n = 100_000
	entries := make([]crafted, n)
	offsets := make(map[string]int64, n)
	for i := range entries {
		entries[i].name = fmt.Sprint(i)
		offsets[entries[i].name] = int64(i)
	}
	data := craftIndex(entries, offsets, make([]byte, 20))
	r := &countReads{Reader: bytes.NewReader(data)}
	x, err := newIndex(r, int64(len(data)), SHA1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if off, ok, err := x.find(nameID(fmt.Sprint(i))); !ok || off != int64(i) || err != nil {
			t.Fatalf("object %d: %d, %v, %v", i, off, ok, err)
		}
		if _, ok, _ := x.find(nameID(fmt.Sprint("absent", i))); ok {
			t.Fatal("found what is not there")
		}
	}
	if per := float64(r.n) / (2 * n); per > 2 {
		t.Errorf("%.1f reads for each search", per)
	}
}

// Ids that are anything but evenly spread take a few more reads.
func TestFindInOddIndex(t *testing.T) {
	const n = 50_000
	data := []byte(v2Magic)
	for range 256 {
		data = binary.BigEndian.AppendUint32(data, n)
	}
	id := func(i int) ID {
		var sum [20]byte
		binary.BigEndian.PutUint32(sum[16:], uint32(i))
		return NewID(sum[:])
	}
	for i := range n {
		data = append(data, id(2*i).Bytes()...)
	}
	data = append(data, make([]byte, n*8+40)...)
	r := &countReads{Reader: bytes.NewReader(data)}
	x, err := newIndex(r, int64(len(data)), SHA1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		_, ok, _ := x.find(id(2 * i))
		if _, odd, _ := x.find(id(2*i + 1)); !ok || odd {
			t.Fatalf("%d: %v, %v", i, ok, odd)
		}
	}
	if per := float64(r.n) / (2 * n); per > 14 {
		t.Errorf("%.1f reads for each search", per)
	}
}

// A pack with offsets beyond 4 GiB, most of which is a hole.
func TestOffsetsBeyond4GiB(t *testing.T) {
	const far = 5 << 30
	n := int64(len(hello))
	base := crafted{name: "base", kind: Blob, body: []byte(hello)}
	last := crafted{name: "far", kind: offsetDelta, base: "base", body: delta(n, 4, insert("far!")), at: far}
	dir := craft(t, t.TempDir(), "pack-1", base, last)
	f, err := os.OpenFile(filepath.Join(dir, "pack", "pack-1.pack"), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(append(appendEntry(nil, last, far-packHeader), make([]byte, 20)...), far)
	if f.Close(); err != nil {
		t.Skip("no room for a sparse file: ", err)
	}
	seen, st := walkAll(t, dir, WalkOptions{})
	if seen[nameID("far")] != "far!" || seen[nameID("base")] != hello || st.Unread != 0 {
		t.Errorf("%q, %+v", seen, st)
	}
	s := openStore(t, Options{Dir: dir})
	if _, data, err := s.Read(nameID("far"), 0); string(data) != "far!" {
		t.Errorf("Read: %q, %v", data, err)
	}
	c, err := s.Catalog(context.Background())
	if num, ok := c.Find(nameID("far")); err != nil || !ok || c.Where(num) != s.packList()[0].data.path+" at 5368709120" {
		t.Errorf("%v, %s", err, c.Where(num))
	}
}
