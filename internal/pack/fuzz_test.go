package pack

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// plainDelta applies a delta in the plainest way, one byte at a time, after the
// description in gitformat-pack(5).
func plainDelta(base, delta []byte) (result []byte, ok bool) {
	r := bytes.NewReader(delta)
	from, err1 := binary.ReadUvarint(r)
	size, err2 := binary.ReadUvarint(r)
	if err1 != nil || err2 != nil || from != uint64(len(base)) {
		return nil, false
	}
	for {
		op, err := r.ReadByte()
		if err == io.EOF {
			return result, uint64(len(result)) == size
		}
		if op == 0 {
			return nil, false
		}
		if op < 0x80 {
			for range op {
				b, err := r.ReadByte()
				if err != nil {
					return nil, false
				}
				result = append(result, b)
			}
			continue
		}
		var arg [7]uint64
		for i := range arg {
			if op>>i&1 == 1 {
				b, err := r.ReadByte()
				if err != nil {
					return nil, false
				}
				arg[i] = uint64(b)
			}
		}
		at := arg[0] | arg[1]<<8 | arg[2]<<16 | arg[3]<<24
		n := arg[4] | arg[5]<<8 | arg[6]<<16
		if n == 0 {
			n = 0x10000
		}
		for i := at; i < at+n; i++ {
			if i >= uint64(len(base)) {
				return nil, false
			}
			result = append(result, base[i])
		}
	}
}

func FuzzDelta(f *testing.F) {
	base := []byte(hello)
	n := int64(len(base))
	f.Add(base, delta(n, n, copyFrom(0, int(n))))
	f.Add(base, delta(n, 9, insert("abc"), copyFrom(3, 2), copyFrom(5, 2), insert("d"), insert("e")))
	f.Add(make([]byte, 0x10000), delta(0x10000, 0x10000, []byte{0x80}))
	f.Add([]byte{}, delta(0, 0))
	f.Fuzz(func(t *testing.T, base, delta []byte) {
		want, ok := plainDelta(base, delta)
		from, size, skip := deltaSizes(delta)
		var got []byte
		var segs []Segment
		err := errDelta
		if skip > 0 && from == int64(len(base)) && size < 1<<20 {
			got = make([]byte, size)
			segs, err = applyDelta(got, base, delta[skip:], nil)
		}
		if size < 1<<20 && ok != (err == nil) || err == nil && !bytes.Equal(got, want) {
			t.Fatalf("got %q, %v, want %q, %v", got, err, want, ok)
		}
		if err == nil {
			v := visits{t: t}
			v.check(&Entry{Data: got, Size: size, Segments: segs}, base)
			checkPatch(t, base, delta[skip:], want)
		}
	})
}

// checkPatch does the same by way of streams.
func checkPatch(t *testing.T, base, ops, want []byte) {
	t.Helper()
	s := tempFiles{dir: t.TempDir()}
	s.budget.Store(1 << 30)
	from := object{data: base, size: int64(len(base))}
	file, err := s.fill(int64(len(want)), func(w *bufio.Writer) error {
		return patch(w, &from, bufio.NewReader(bytes.NewReader(ops)), int64(len(want)))
	})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := io.ReadAll(io.NewSectionReader(file, 0, 1<<30))
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("stream: got %q, %v, want %q", got, err, want)
	}
}

// FuzzIndex: no index makes the reader panic, allocate more than there are bytes, or
// search without end.
func FuzzIndex(f *testing.F) {
	dir := craft(f, f.TempDir(), "pack-1", crafted{name: "a", kind: Blob}, crafted{name: "b", kind: Blob, at: 1 << 40})
	idx, err := os.ReadFile(filepath.Join(dir, "pack", "pack-1.idx"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(idx, false)
	f.Add(idx, true)
	f.Add(idx[:len(idx)-50], false)
	f.Add(append(make([]byte, fanoutLen-1), "\x01....12345678901234567890 and two checksums, of forty bytes in all..."...), false)
	f.Fuzz(func(t *testing.T, data []byte, long bool) {
		format := SHA1
		if long {
			format = SHA256
		}
		x, err := newIndex(bytes.NewReader(data), int64(len(data)), format)
		if err != nil {
			return
		}
		if x.n() > int64(len(data)) {
			t.Fatalf("%d objects in %d bytes", x.n(), len(data))
		}
		x.verify()
		order, err := x.order(1 << 20)
		if err == nil && len(order.keys) != int(x.n()) {
			t.Fatalf("%d of %d objects in order", len(order.keys), x.n())
		}
		for i := range order.keys {
			if order.offset(i) > 1<<20 || order.pos(i) >= x.count() || i > 0 && order.offset(i) < order.offset(i-1) {
				t.Fatalf("order is not one")
			}
		}
		sorted := x.ids(func(uint32, []byte) {}) == nil
		x.ids(func(pos uint32, sum []byte) {
			off, ok, err := x.find(NewID(sum))
			first := sum[0] == 0 && pos < x.fanout[0] || sum[0] > 0 && pos >= x.fanout[sum[0]-1] && pos < x.fanout[sum[0]]
			if sorted && first && err == nil && (!ok || off < 0) {
				t.Fatalf("id %x at %d not found", sum, pos)
			}
		})
	})
}

// FuzzPack: a pack may be anything. Each object is seen or counted as unread, and
// Read and Walk agree.
func FuzzPack(f *testing.F) {
	n := int64(len(hello))
	dir := craft(f, f.TempDir(), "pack-1",
		crafted{name: "base", kind: Blob, body: []byte(hello)},
		crafted{name: "a", kind: offsetDelta, base: "base", body: delta(n, n+1, copyFrom(0, int(n)), insert("!"))},
		crafted{name: "b", kind: refDelta, base: "a", body: delta(n+1, 3, copyFrom(1, 3))},
		crafted{name: "c", kind: Commit, body: []byte("tree\n")})
	stem := filepath.Join(dir, "pack", "pack-1")
	pack, err := os.ReadFile(stem + ".pack")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(pack)
	f.Fuzz(func(t *testing.T, data []byte) {
		write(t, stem+".pack", data)
		for _, opts := range []WalkOptions{{Workers: 1}, {Workers: 1, MaxBuffer: 8, MaxTempBytes: 1 << 20}} {
			v := visits{t: t, broken: true}
			s := openStore(t, Options{Dir: dir})
			st, err := Walk(context.Background(), s, opts, v.visit)
			if err != nil || st.Objects+st.Unread != 4 || st.Objects != int64(len(v.seen)) {
				t.Fatalf("%v, %+v", err, st)
			}
			for id, got := range v.seen {
				typ, data, err := s.Read(id, 0)
				if want := (digest{typ.String(), sha256.Sum256(data)}); err != nil || got != want {
					t.Fatalf("%v: walk saw %v, Read %v, %v", id, got, want, err)
				}
			}
		}
	})
}
