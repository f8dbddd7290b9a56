package history

import (
	"bytes"
	"compress/zlib"
	"path/filepath"
	"slices"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/pack"
)

// script is a fuzzer's bytes, taken as decisions. At its end all are 0.
type script []byte

func (s *script) next(n int) int {
	if len(*s) == 0 || n == 0 {
		return 0
	}
	b := int((*s)[0])
	*s = (*s)[1:]
	if n > 256 && len(*s) > 0 {
		b = b<<8 | int((*s)[0])
		*s = (*s)[1:]
	}
	return b % n
}

// packedTexts is a pack under way, and what its objects are in full.
type packedTexts struct {
	packer
	texts [][]byte
	types []pack.Type
	ids   map[pack.ID]bool
}

// add adds an entry, and the text that it stands for.
func (p *packedTexts) add(typ pack.Type, text []byte, entry packed) {
	entry.id, entry.size = objectID(typ, text), -1
	if p.ids[entry.id] {
		return
	}
	p.ids[entry.id] = true
	p.entries = append(p.entries, entry)
	p.texts, p.types = append(p.texts, text), append(p.types, typ)
}

// packTexts makes a pack of two texts, and of what the script makes of them.
func packTexts(text []byte, parts [][]byte, s script) *packedTexts {
	p := &packedTexts{ids: make(map[pack.ID]bool)}
	for _, text := range [][]byte{text, parts[s.next(len(parts))]} {
		typ := []pack.Type{pack.Blob, pack.Commit, pack.Tag}[s.next(3)]
		p.add(typ, text, packed{kind: typ, body: text})
	}
	for range 2 + s.next(6) {
		p.derive(&s, parts)
	}
	return p
}

// derive adds an object that is made from another as the script says.
func (p *packedTexts) derive(s *script, parts [][]byte) {
	from := s.next(len(p.texts))
	base := p.texts[from]
	var text []byte
	var ops [][]byte
	for range 1 + s.next(6) {
		if fresh := parts[s.next(len(parts))]; s.next(3) == 0 || len(base) == 0 {
			fresh = fresh[s.next(len(fresh)):]
			fresh = fresh[:min(len(fresh), 1+s.next(127))]
			ops, text = append(ops, insertOp(fresh)), append(text, fresh...)
			continue
		}
		at := s.next(len(base))
		n := min(1+s.next(2000), len(base)-at)
		ops, text = append(ops, copyOp(at, n)), append(text, base[at:at+n]...)
	}
	kind := offsetDelta
	if s.next(2) == 1 {
		kind = refDelta
	}
	p.add(p.types[from], text, packed{kind: kind, base: p.entries[from].id, body: deltaTo(len(base), len(text), ops...)})
}

// FuzzHistoryEqualsPlain: whatever deltas a pack is made of, the walk finds in
// each object what is found in it as a whole.
func FuzzHistoryEqualsPlain(f *testing.F) {
	s := newScanner(f)
	parts := newEditor(1).parts
	for seed := range byte(8) {
		f.Add([]byte(expandSeeded(uint64(seed), "a\naws_access_key_id={{akia}}\naws_secret_access_key={{secret}}\n{{lines 9}}")),
			slices.Concat([]byte{seed}, bytes.Repeat([]byte(expandSeeded(uint64(seed), "{{b64 300}}")), 2)))
	}
	f.Add([]byte(expandSeeded(9, "{{asia}} {{secret}} {{token}} ASIAQAAAAAAAK{{b32 7}} {{secret}}")), []byte("aws secret"))
	for _, archive := range []string{"gzip", "zip"} {
		f.Add([]byte(expandSeeded(10, "{{(}}id {{akia}} {{secret}}\n{{)|"+archive+"}}")), []byte{5, 0, 0, 4, 0, 3, 1, 1})
	}
	dir, z := f.TempDir(), zlib.NewWriter(nil)
	f.Fuzz(func(t *testing.T, text, decisions []byte) {
		if len(text) > 2000 {
			return // the time goes into more decisions
		}
		d := script(decisions)
		maxBuffer := []int64{0, 300}[d.next(2)]
		p := packTexts(text, parts, d)
		want := new(sightings)
		for i, text := range p.texts {
			want.add(p.entries[i].id.String(), s.ScanBytes(text), int64(len(text)))
		}
		p.z = z
		p.write(t, filepath.Join(dir, "objects"), "fuzzed")
		tracked(t, openObjects(t, dir), s, 1, maxBuffer).compare(t, want)
	})
}

// openObjects opens a git folder without asking git.
func openObjects(t testing.TB, dir string) *gitrepo.Repo {
	t.Helper()
	objects := filepath.Join(dir, "objects")
	store, err := pack.Open(pack.Options{Dir: objects, TempDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	r := &gitrepo.Repo{Dir: dir, GitDir: dir, Common: dir, Objects: objects, Store: store}
	t.Cleanup(func() { _ = r.Close() })
	return r
}
