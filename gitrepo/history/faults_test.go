package history

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

	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
	"github.com/keyguard/keyguard/internal/pack"
)

// loosePath returns where a loose object is.
func (f *fixture) loosePath(id string) string {
	f.T.Helper()
	return filepath.Join(f.Objects(), id[:2], id[2:])
}

// remove removes a loose object.
func (f *fixture) remove(id string) {
	f.T.Helper()
	if err := os.Remove(f.loosePath(id)); err != nil {
		f.T.Fatal(err)
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
	gittest.WriteFile(t, name, string(edit(data)))
}

// onePack packs all objects and returns the pack's path.
func (f *fixture) onePack() string {
	f.T.Helper()
	f.Git("repack", "-adfq")
	packs, _ := filepath.Glob(filepath.Join(f.Objects(), "pack", "*.pack"))
	if len(packs) != 1 {
		f.T.Fatalf("packs %v, want one", packs)
	}
	return packs[0]
}

// entryAt returns where an object begins in a pack.
func (f *fixture) entryAt(path, id string) int {
	f.T.Helper()
	for line := range strings.Lines(f.Git("verify-pack", "-v", strings.TrimSuffix(path, ".pack")+".idx")) {
		if field := strings.Fields(line); field[0] == id {
			at, err := strconv.Atoi(field[4])
			if err != nil {
				f.T.Fatal(err)
			}
			return at
		}
	}
	f.T.Fatalf("%s is not in %s", id, path)
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
			tree := f.Git("rev-parse", "HEAD^{tree}")
			f.remove(tree)
			return []string{"object " + tree + " is missing: the tree of commit " + f.Git("rev-parse", "HEAD")}
		}, 1},
		{"a missing subtree", func(f *fixture, _ string) []string {
			tree := f.Git("rev-parse", "HEAD:d")
			f.remove(tree)
			return []string{"object " + tree + ` is missing: "d" in tree `}
		}, 1},
		{"a missing parent", func(f *fixture, _ string) []string {
			id := f.Git("rev-parse", "HEAD^")
			f.remove(id)
			return []string{"object " + id + " is missing: a parent of commit " + f.Git("rev-parse", "HEAD")}
		}, 1},
		{"a branch without its commit", func(f *fixture, blob string) []string {
			id := strings.Repeat("ab", 20)
			gittest.WriteFile(f.T, filepath.Join(f.Dir, ".git", "refs", "heads", "lost"), id+"\n")
			return []string{"object " + id + " is missing: refs/heads/lost"}
		}, 1},
		{"a tag without its object", func(f *fixture, blob string) []string {
			f.Git("tag", "-a", "-m", "m", "v1", blob)
			f.remove(blob)
			return []string{"object " + blob + " is missing: "}
		}, 1},
		{"a loose object that is no zlib stream", func(f *fixture, blob string) []string {
			rewrite(f.T, f.loosePath(blob), func([]byte) []byte { return []byte("garbage, and more of it") })
			return []string{"object " + blob + " in "}
		}, 0},
		{"a loose object that is cut", func(f *fixture, blob string) []string {
			rewrite(f.T, f.loosePath(blob), cut(9))
			return []string{"object " + blob + " in "}
		}, 0},
		{"an empty loose object", func(f *fixture, blob string) []string {
			rewrite(f.T, f.loosePath(blob), func([]byte) []byte { return nil })
			return []string{"object " + blob + " in "}
		}, 0},
		{"a loose object of a type that does not exist", func(f *fixture, blob string) []string {
			rewrite(f.T, f.loosePath(blob), func([]byte) []byte { return deflated(f.T, []byte("blub 3\x00abc")) })
			return []string{"object " + blob + " in "}
		}, 0},
		{"a loose object that is shorter than it says", func(f *fixture, blob string) []string {
			rewrite(f.T, f.loosePath(blob), func([]byte) []byte { return deflated(f.T, []byte("blob 4\x00abc")) })
			return []string{"object " + blob + " in "}
		}, 0},
		{"a loose object that is longer than it says", func(f *fixture, blob string) []string {
			rewrite(f.T, f.loosePath(blob), func([]byte) []byte { return deflated(f.T, []byte("blob 2\x00abc")) })
			return []string{"object " + blob + " in "}
		}, 0},
		{"changed bytes in a pack", func(f *fixture, blob string) []string {
			path := f.onePack()
			rewrite(f.T, path, flip(f.entryAt(path, blob)+6, 20))
			return []string{"object " + blob + " in " + path}
		}, 0},
		{"a changed header in a pack", func(f *fixture, blob string) []string {
			path := f.onePack()
			at := f.entryAt(path, blob)
			rewrite(f.T, path, func(data []byte) []byte {
				data[at] |= 0x70 // a delta, which it is not
				return data
			})
			return []string{"object " + blob + " in " + path}
		}, 0},
		{"a pack that is cut", func(f *fixture, blob string) []string {
			path := f.onePack()
			at := f.entryAt(path, blob)
			rewrite(f.T, path, func(data []byte) []byte { return data[:at+10] })
			return []string{"object " + blob + " in " + path, "truncated stream"}
		}, 0},
		{"a pack that lacks its checksum", func(f *fixture, _ string) []string {
			path := f.onePack()
			rewrite(f.T, path, cut(20))
			return []string{path + ": pack is truncated or modified"}
		}, 0},
		{"an index of other content", func(f *fixture, _ string) []string {
			path := strings.TrimSuffix(f.onePack(), "pack") + "idx"
			rewrite(f.T, path, flip(1100, 1)) // of an id
			return []string{path + ": "}
		}, 1},
		{"a pack that lost its index", func(f *fixture, _ string) []string {
			p := new(packer)
			p.blob("whatever")
			path := p.write(f.T, f.Objects(), "bare")
			if err := os.Remove(strings.TrimSuffix(path, "pack") + "idx"); err != nil {
				f.T.Fatal(err)
			}
			return []string{path + ": pack without index"}
		}, 0},
		{"a pack that git is writing", func(f *fixture, _ string) []string {
			for _, name := range []string{".tmp-17-pack-1.pack", "tmp_pack_XyZ123.pack"} {
				if err := os.WriteFile(filepath.Join(f.Objects(), "pack", name), []byte("PACK"), 0o600); err != nil {
					f.T.Fatal(err)
				}
			}
			return nil
		}, 0},
		{"an index that lost its pack", func(f *fixture, _ string) []string {
			p := new(packer)
			p.blob("whatever")
			path := p.write(f.T, f.Objects(), "lost")
			if err := os.Remove(path); err != nil {
				f.T.Fatal(err)
			}
			return []string{filepath.Base(path)}
		}, 0},
		{"an index of no length", func(f *fixture, _ string) []string {
			path := new(packer).write(f.T, f.Objects(), "empty")
			idx := strings.TrimSuffix(path, "pack") + "idx"
			rewrite(f.T, idx, func([]byte) []byte { return nil })
			return []string{idx}
		}, 0},
		{"a delta without its base", func(f *fixture, _ string) []string {
			p := new(packer)
			id := objectID(pack.Blob, []byte("no base"))
			p.entries = []packed{{id: id, kind: refDelta, base: objectID(pack.Blob, []byte("lost")), body: deltaTo(9, 3, insertOp([]byte("abc"))), size: -1}}
			return []string{"object " + id.String() + " in " + p.write(f.T, f.Objects(), "thin")}
		}, 0},
		{"deltas that are each other's base", func(f *fixture, _ string) []string {
			a, b := objectID(pack.Blob, []byte("a")), objectID(pack.Blob, []byte("b"))
			body := deltaTo(3, 3, copyOp(0, 3))
			p := &packer{entries: []packed{{a, refDelta, b, body, -1}, {b, refDelta, a, body, -1}}}
			path := p.write(f.T, f.Objects(), "cycle")
			return []string{"object " + a.String() + " in " + path, "object " + b.String() + " in " + path}
		}, 0},
		{"a delta for a base of another size", func(f *fixture, _ string) []string {
			p := new(packer)
			base := p.blob("four")
			id := objectID(pack.Blob, []byte("for"))
			p.entries = append(p.entries, packed{id, offsetDelta, base, deltaTo(9, 3, copyOp(0, 3)), -1})
			return []string{"object " + id.String() + " in " + p.write(f.T, f.Objects(), "odd")}
		}, 0},
		{"an alternate that is gone", func(f *fixture, _ string) []string {
			gittest.WriteFile(f.T, filepath.Join(f.Objects(), "info", "alternates"), "/nowhere/objects\n")
			return []string{"/nowhere/objects"}
		}, 0},
		{"a tree that ends too soon", func(f *fixture, blob string) []string {
			data := treeData([]treeLine{{"100644 a", objectID(pack.Blob, nil)}})
			id := f.hashed("tree", data[:len(data)-3])
			return []string{"tree " + id + ": damaged at byte 0"}
		}, 0},
		{"a commit without a tree", func(f *fixture, blob string) []string {
			id := f.hashed("commit", []byte("author A <a> 1 +0000\n\nhello\n"))
			return []string{"commit " + id + " has no tree"}
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.Write("kept", "{{akia#kept}}\n")
			f.Commit("first")
			f.Write("gone", "just a file, of some length: {{b64 200}}\n")
			f.Write("d/e", "1\n")
			f.Commit("second, {{akia#message}}")
			want := c.damage(f, f.Git("rev-parse", "HEAD:gone"))
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
	f.T.Helper()
	cmd := f.Command("hash-object", "-w", "-t", typ, "--literally", "--stdin")
	cmd.Stdin = bytes.NewReader(data)
	out, err := cmd.Output()
	if err != nil {
		f.T.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestHistoryOfPartialClone: what a promisor remote holds back is missing, and
// not fetched.
func TestHistoryOfPartialClone(t *testing.T) {
	f := newFixture(t)
	f.Leak()
	f.Git("config", "uploadpack.allowFilter", "true")
	dir := filepath.Join(t.TempDir(), "partial")
	f.Git("clone", "-q", "--no-checkout", "--filter=blob:none", "file://"+f.Dir, dir)
	clone := f.in(dir)
	before := clone.Git("count-objects", "-v")
	for _, set := range [][]string{nil, {"HEAD"}, {"HEAD~1..HEAD"}} {
		out := clone.scanFaulty(revisions(set...))
		blob := clone.Git("rev-parse", "HEAD:f")
		if !slices.ContainsFunc(out.errors, func(err error) bool { return strings.Contains(err.Error(), "object "+blob+" is missing") }) {
			t.Errorf("%v: blob %s is not said to be missing: %v", set, blob, out.errors)
		}
		if set == nil && out.coverage.Missing != 2 {
			t.Errorf("%d are missing, want both versions of the file", out.coverage.Missing)
		}
	}
	if after := clone.Git("count-objects", "-v"); after != before {
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

// TestRefsNotListed: where refs cannot be listed nothing is left out as unreachable, and
// that is an error.
func TestRefsNotListed(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(f *fixture, git string)
	}{
		{"packed refs that are garbage", func(f *fixture, git string) { gittest.WriteFile(f.T, filepath.Join(git, "packed-refs"), "garbage\n") }},
		{"a ref that is garbage", func(f *fixture, git string) {
			gittest.WriteFile(f.T, filepath.Join(git, "refs/heads/broken"), "garbage\n")
		}},
		{"an empty ref", func(f *fixture, git string) { gittest.WriteFile(f.T, filepath.Join(git, "refs/heads/broken"), "") }},
		{"a ref of a wrong name", func(f *fixture, git string) {
			gittest.WriteFile(f.T, filepath.Join(git, "refs/heads/a..b"), f.Git("rev-parse", "HEAD")+"\n")
		}},
		{"a folder of refs in circles", func(f *fixture, git string) {
			if err := os.Symlink("x", filepath.Join(git, "refs", "x")); err != nil {
				f.T.Skip(err)
			}
		}},
		{"a broken HEAD of another work tree", func(f *fixture, git string) {
			gittest.WriteFile(f.T, filepath.Join(git, "worktrees/other/HEAD"), "garbage\n")
			gittest.WriteFile(f.T, filepath.Join(git, "worktrees/other/commondir"), "../..\n")
		}},
		{"a folder that may not be read", func(f *fixture, git string) {
			dir := filepath.Join(git, "refs", "heads", "closed")
			if err := os.Mkdir(dir, 0); err != nil {
				f.T.Fatal(err)
			}
			if _, err := os.ReadDir(dir); err == nil {
				f.T.Skip("this user may read all")
			}
			f.T.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			f.Leak()
			f.Git("reset", "-q", "--hard", f.Git("rev-list", "--max-parents=0", "HEAD"))
			f.Git("reflog", "expire", "--expire=now", "--all")
			c.spoil(f, filepath.Join(f.Dir, ".git"))
			for name, set := range map[string]func(*Scan){
				"reachable only": func(h *Scan) { h.ReachableOnly, h.Revisions = true, []string{"--all"} },
				"since":          revisions("--all", "--since=2000-01-01"),
				"all":            func(*Scan) {},
			} {
				out := f.scanFaulty(set)
				if len(out.findings) != 1 || len(out.errors) == 0 {
					t.Errorf("%s: %d findings, errors %v", name, len(out.findings), out.errors)
				}
			}
		})
	}
}
