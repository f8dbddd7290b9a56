package history

import (
	"compress/zlib"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// packedHistory is a pack of commits under way, and all that is true of them.
type packedHistory struct {
	*packedTexts
	truth   *bruteForce
	s       *scanner.Scanner
	script  script
	pool    []string // what files hold
	commits []*snapshot
	last    map[string]int // by folder, its last tree among the packed texts
}

// packHistory makes a history as the script says: merges of up to three, several roots,
// clocks that go wrong, files that come, go and come back, trees and blobs as deltas.
func packHistory(s *scanner.Scanner, texts []string, decisions script) *packedHistory {
	h := &packedHistory{
		packedTexts: &packedTexts{ids: make(map[pack.ID]bool)}, s: s, script: decisions, pool: texts, last: make(map[string]int),
		truth: &bruteForce{found: make(map[string][]scanner.Finding), types: make(map[string]string), commits: make(map[string]*snapshot), reached: make(map[string]bool)},
	}
	for range 2 + h.script.next(5) {
		h.addCommit()
	}
	for n := range 1 + h.script.next(3) {
		c := h.commits[h.script.next(len(h.commits))]
		h.truth.refs = append(h.truth.refs, [2]string{fmt.Sprintf("refs/%s/r%d", []string{"heads", "tags"}[n%2], n), c.id})
		h.reach(c)
	}
	h.truth.refs = append(h.truth.refs, [2]string{"HEAD", h.truth.refs[0][1]})
	return h
}

func (h *packedHistory) reach(c *snapshot) {
	h.truth.reached[c.id] = true
	for _, p := range c.parents {
		h.reach(h.truth.commits[p])
	}
}

// addCommit adds a commit whose files are those of its first parent, with some changes.
func (h *packedHistory) addCommit() {
	when := 1_700_000_000 + 100*int64(h.script.next(9))
	c := &snapshot{author: "Ann <ann@example.org>", time: fmt.Sprint(when), date: time.Unix(when, 0), blobs: make(map[string]string)}
	for range min(h.script.next(4), len(h.commits)) {
		p := h.commits[len(h.commits)-1-h.script.next(len(h.commits))]
		if !slices.Contains(c.parents, p.id) {
			c.parents = append(c.parents, p.id)
		}
	}
	if len(c.parents) > 0 {
		maps.Copy(c.blobs, h.truth.commits[c.parents[0]].blobs)
	}
	for range 1 + h.script.next(4) {
		path := []string{"a", "b", "d/a", "d/e/a", "d-e"}[h.script.next(5)]
		delete(c.blobs, path)
		if n := h.script.next(len(h.pool) + 3); n < len(h.pool) {
			c.blobs[path] = h.object(pack.Blob, []byte(h.pool[n]), "").String()
		}
	}
	text := fmt.Sprintf("tree %v\n", h.folder(c.blobs, ""))
	for _, p := range c.parents {
		text += "parent " + p + "\n"
	}
	who := fmt.Sprintf("Ann <ann@example.org> %d +0000", when)
	text += "author " + who + "\ncommitter " + who + "\n\n" + []string{"none\n", h.pool[0]}[h.script.next(4)/3]
	c.id = h.object(pack.Commit, []byte(text), "").String()
	h.truth.commits[c.id] = c
	h.commits = append(h.commits, c)
}

// folder adds the trees of the files below a folder, whose path ends with a slash.
func (h *packedHistory) folder(blobs map[string]string, at string) pack.ID {
	lines := make(map[string]treeLine) // by the names that git sorts by
	for path, blob := range blobs {
		rest, ok := strings.CutPrefix(path, at)
		if !ok {
			continue
		}
		if name, _, deeper := strings.Cut(rest, "/"); deeper {
			if _, ok := lines[name+"/"]; !ok {
				lines[name+"/"] = treeLine{"40000 " + name, h.folder(blobs, at+name+"/")}
			}
			continue
		}
		id, _ := pack.ParseID(blob)
		lines[rest] = treeLine{"100644 " + rest, id}
	}
	var entries []treeLine
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		entries = append(entries, lines[name])
	}
	return h.object(pack.Tree, treeData(entries), at)
}

// object adds an object, perhaps as a delta of an earlier one of its type: of a tree, the
// last in the same place.
func (h *packedHistory) object(typ pack.Type, text []byte, at string) pack.ID {
	key := fmt.Sprint(typ, at)
	entry := packed{kind: typ, body: text}
	if base, ok := h.last[key]; ok && h.script.next(2) == 0 {
		from := h.texts[base]
		entry = packed{kind: []pack.Type{offsetDelta, refDelta}[h.script.next(2)], base: h.entries[base].id, body: deltaTo(len(from), len(text), edits(from, text)...)}
	}
	id := objectID(typ, text)
	if !h.ids[id] {
		h.add(typ, text, entry)
		h.last[key] = len(h.texts) - 1
		h.truth.types[id.String()] = typ.String()
		if typ != pack.Tree {
			h.truth.found[id.String()] = h.s.ScanBytes(text)
		}
	}
	return id
}

// edits returns instructions that make text of base: a copy of their common beginning, and
// the rest.
func edits(base, text []byte) (ops [][]byte) {
	n := 0
	for n < min(len(base), len(text)) && base[n] == text[n] {
		n++
	}
	if n > 0 {
		ops = append(ops, copyOp(0, n))
	}
	for piece := range slices.Chunk(text[n:], 127) {
		ops = append(ops, insertOp(piece))
	}
	return ops
}

// FuzzAttribution: whatever graph commits make, each finding says of its origin what looking
// at every file of every commit says.
func FuzzAttribution(f *testing.F) {
	s := newScanner(f)
	var texts []string
	for _, template := range []string{"x = {{akia#a}}\n", "{{(}}{{akia#c}}\n{{)|gzip}}", "{{(}}x = {{akia#d}}\n{{)|zip}}", "\nx = {{akia#a}}\nx = {{akia#b}}\n", "none\n"} {
		texts = append(texts, expandSeeded(7, template))
	}
	f.Add([]byte{})
	for seed := range uint64(60) { // most have merges, deltas and archives
		rng := rand.New(rand.NewPCG(seed, 5))
		decisions := make([]byte, 200)
		for i := range decisions {
			decisions[i] = byte(rng.Uint32())
		}
		f.Add(decisions)
	}
	dir, z := f.TempDir(), zlib.NewWriter(nil)
	f.Fuzz(func(t *testing.T, decisions []byte) {
		h := packHistory(s, texts, decisions)
		h.z = z // a new one is most of the work
		h.write(t, filepath.Join(dir, "objects"), "fuzzed")
		list := "# pack-refs with: peeled fully-peeled sorted\n"
		for _, r := range h.truth.refs[:len(h.truth.refs)-1] {
			list += r[1] + " " + r[0] + "\n"
		}
		gittest.WriteFile(t, filepath.Join(dir, "packed-refs"), list)
		gittest.WriteFile(t, filepath.Join(dir, "HEAD"), "ref: "+h.truth.refs[0][0]+"\n")
		out := scanBy(t.Context(), s, &Scan{Repo: openObjects(t, dir), Jobs: 1})
		for _, err := range out.errors {
			t.Error(err)
		}
		compareClaims(t, out, h.truth.claims())
	})
}
