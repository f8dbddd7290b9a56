package history

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
	"github.com/keyguard/keyguard/internal/pack"
)

// packer writes packs that git would not write. Its ids are SHA-1.
type packer struct {
	entries []packed
	z       *zlib.Writer
}

// packed is an entry of a pack, in the order in which it is written.
type packed struct {
	id   pack.ID
	kind pack.Type // or one of the two below
	base pack.ID   // of a delta
	body []byte    // the object, or delta instructions
	size int       // declared; -1: as it is
}

// How a delta names its base (gitformat-pack(5)).
const (
	offsetDelta pack.Type = 6
	refDelta    pack.Type = 7
)

// objectID is the id that an object should have.
func objectID(typ pack.Type, data []byte) pack.ID {
	h := sha1.New()
	fmt.Fprintf(h, "%v %d\x00", typ, len(data))
	h.Write(data)
	return pack.NewID(h.Sum(nil))
}

// object adds an object in full and returns its id.
func (p *packer) object(typ pack.Type, data []byte) pack.ID {
	id := objectID(typ, data)
	p.entries = append(p.entries, packed{id: id, kind: typ, body: data, size: -1})
	return id
}

func (p *packer) blob(text string) pack.ID { return p.object(pack.Blob, []byte(text)) }

// tree adds a tree of lines "mode name", each with its object.
func (p *packer) tree(entries ...treeLine) pack.ID { return p.object(pack.Tree, treeData(entries)) }

type treeLine struct {
	name string // with the mode before it
	id   pack.ID
}

func treeData(entries []treeLine) []byte {
	var b []byte
	for _, e := range entries {
		b = append(append(append(b, e.name...), 0), e.id.Bytes()...)
	}
	return b
}

func (p *packer) commit(tree pack.ID, message string, parents ...pack.ID) pack.ID {
	text := fmt.Sprintf("tree %v\n", tree)
	for _, parent := range parents {
		text += fmt.Sprintf("parent %v\n", parent)
	}
	who := fmt.Sprintf("A <a@example.org> %d +0000", 1_700_000_000+60*len(p.entries))
	return p.object(pack.Commit, []byte(text+"author "+who+"\ncommitter "+who+"\n\n"+message))
}

// write writes the pack and its index into an object folder.
func (p *packer) write(t testing.TB, objects, name string) (path string) {
	t.Helper()
	data := binary.BigEndian.AppendUint32([]byte("PACK\x00\x00\x00\x02"), uint32(len(p.entries)))
	offsets := make(map[pack.ID]int)
	var listed []indexed
	for _, e := range p.entries {
		off := len(data)
		data = p.append(t, data, &e, off-offsets[e.base])
		offsets[e.id] = off
		listed = append(listed, indexed{e.id.Bytes(), uint32(off), crc32.ChecksumIEEE(data[off:])})
	}
	sum := sha1.Sum(data)
	stem := filepath.Join(objects, "pack", "pack-"+name)
	gittest.WriteFile(t, stem+".pack", string(append(data, sum[:]...)))
	gittest.WriteFile(t, stem+".idx", string(indexData(listed, sum[:])))
	return stem + ".pack"
}

func (p *packer) append(t testing.TB, data []byte, e *packed, back int) []byte {
	size := e.size
	if size < 0 {
		size = len(e.body)
	}
	b := byte(e.kind)<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		data = append(data, b|0x80)
		b = byte(size & 0x7f)
	}
	data = append(data, b)
	switch e.kind {
	case refDelta:
		data = append(data, e.base.Bytes()...)
	case offsetDelta:
		digits := []byte{byte(back & 0x7f)}
		for back >>= 7; back > 0; back >>= 7 {
			back--
			digits = append(digits, byte(back&0x7f)|0x80)
		}
		slices.Reverse(digits)
		data = append(data, digits...)
	}
	return append(data, p.deflate(t, e.body)...)
}

func (p *packer) deflate(t testing.TB, data []byte) []byte {
	var b bytes.Buffer
	if p.z == nil {
		p.z, _ = zlib.NewWriterLevel(nil, zlib.BestSpeed)
	}
	p.z.Reset(&b)
	_, err := p.z.Write(data)
	if err == nil {
		err = p.z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func deflated(t testing.TB, data []byte) []byte { return new(packer).deflate(t, data) }

type indexed struct {
	id       []byte
	off, crc uint32
}

// indexData makes an index of version 2.
func indexData(entries []indexed, packSum []byte) []byte {
	slices.SortFunc(entries, func(a, b indexed) int { return bytes.Compare(a.id, b.id) })
	out := []byte("\xfftOc\x00\x00\x00\x02")
	n := 0
	for first := range 256 {
		for n < len(entries) && int(entries[n].id[0]) <= first {
			n++
		}
		out = binary.BigEndian.AppendUint32(out, uint32(n))
	}
	for _, e := range entries {
		out = append(out, e.id...)
	}
	for _, e := range entries {
		out = binary.BigEndian.AppendUint32(out, e.crc)
	}
	for _, e := range entries {
		out = binary.BigEndian.AppendUint32(out, e.off)
	}
	out = append(out, packSum...)
	sum := sha1.Sum(out)
	return append(out, sum[:]...)
}

// deltaTo returns the instructions that make a text of size result.
func deltaTo(base, result int, ops ...[]byte) []byte {
	d := binary.AppendUvarint(nil, uint64(base))
	d = binary.AppendUvarint(d, uint64(result))
	return append(d, bytes.Join(ops, nil)...)
}

// copyOp copies up to 16 MiB less one; insertOp inserts up to 127 bytes.
func copyOp(from, n int) []byte {
	return []byte{0xff, byte(from), byte(from >> 8), byte(from >> 16), byte(from >> 24), byte(n), byte(n >> 8), byte(n >> 16)}
}

func insertOp(text []byte) []byte { return append([]byte{byte(len(text))}, text...) }
