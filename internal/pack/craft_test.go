package pack

import (
	"bytes"
	"cmp"
	"crypto/sha1"
	"encoding/binary"
	"hash/adler32"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// crafted is an entry of a pack that is made by hand.
type crafted struct {
	name string // its id is the name's hash
	kind Type
	base string // refDelta: name of the base; offsetDelta: of an entry before
	size int64  // declared; 0: the right one
	body []byte // what is deflated
	raw  []byte // instead of a zlib stream
	at   int64  // the offset in the index; 0: the right one
}

// nameID is the id of a crafted object.
func nameID(name string) ID { sum := sha1.Sum([]byte(name)); return NewID(sum[:]) }

// craft writes a pack and its index into a new or existing object directory.
func craft(t testing.TB, dir, stem string, entries ...crafted) string {
	t.Helper()
	pack := binary.BigEndian.AppendUint32([]byte("PACK\x00\x00\x00\x02"), uint32(len(entries)))
	offsets := make(map[string]int64)
	for _, e := range entries {
		off := int64(len(pack))
		pack = appendEntry(pack, e, off-offsets[e.base])
		offsets[e.name] = cmp.Or(e.at, off)
	}
	sum := sha1.Sum(pack)
	folder := filepath.Join(dir, "pack")
	write(t, filepath.Join(folder, stem+".pack"), append(pack, sum[:]...))
	write(t, filepath.Join(folder, stem+".idx"), craftIndex(entries, offsets, sum[:]))
	return dir
}

func appendEntry(pack []byte, e crafted, back int64) []byte {
	size := cmp.Or(e.size, int64(len(e.body)))
	b := byte(e.kind)<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		pack = append(pack, b|0x80)
		b = byte(size & 0x7f)
	}
	pack = append(pack, b)
	switch e.kind {
	case refDelta:
		pack = append(pack, nameID(e.base).Bytes()...)
	case offsetDelta:
		digits := []byte{byte(back & 0x7f)}
		for back >>= 7; back > 0; back >>= 7 {
			back--
			digits = append(digits, byte(back&0x7f)|0x80)
		}
		slices.Reverse(digits)
		pack = append(pack, digits...)
	}
	if e.raw != nil {
		return append(pack, e.raw...)
	}
	return append(pack, deflate(e.body)...)
}

// deflate makes a zlib stream of stored blocks.
func deflate(data []byte) []byte {
	b := []byte{0x78, 0x01}
	sum := adler32.Checksum(data)
	for last := false; !last; {
		n := min(len(data), 0xffff)
		last = n == len(data)
		b = append(b, map[bool]byte{true: 1}[last])
		b = binary.LittleEndian.AppendUint16(b, uint16(n))
		b = binary.LittleEndian.AppendUint16(b, ^uint16(n))
		b = append(b, data[:n]...)
		data = data[n:]
	}
	return binary.BigEndian.AppendUint32(b, sum)
}

func craftIndex(entries []crafted, offsets map[string]int64, packSum []byte) []byte {
	type object struct {
		id  ID
		off int64
	}
	var objects []object
	var count [256]uint32
	for _, e := range entries {
		id := nameID(e.name)
		objects = append(objects, object{id, offsets[e.name]})
		count[id.sum[0]]++
	}
	slices.SortFunc(objects, func(a, b object) int { return bytes.Compare(a.id.sum[:], b.id.sum[:]) })
	idx := []byte(v2Magic)
	for b, n := uint32(0), 0; n < 256; n++ {
		b += count[n]
		idx = binary.BigEndian.AppendUint32(idx, b)
	}
	for _, o := range objects {
		idx = append(idx, o.id.Bytes()...)
	}
	idx = append(idx, make([]byte, 4*len(entries))...)
	var wide []byte
	for _, o := range objects {
		off := o.off
		if off >= wideFlag {
			wide = binary.BigEndian.AppendUint64(wide, uint64(off))
			off = wideFlag | int64(len(wide)/8-1)
		}
		idx = binary.BigEndian.AppendUint32(idx, uint32(off))
	}
	idx = append(append(idx, wide...), packSum...)
	sum := sha1.Sum(idx)
	return append(idx, sum[:]...)
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o777)
	if err == nil {
		os.Remove(path) // git leaves its files read-only
		err = os.WriteFile(path, data, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// delta assembles instructions: the sizes, and then what ops say.
func delta(base, result int64, ops ...[]byte) []byte {
	d := binary.AppendUvarint(nil, uint64(base))
	d = binary.AppendUvarint(d, uint64(result))
	return append(d, bytes.Join(ops, nil)...)
}

func copyFrom(from int64, n int) []byte {
	return []byte{0xff, byte(from), byte(from >> 8), byte(from >> 16), byte(from >> 24), byte(n), byte(n >> 8), byte(n >> 16)}
}

func insert(s string) []byte { return append([]byte{byte(len(s))}, s...) }
