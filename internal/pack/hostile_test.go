package pack

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// walkAll walks a store and returns the objects that it saw.
func walkAll(t testing.TB, dir string, opts WalkOptions) (seen map[ID]string, st Stats) {
	t.Helper()
	s := openStore(t, Options{Dir: dir})
	v := visits{t: t, broken: true}
	st, err := Walk(context.Background(), s, opts, v.visit)
	if err != nil {
		t.Fatal(err)
	}
	seen = make(map[ID]string)
	for id, data := range v.data {
		seen[id] = string(data)
	}
	if s.temps.budget.Load() != defaultTempBytes {
		t.Error("temporary files not given back")
	}
	return seen, st
}

// padded is a zlib stream that begins with many empty blocks.
func padded(s string) []byte {
	z := deflate([]byte(s))
	return slices.Concat(z[:2], bytes.Repeat([]byte{0, 0, 0, 0xff, 0xff}, 1000), z[2:])
}

const hello = "hello, world: a text that deltas are made from\n"

func TestWalkOfCraftedPacks(t *testing.T) {
	base := crafted{name: "base", kind: Blob, body: []byte(hello)}
	n := int64(len(hello))
	good := func(name, base string, kind Type) crafted {
		return crafted{name: name, kind: kind, base: base, body: delta(n, n, copyFrom(0, int(n)))}
	}
	for _, tt := range []struct {
		name    string
		entries []crafted
		read    []string // that can be read
		unread  int64
		reason  string // of some problem
	}{
		{"one object", []crafted{base}, []string{"base"}, 0, ""},
		{"both kinds of delta", []crafted{base, good("a", "base", offsetDelta), good("b", "base", refDelta), good("c", "b", refDelta)},
			[]string{"base", "a", "b", "c"}, 0, ""},
		{"base behind its delta", []crafted{good("a", "base", refDelta), base}, []string{"base", "a"}, 0, ""},
		{"missing base", []crafted{base, good("a", "nowhere", refDelta), good("b", "a", offsetDelta)}, []string{"base"}, 2, "object not found"},
		{"base of itself", []crafted{base, good("a", "a", refDelta)}, []string{"base"}, 1, "cycle of"},
		{"bases in a circle", []crafted{good("a", "c", refDelta), good("b", "a", refDelta), good("c", "b", refDelta), good("d", "c", refDelta), base},
			[]string{"base"}, 4, "cycle of"},
		{"base between entries", []crafted{base, {name: "a", kind: offsetDelta, base: "nowhere", body: delta(n, 1, insert("x"))}},
			[]string{"base"}, 1, "not an entry"},
		{"declared size too large", []crafted{{name: "a", kind: Blob, size: n + 1, body: []byte(hello)}, base}, []string{"base"}, 1, ""},
		{"declared size too small", []crafted{{name: "a", kind: Blob, size: n - 1, body: []byte(hello)}, base}, []string{"base"}, 1, ""},
		{"declared size absurd", []crafted{{name: "a", kind: Blob, size: 1 << 50, body: []byte(hello)}, base}, []string{"base"}, 1, "cannot inflate"},
		{"declared size overflows", []crafted{{name: "a", kind: Blob, raw: bytes.Repeat([]byte{0xff}, 30)}, base}, []string{"base"}, 1, "header"},
		{"no zlib stream", []crafted{{name: "a", kind: Blob, size: 5, raw: []byte("12345")}, base}, []string{"base"}, 1, "corrupt"},
		{"unknown type", []crafted{{name: "a", kind: 5, body: []byte("x")}, {name: "b", kind: 0, body: []byte("y")}, base}, []string{"base"}, 2, "type 5"},
		{"empty object", []crafted{base, {name: "e", kind: Blob}, {name: "d", kind: offsetDelta, base: "base", body: delta(n, 0)}},
			[]string{"base", "e", "d"}, 0, ""},
		{"stream padded with empty blocks", []crafted{{name: "a", kind: Blob, size: n, raw: padded(hello)}, base}, []string{"a", "base"}, 0, ""},
		{"delta for another base", []crafted{base, {name: "a", kind: offsetDelta, base: "base", body: delta(n+1, 1, insert("x"))}},
			[]string{"base"}, 1, "another size"},
		{"delta without sizes", []crafted{base, {name: "a", kind: offsetDelta, base: "base", body: []byte{0x80}}}, []string{"base"}, 1, "instructions"},
		{"delta copies from beyond", []crafted{base, {name: "a", kind: offsetDelta, base: "base", body: delta(n, n, copyFrom(1, int(n)))}},
			[]string{"base"}, 1, "instructions"},
		{"delta copies from far beyond", []crafted{base, {name: "a", kind: offsetDelta, base: "base", body: delta(n, n, copyFrom(0xffffffff, int(n)))}},
			[]string{"base"}, 1, "instructions"},
		{"delta result too short", []crafted{base, {name: "a", kind: offsetDelta, base: "base", body: delta(n, n, insert("x"))}},
			[]string{"base"}, 1, "instructions"},
		{"delta result too long", []crafted{base, {name: "a", kind: offsetDelta, base: "base", body: delta(n, 1, insert("xy"))}},
			[]string{"base"}, 1, "instructions"},
		{"delta insert cut short", []crafted{base, {name: "a", kind: offsetDelta, base: "base", body: delta(n, 5, []byte{5, 'x'})}},
			[]string{"base"}, 1, "instructions"},
		{"delta copy cut short", []crafted{base, {name: "a", kind: offsetDelta, base: "base", body: delta(n, 5, []byte{0xff, 0})}},
			[]string{"base"}, 1, "instructions"},
		{"delta with reserved instruction", []crafted{base, {name: "a", kind: offsetDelta, base: "base", body: delta(n, 1, insert("x"), []byte{0})}},
			[]string{"base"}, 1, "instructions"},
		{"offset beyond the end", []crafted{base, {name: "a", kind: Blob, body: []byte("a"), at: 1 << 20}}, []string{"base"}, 1, "beyond the end"},
		{"64-bit offset beyond the end", []crafted{base, {name: "a", kind: Blob, body: []byte("a"), at: 1 << 62}}, []string{"base"}, 1, "beyond the end"},
		{"offset in the pack's header", []crafted{base, {name: "a", kind: Blob, body: []byte("a"), at: 3}}, []string{"base"}, 1, "beyond the end"},
		{"two entries at one offset", []crafted{base, {name: "a", kind: Blob, body: []byte("a"), at: 12}}, nil, 1, "of no length"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := craft(t, t.TempDir(), "pack-1", tt.entries...)
			for _, opts := range []WalkOptions{{Workers: 1}, {MaxBuffer: 1}} {
				seen, st := walkAll(t, dir, opts)
				for _, name := range tt.read {
					if _, ok := seen[nameID(name)]; !ok {
						t.Errorf("%s not read", name)
					}
				}
				if st.Unread != tt.unread || tt.read != nil && len(seen) != len(tt.read) {
					t.Errorf("%d unread, want %d; %q", st.Unread, tt.unread, seen)
				}
				if problems := fmt.Sprint(st.Problems); opts.MaxBuffer == 0 && !strings.Contains(problems, tt.reason) || (st.ProblemCount == 0) != (tt.unread == 0) {
					t.Errorf("%d problems %v, want one of %q", st.ProblemCount, problems, tt.reason)
				}
			}
			s := openStore(t, Options{Dir: dir})
			for _, e := range tt.entries { // must end, and not panic
				s.Header(nameID(e.name))
				s.Read(nameID(e.name), 0)
				if _, _, r, err := s.Open(nameID(e.name)); err == nil {
					io.Copy(io.Discard, r)
					r.Close()
				}
			}
		})
	}
}

func TestDeltaBaseElsewhere(t *testing.T) {
	n := int64(len(hello))
	base := crafted{name: "base", kind: Blob, body: []byte(hello)}
	thin := crafted{name: "thin", kind: refDelta, base: "base", body: delta(n, n+1, copyFrom(0, int(n)), insert("!"))}
	onThin := crafted{name: "more", kind: refDelta, base: "thin", body: delta(n+1, n+2, copyFrom(0, int(n+1)), insert("!"))}
	loose := func(t *testing.T, dir string) {
		write(t, loosePath(dir, nameID("base")), deflate(fmt.Appendf(nil, "blob %d\x00%s", n, hello)))
	}
	for _, tt := range []struct {
		name string
		make func(t *testing.T, dir string)
	}{
		{"other pack", func(t *testing.T, dir string) { craft(t, dir, "pack-b", base) }},
		{"loose", loose},
		{"alternate", func(t *testing.T, dir string) {
			other := t.TempDir()
			loose(t, other)
			write(t, filepath.Join(dir, "info", "alternates"), []byte(other))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			craft(t, dir, "pack-a", onThin)
			craft(t, dir, "pack-c", thin)
			tt.make(t, dir)
			for _, opts := range []WalkOptions{{}, {MaxBuffer: 4}} {
				seen, st := walkAll(t, dir, opts)
				// The loose base has no id of its own, but one made of its name.
				wrong := slices.IndexFunc(st.Problems, func(p Problem) bool { return p.Reason != errOther.Error() })
				if wrong >= 0 || seen[nameID("thin")] != hello+"!" || seen[nameID("more")] != hello+"!!" {
					t.Errorf("%+v: %q, %v", opts, seen, st.Problems)
				}
			}
			if _, data, err := openStore(t, Options{Dir: dir}).Read(nameID("more"), 0); string(data) != hello+"!!" {
				t.Errorf("%q, %v", data, err)
			}
		})
	}
}

// When one copy of an object is broken, another is taken, also for what is built on it.
func TestOtherCopyServes(t *testing.T) {
	n := int64(len(hello))
	onBase := crafted{name: "a", kind: offsetDelta, base: "base", body: delta(n, n, copyFrom(0, int(n)))}
	padding := crafted{name: "padding", kind: Blob, body: bytes.Repeat([]byte("0123456789"), 100), raw: bytes.Repeat([]byte{1}, 500)}
	dir := t.TempDir()
	craft(t, dir, "pack-a", padding, crafted{name: "base", kind: Blob, size: n, raw: []byte("broken")}, onBase)
	craft(t, dir, "pack-b", crafted{name: "base", kind: Blob, body: []byte(hello)})
	seen, st := walkAll(t, dir, WalkOptions{})
	if seen[nameID("base")] != hello || seen[nameID("a")] != hello || st.Unread != 1 || st.Duplicates != 1 {
		t.Errorf("%q, %+v", seen, st)
	}
}

// A few bytes of deltas that ask for unlimited memory and disk.
func TestDeltaBomb(t *testing.T) {
	const mega = 1 << 20
	entries := []crafted{{name: "0", kind: Blob, body: make([]byte, mega)}}
	for i := range 30 { // each twice as long as the last
		size := int64(mega) << i
		var ops [][]byte
		for off := int64(0); off < 2*size && len(ops) < 1000; off += mega {
			ops = append(ops, copyFrom(off%size, mega))
		}
		name := fmt.Sprint(i + 1)
		entries = append(entries, crafted{name: name, kind: refDelta, base: fmt.Sprint(i), body: delta(size, 2*size, ops...)})
	}
	entries = append(entries, crafted{name: "lie", kind: refDelta, base: "0", body: delta(mega, 1<<50, copyFrom(0, mega))},
		crafted{name: "good", kind: refDelta, base: "0", body: delta(mega, 4, insert("good"))})
	dir := craft(t, t.TempDir(), "pack-1", entries...)
	s := openStore(t, Options{Dir: dir})
	seen := 0
	st, err := Walk(context.Background(), s, WalkOptions{MaxBuffer: 4 << 20, MaxTempBytes: 40 << 20}, func(_ int, e *Entry, _ int) int {
		if seen++; e.Size > 40<<20 {
			t.Errorf("visited %d bytes", e.Size)
		}
		return 0
	})
	if err != nil || seen < 6 || st.Objects+st.Unread != int64(len(entries)) || st.Unread < 20 {
		t.Errorf("%v, %+v", err, st)
	}
}

// Chains far longer than git's, and trees that branch on every level.
func TestDeepAndBushyTrees(t *testing.T) {
	n := int64(len(hello))
	same := delta(n, n, copyFrom(0, int(n)))
	deep := []crafted{{name: "0", kind: Blob, body: []byte(hello)}}
	bushy := deep
	for i := range 20_000 {
		deep = append(deep, crafted{name: fmt.Sprint(i + 1), kind: offsetDelta, base: fmt.Sprint(i), body: same})
	}
	for i := range 3_000 { // a binary tree, and at each of its nodes a leaf
		bushy = append(bushy, crafted{name: fmt.Sprint(i + 1), kind: refDelta, base: fmt.Sprint(i / 2), body: same})
	}
	for _, entries := range [][]crafted{deep, bushy} {
		dir := craft(t, t.TempDir(), "pack-1", entries...)
		for _, opts := range []WalkOptions{{}, {MaxBuffer: n}} {
			seen, st := walkAll(t, dir, opts)
			if len(seen) != len(entries) || st.ProblemCount > 0 {
				t.Errorf("%d of %d, %v", len(seen), len(entries), st.Problems)
			}
		}
		if _, _, err := openStore(t, Options{Dir: dir}).Read(nameID("20000"), 0); err == nil {
			t.Error("Read follows a chain without limit")
		}
	}
}

func TestCorruptFiles(t *testing.T) {
	made := newRepo(t)
	made.fill(1, 80)
	made.git("repack", "-adfq")
	made.fill(2, 3, "-c", "fastimport.unpackLimit=100000")
	want := made.all()
	packPath := glob(t, made.objects(), "pack", "*.pack")
	idxPath := glob(t, made.objects(), "pack", "*.idx")
	loosePath := glob(t, made.objects(), "[0-9a-f][0-9a-f]", "*")
	const few, most = 1, 1000 // objects that are lost

	for _, tt := range []struct {
		name  string
		path  string
		spoil func(b []byte) []byte
		lost  int // at most
	}{
		{"pack: byte in the middle", packPath, func(b []byte) []byte { b[len(b)/2] ^= 0x10; return b }, most},
		{"pack: magic", packPath, func(b []byte) []byte { b[0] ^= 1; return b }, 0},
		{"pack: object count", packPath, func(b []byte) []byte { b[11]++; return b }, 0},
		{"pack: checksum cut off", packPath, func(b []byte) []byte { return b[:len(b)-20] }, 0},
		{"pack: a byte cut off", packPath, func(b []byte) []byte { return b[:len(b)-1] }, 0},
		{"pack: last object cut", packPath, func(b []byte) []byte { return b[:len(b)-30] }, few},
		{"pack: half", packPath, func(b []byte) []byte { return b[:len(b)/2] }, most},
		{"pack: empty", packPath, func(b []byte) []byte { return nil }, most},
		{"pack: missing", packPath, nil, most},
		{"index: missing", idxPath, nil, most},
		{"index: empty", idxPath, func(b []byte) []byte { return nil }, most},
		{"index: half", idxPath, func(b []byte) []byte { return b[:len(b)/2] }, most},
		{"index: a byte more", idxPath, func(b []byte) []byte { return append(b, 0) }, most},
		{"index: version", idxPath, func(b []byte) []byte { b[7] = 9; return b }, most},
		{"index: fan-out not sorted", idxPath, func(b []byte) []byte { b[8+4*100] = 0xff; return b }, most},
		{"index: CRC changed", idxPath, func(b []byte) []byte { b[len(b)*9/10] ^= 1; return b }, most},
		{"index: ids swapped", idxPath, swapIDs, 2},
		{"loose: byte", loosePath, func(b []byte) []byte { b[len(b)/2] ^= 1; return b }, few},
		{"loose: half", loosePath, func(b []byte) []byte { return b[:len(b)/2] }, few},
		{"loose: empty", loosePath, func(b []byte) []byte { return nil }, few},
		{"loose: other type", loosePath, func(b []byte) []byte { return deflate([]byte("blub 3\x00abc")) }, few},
		{"loose: no header", loosePath, func(b []byte) []byte { return deflate(bytes.Repeat([]byte("a"), 100)) }, few},
		{"loose: size too large", loosePath, func(b []byte) []byte { return deflate([]byte("blob 4\x00abc")) }, few},
		{"loose: size too small", loosePath, func(b []byte) []byte { return deflate([]byte("blob 2\x00abc")) }, few},
		{"loose: absurd size", loosePath, func(b []byte) []byte { return deflate([]byte("blob 99999999999999\x00abc")) }, few},
	} {
		t.Run(tt.name, func(t *testing.T) {
			old, err := os.ReadFile(tt.path)
			if err != nil {
				t.Fatal(err)
			}
			defer write(t, tt.path, old)
			if os.Remove(tt.path); tt.spoil != nil {
				write(t, tt.path, tt.spoil(bytes.Clone(old)))
			}
			for _, opts := range []WalkOptions{{}, {MaxBuffer: 100}} {
				v := visits{t: t, broken: true}
				st, err := Walk(context.Background(), made.open(), opts, v.visit)
				if err != nil || st.ProblemCount == 0 {
					t.Errorf("%v, %+v", err, st)
				}
				for id, got := range v.seen {
					if got != want[id] && !strings.Contains(tt.name, "swapped") {
						t.Errorf("%v: wrong", id)
					}
				}
				if lost := len(want) - len(v.seen); lost > tt.lost {
					t.Errorf("%d objects lost, want at most %d: %v", lost, tt.lost, st.Problems)
				}
			}
			s := made.open()
			for id := range want {
				s.Read(id, 0)
				s.Header(id)
			}
		})
	}
}

func swapIDs(b []byte) []byte {
	first, second := b[8+fanoutLen:][:20], b[8+fanoutLen+20:][:20]
	tmp := bytes.Clone(first)
	copy(first, second)
	copy(second, tmp)
	return b
}

// glob returns the first file that matches.
func glob(t testing.TB, parts ...string) string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(parts...))
	if err != nil || len(list) == 0 {
		t.Fatal(parts, err)
	}
	return list[0]
}

// A loose object under the name of another is read, in memory or as a stream, and
// is a problem.
func TestLooseUnderWrongName(t *testing.T) {
	for _, limit := range []int64{0, 4} {
		dir := t.TempDir()
		id := nameID("other")
		write(t, loosePath(dir, id), deflate(fmt.Appendf(nil, "blob %d\x00%s", len(hello), hello)))
		seen, st := walkAll(t, dir, WalkOptions{MaxBuffer: limit})
		if limit == 0 && seen[id] != hello || st.ProblemCount != 1 || !strings.Contains(st.Problems[0].Reason, "does not match") {
			t.Errorf("limit %d: %q, %v", limit, seen, st.Problems)
		}
	}
}
