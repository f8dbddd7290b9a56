package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/keyguard/keyguard/internal/pack"
)

// loosePath returns where a loose object is.
func (f *fixture) loosePath(id string) string {
	f.t.Helper()
	return filepath.Join(f.objects(), id[:2], id[2:])
}

// remove removes a loose object.
func (f *fixture) remove(id string) {
	f.t.Helper()
	if err := os.Remove(f.loosePath(id)); err != nil {
		f.t.Fatal(err)
	}
}

// rewrite changes a file, which git made read-only.
func rewrite(t testing.TB, name string, edit func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err == nil {
		err = os.Remove(name)
	}
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, name, string(edit(data)))
}

// onePack packs all objects and returns the pack's path.
func (f *fixture) onePack() string {
	f.t.Helper()
	f.git("repack", "-adfq")
	packs, _ := filepath.Glob(filepath.Join(f.objects(), "pack", "*.pack"))
	if len(packs) != 1 {
		f.t.Fatalf("packs %v, want one", packs)
	}
	return packs[0]
}

// entryAt returns where an object begins in a pack.
func (f *fixture) entryAt(path, id string) int {
	f.t.Helper()
	for line := range strings.Lines(f.git("verify-pack", "-v", strings.TrimSuffix(path, ".pack")+".idx")) {
		if field := strings.Fields(line); field[0] == id {
			at, err := strconv.Atoi(field[4])
			if err != nil {
				f.t.Fatal(err)
			}
			return at
		}
	}
	f.t.Fatalf("%s is not in %s", id, path)
	return 0
}

// flip changes some bytes.
func flip(at, n int) func([]byte) []byte {
	return func(data []byte) []byte {
		for i := range n {
			data[at+i] ^= 0xff
		}
		return data
	}
}

func cut(n int) func([]byte) []byte { return func(data []byte) []byte { return data[:len(data)-n] } }

// TestHistoryFaults: whatever is missing or damaged is told, by its id, and what
// can be read is scanned all the same.
func TestHistoryFaults(t *testing.T) {
	for _, c := range []struct {
		name    string
		damage  func(f *fixture, blob string) (want []string) // parts of the errors
		missing int64
	}{
		{"a missing blob", func(f *fixture, blob string) []string {
			f.remove(blob)
			return []string{"object " + blob + ` is missing: "gone" in tree `}
		}, 1},
		{"a missing tree", func(f *fixture, _ string) []string {
			tree := f.git("rev-parse", "HEAD^{tree}")
			f.remove(tree)
			return []string{"object " + tree + " is missing: the tree of commit " + f.git("rev-parse", "HEAD")}
		}, 1},
		{"a missing subtree", func(f *fixture, _ string) []string {
			tree := f.git("rev-parse", "HEAD:d")
			f.remove(tree)
			return []string{"object " + tree + ` is missing: "d" in tree `}
		}, 1},
		{"a missing parent", func(f *fixture, _ string) []string {
			id := f.git("rev-parse", "HEAD^")
			f.remove(id)
			return []string{"object " + id + " is missing: a parent of commit " + f.git("rev-parse", "HEAD")}
		}, 1},
		{"a branch without its commit", func(f *fixture, blob string) []string {
			id := strings.Repeat("ab", 20)
			writeFile(f.t, filepath.Join(f.dir, ".git", "refs", "heads", "lost"), id+"\n")
			return []string{"object " + id + " is missing: refs/heads/lost"}
		}, 1},
		{"a tag without its object", func(f *fixture, blob string) []string {
			f.git("tag", "-a", "-m", "m", "v1", blob)
			f.remove(blob)
			return []string{"object " + blob + " is missing: "}
		}, 1},
		{"a loose object that is no zlib stream", func(f *fixture, blob string) []string {
			rewrite(f.t, f.loosePath(blob), func([]byte) []byte { return []byte("garbage, and more of it") })
			return []string{"object " + blob + " in "}
		}, 0},
		{"a loose object that is cut", func(f *fixture, blob string) []string {
			rewrite(f.t, f.loosePath(blob), cut(9))
			return []string{"object " + blob + " in "}
		}, 0},
		{"an empty loose object", func(f *fixture, blob string) []string {
			rewrite(f.t, f.loosePath(blob), func([]byte) []byte { return nil })
			return []string{"object " + blob + " in "}
		}, 0},
		{"a loose object of a type that does not exist", func(f *fixture, blob string) []string {
			rewrite(f.t, f.loosePath(blob), func([]byte) []byte { return deflated(f.t, []byte("blub 3\x00abc")) })
			return []string{"object " + blob + " in "}
		}, 0},
		{"a loose object that is shorter than it says", func(f *fixture, blob string) []string {
			rewrite(f.t, f.loosePath(blob), func([]byte) []byte { return deflated(f.t, []byte("blob 4\x00abc")) })
			return []string{"object " + blob + " in "}
		}, 0},
		{"a loose object that is longer than it says", func(f *fixture, blob string) []string {
			rewrite(f.t, f.loosePath(blob), func([]byte) []byte { return deflated(f.t, []byte("blob 2\x00abc")) })
			return []string{"object " + blob + " in "}
		}, 0},
		{"changed bytes in a pack", func(f *fixture, blob string) []string {
			path := f.onePack()
			rewrite(f.t, path, flip(f.entryAt(path, blob)+6, 20))
			return []string{"object " + blob + " in " + path}
		}, 0},
		{"a changed header in a pack", func(f *fixture, blob string) []string {
			path := f.onePack()
			at := f.entryAt(path, blob)
			rewrite(f.t, path, func(data []byte) []byte {
				data[at] |= 0x70 // a delta, which it is not
				return data
			})
			return []string{"object " + blob + " in " + path}
		}, 0},
		{"a pack that is cut", func(f *fixture, blob string) []string {
			path := f.onePack()
			at := f.entryAt(path, blob)
			rewrite(f.t, path, func(data []byte) []byte { return data[:at+10] })
			return []string{"object " + blob + " in " + path, "truncated stream"}
		}, 0},
		{"a pack that lacks its checksum", func(f *fixture, _ string) []string {
			path := f.onePack()
			rewrite(f.t, path, cut(20))
			return []string{path + ": pack is truncated or modified"}
		}, 0},
		{"an index of other content", func(f *fixture, _ string) []string {
			path := strings.TrimSuffix(f.onePack(), "pack") + "idx"
			rewrite(f.t, path, flip(1100, 1)) // of an id
			return []string{path + ": "}
		}, 1},
		{"a pack that lost its index", func(f *fixture, _ string) []string {
			p := new(packer)
			p.blob("whatever")
			path := p.write(f.t, f.objects(), "bare")
			if err := os.Remove(strings.TrimSuffix(path, "pack") + "idx"); err != nil {
				f.t.Fatal(err)
			}
			return []string{path + ": pack without index"}
		}, 0},
		{"a pack that git is writing", func(f *fixture, _ string) []string {
			for _, name := range []string{".tmp-17-pack-1.pack", "tmp_pack_XyZ123.pack"} {
				if err := os.WriteFile(filepath.Join(f.objects(), "pack", name), []byte("PACK"), 0o600); err != nil {
					f.t.Fatal(err)
				}
			}
			return nil
		}, 0},
		{"an index that lost its pack", func(f *fixture, _ string) []string {
			p := new(packer)
			p.blob("whatever")
			path := p.write(f.t, f.objects(), "lost")
			if err := os.Remove(path); err != nil {
				f.t.Fatal(err)
			}
			return []string{filepath.Base(path)}
		}, 0},
		{"an index of no length", func(f *fixture, _ string) []string {
			path := new(packer).write(f.t, f.objects(), "empty")
			idx := strings.TrimSuffix(path, "pack") + "idx"
			rewrite(f.t, idx, func([]byte) []byte { return nil })
			return []string{idx}
		}, 0},
		{"a delta without its base", func(f *fixture, _ string) []string {
			p := new(packer)
			id := objectID(pack.Blob, []byte("no base"))
			p.entries = []packed{{id: id, kind: refDelta, base: objectID(pack.Blob, []byte("lost")), body: deltaTo(9, 3, insertOp([]byte("abc"))), size: -1}}
			return []string{"object " + id.String() + " in " + p.write(f.t, f.objects(), "thin")}
		}, 0},
		{"deltas that are each other's base", func(f *fixture, _ string) []string {
			a, b := objectID(pack.Blob, []byte("a")), objectID(pack.Blob, []byte("b"))
			body := deltaTo(3, 3, copyOp(0, 3))
			p := &packer{entries: []packed{{a, refDelta, b, body, -1}, {b, refDelta, a, body, -1}}}
			path := p.write(f.t, f.objects(), "cycle")
			return []string{"object " + a.String() + " in " + path, "object " + b.String() + " in " + path}
		}, 0},
		{"a delta for a base of another size", func(f *fixture, _ string) []string {
			p := new(packer)
			base := p.blob("four")
			id := objectID(pack.Blob, []byte("for"))
			p.entries = append(p.entries, packed{id, offsetDelta, base, deltaTo(9, 3, copyOp(0, 3)), -1})
			return []string{"object " + id.String() + " in " + p.write(f.t, f.objects(), "odd")}
		}, 0},
		{"an alternate that is gone", func(f *fixture, _ string) []string {
			writeFile(f.t, filepath.Join(f.objects(), "info", "alternates"), "/nowhere/objects\n")
			return []string{"/nowhere/objects"}
		}, 0},
		{"a tree that ends too soon", func(f *fixture, blob string) []string {
			data := treeData([]treeLine{{"100644 a", objectID(pack.Blob, nil)}})
			id := f.hashed("tree", data[:len(data)-3])
			return []string{"tree " + id + ": damaged at byte 0"}
		}, 0},
		{"a commit without a tree", func(f *fixture, blob string) []string {
			id := f.hashed("commit", []byte("author A <a> 1 +0000\n\nhello\n"))
			return []string{"commit " + id + ": it has no tree"}
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.write("kept", "{{akia#kept}}\n")
			f.commit("first")
			f.write("gone", "just a file, of some length: {{b64 200}}\n")
			f.write("d/e", "1\n")
			f.commit("second, {{akia#message}}")
			want := c.damage(f, f.git("rev-parse", "HEAD:gone"))
			out := f.scanFaulty()
			for _, w := range want {
				if !slices.ContainsFunc(out.errors, func(err error) bool { return strings.Contains(err.Error(), w) }) {
					t.Errorf("no error has %q: %v", w, out.errors)
				}
			}
			if len(want) == 0 && len(out.errors) > 0 {
				t.Errorf("nothing is wrong, but: %v", out.errors)
			}
			if out.coverage.Missing != c.missing {
				t.Errorf("%d objects are missing, want %d", out.coverage.Missing, c.missing)
			}
			if c.name != "a missing parent" && c.name != "a pack that is cut" {
				out.of(f, "kept")
				out.of(f, "message")
			}
		})
	}
}

// hashed writes a loose object that git would refuse, and returns its id.
func (f *fixture) hashed(typ string, data []byte) string {
	f.t.Helper()
	cmd := f.command("hash-object", "-w", "-t", typ, "--literally", "--stdin")
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	if err != nil {
		f.t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestHistoryOfPartialClone: what a promisor remote holds back is missing, and
// not fetched.
func TestHistoryOfPartialClone(t *testing.T) {
	f := newFixture(t)
	f.leak()
	f.git("config", "uploadpack.allowFilter", "true")
	dir := filepath.Join(t.TempDir(), "partial")
	f.git("clone", "-q", "--no-checkout", "--filter=blob:none", "file://"+f.dir, dir)
	clone := f.in(dir)
	before := clone.git("count-objects", "-v")
	for _, set := range [][]string{nil, {"HEAD"}, {"HEAD~1..HEAD"}} {
		out := clone.scanFaulty(revisions(set...))
		blob := clone.git("rev-parse", "HEAD:f")
		if !slices.ContainsFunc(out.errors, func(err error) bool { return strings.Contains(err.Error(), "object "+blob+" is missing") }) {
			t.Errorf("%v: blob %s is not said to be missing: %v", set, blob, out.errors)
		}
		if set == nil && out.coverage.Missing != 2 {
			t.Errorf("%d are missing, want both versions of the file", out.coverage.Missing)
		}
	}
	if after := clone.git("count-objects", "-v"); after != before {
		t.Errorf("objects were fetched: %s, before %s", after, before)
	}
}

// TestHistoryOfManyMissing: all that is missing is counted, and not all of it
// told.
func TestHistoryOfManyMissing(t *testing.T) {
	f := newFixture(t)
	p := new(packer)
	var lines []treeLine
	for i := range 5000 {
		lines = append(lines, treeLine{fmt.Sprintf("100644 %04d", i), objectID(pack.Blob, fmt.Append(nil, i))})
	}
	f.pack(p, p.commit(p.tree(lines...), "many\n"))
	out := f.scanFaulty()
	if out.coverage.Missing != 5000 || len(out.errors) != maxErrors+1 || !errors.Is(out.errors[0], ErrMissing) {
		t.Errorf("%d missing, %d errors", out.coverage.Missing, len(out.errors))
	}
	if last := out.errors[maxErrors].Error(); last != "4000 more objects are missing" {
		t.Errorf("last error: %s", last)
	}
}
