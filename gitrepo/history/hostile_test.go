package history

import (
	"context"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
	"github.com/keyguard/keyguard/internal/bitset"
	"github.com/keyguard/keyguard/internal/pack"
)

// TestHistoryHidesNothing: what makes git show another content or another
// history does not hide a credential, neither of everything nor of a range.
func TestHistoryHidesNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		hide func(f *fixture, root, leak, mend string)
	}{
		{"a blob replaced", func(f *fixture, root, leak, _ string) { f.Git("replace", leak+":f", root+":g") }},
		{"a commit replaced", func(f *fixture, root, leak, _ string) { f.Git("replace", "-f", leak, root) }},
		{"a graft that cuts history", func(f *fixture, _, _, mend string) {
			gittest.WriteFile(f.T, filepath.Join(f.Dir, ".git", "info", "grafts"), mend+"\n")
		}},
		{"a graft that leads around", func(f *fixture, root, _, mend string) {
			gittest.WriteFile(f.T, filepath.Join(f.Dir, ".git", "info", "grafts"), mend+" "+root+"\n")
		}},
		{"a commit-graph that lies", func(f *fixture, _, _, _ string) {
			f.Git("commit-graph", "write", "--reachable")
			rewrite(f.T, filepath.Join(f.Objects(), "info", "commit-graph"), orphaned)
			if n := f.Git("-c", "core.commitGraph=true", "rev-list", "--count", "HEAD"); n != "1" {
				f.T.Errorf("git sees %s commits: the lie is not believed", n)
			}
		}},
		{"attributes and ignore rules", func(f *fixture, _, _, _ string) {
			gittest.WriteFile(f.T, filepath.Join(f.Dir, ".git", "info", "attributes"), "* -diff binary export-ignore diff=none\n")
			gittest.WriteFile(f.T, filepath.Join(f.Dir, ".git", "info", "exclude"), "*\n")
			f.Git("config", "diff.none.textconv", "true")
		}},
		{"hidden refs and logs", func(f *fixture, _, _, _ string) {
			f.Git("config", "transfer.hideRefs", "refs/")
			f.Git("config", "log.excludeDecoration", "*")
			f.Git("config", "rev-list.disable", "true")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.Write("g", "1\n")
			root := f.Commit("root")
			f.Leak()
			mend := f.Git("rev-parse", "HEAD")
			leak := f.Git("rev-parse", "HEAD^")
			c.hide(f, root, leak, mend)
			for _, revs := range [][]string{nil, {root + ".." + mend}, {"main"}, {"--all", "--since=2001-01-01"}} {
				if got := placeOf(f.scan(revisions(revs...)).of(f, "key")); got != (place{leak, "f", false, "", true}) {
					t.Errorf("%v: %+v", revs, got)
				}
			}
		})
	}
}

// orphaned takes all parents out of a commit-graph (gitformat-commit-graph(5)).
func orphaned(data []byte) []byte {
	for chunk := data[8:]; ; chunk = chunk[12:] {
		if string(chunk[:4]) != "CDAT" {
			continue
		}
		at, end := binary.BigEndian.Uint64(chunk[4:]), binary.BigEndian.Uint64(chunk[16:])
		for ; at < end; at += 36 {
			binary.BigEndian.PutUint32(data[at+20:], 0x70000000)
		}
		sum := sha1.Sum(data[:len(data)-20])
		return append(data[:len(data)-20], sum[:]...)
	}
}

// TestHistoryRunsNothing: nothing that a repository's configuration names is run.
func TestHistoryRunsNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell script")
	}
	f := newFixture(t)
	f.Write(".gitattributes", "* diff=evil filter=evil merge=evil\n")
	f.Leak()
	f.Write("f", "changed\n")
	canary := filepath.Join(t.TempDir(), "canary")
	script := filepath.Join(t.TempDir(), "evil")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho \"$0 $*\" >> "+canary+"\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"core.fsmonitor", "core.pager", "core.editor", "core.askPass", "core.sshCommand", "core.gitProxy", "core.alternateRefsCommand",
		"diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process",
		"merge.evil.driver", "gpg.program", "credential.helper", "pager.rev-list", "pager.for-each-ref", "pager.rev-parse", "uploadpack.packObjectsHook",
		"trailer.x.cmd", "alias.rev-list", "alias.rev-parse", "remote.origin.uploadpack", "remote.origin.vcs", "init.templateDir",
	} {
		f.Git("config", key, script)
	}
	f.Git("config", "remote.origin.url", "ext::"+script+" %S")
	f.Git("config", "remote.origin.promisor", "true")
	f.Git("config", "extensions.partialClone", "origin")
	f.Git("config", "protocol.ext.allow", "always")
	f.Git("config", "core.hooksPath", filepath.Join(t.TempDir(), "hooks"))
	f.Git("config", "core.repositoryFormatVersion", "1")
	for _, hook := range []string{"post-index-change", "reference-transaction", "fsmonitor-watchman", "post-checkout"} {
		if err := os.Symlink(script, filepath.Join(f.Dir, ".git", "hooks", hook)); err != nil {
			t.Fatal(err)
		}
	}
	f.remove(f.Git("rev-parse", "HEAD:.gitattributes")) // would be fetched
	for _, revs := range [][]string{nil, {"main"}, {"HEAD~1..HEAD"}, {"--all", "--since=yesterday"}} {
		if out := f.scanFaulty(revisions(revs...)); len(out.errors) != 1 && revs == nil {
			t.Errorf("%v: errors %v", revs, out.errors)
		}
	}
	if ran, err := os.ReadFile(canary); err == nil {
		t.Errorf("the repository ran code:\n%s", ran)
	}
}

// pack writes what p holds into the fixture and makes main of the commit.
func (f *fixture) pack(p *packer, commit pack.ID) {
	f.T.Helper()
	p.write(f.T, f.Objects(), "hostile")
	gittest.WriteFile(f.T, filepath.Join(f.Dir, ".git", "refs", "heads", "main"), commit.String()+"\n")
}

// TestHistoryOfHostileObjects: objects that git would not make, or not so many,
// take bounded time and memory.
func TestHistoryOfHostileObjects(t *testing.T) {
	key := func(f *fixture) string { return f.Text("{{akia#key}}\n") }
	for _, c := range []struct {
		name string
		make func(f *fixture, p *packer) (commit pack.ID)
		want string
	}{
		{"folders 3,000 deep", func(f *fixture, p *packer) pack.ID {
			id := p.tree(treeLine{"100644 f", p.blob(key(f))})
			for range 3000 {
				id = p.tree(treeLine{"40000 d", id})
			}
			return p.commit(id, "deep\n")
		}, "deep in " + strings.Repeat("d/", 3000) + "f:1:1; 1 commits; HEAD; branches main"},
		{"a tree of ten thousand million files", func(f *fixture, p *packer) pack.ID {
			id, mode := p.blob(key(f)), "100644"
			for range 10 {
				var lines []treeLine
				for i := range 10 {
					lines = append(lines, treeLine{fmt.Sprintf("%s %d", mode, i), id})
				}
				id, mode = p.tree(lines...), "40000"
			}
			return p.commit(id, "bomb\n")
		}, "bomb in 0/0/0/0/0/0/0/0/0/0:1:1; 1 commits; HEAD; branches main; also 0/0"},
		{"a tree within itself", func(f *fixture, p *packer) pack.ID {
			self := objectID(pack.Tree, []byte("self"))
			p.tree(treeLine{"40000 a", self}, treeLine{"100644 f", p.blob(key(f))}, treeLine{"40000 z", self})
			p.entries[len(p.entries)-1].id = self
			return p.commit(self, "circle\n")
		}, "circle in f:1:1; 1 commits; HEAD; branches main"},
		{"modes with leading zeros", func(f *fixture, p *packer) pack.ID {
			tree := p.tree(treeLine{"0100644 f", p.blob(key(f))}, treeLine{"0160000 sub", objectID(pack.Commit, nil)})
			return p.commit(p.tree(treeLine{"040000 d", tree}), "zeros\n")
		}, "zeros in d/f:1:1; 1 commits; HEAD; branches main"},
		{"names that lead out of the tree", func(f *fixture, p *packer) pack.ID {
			tree := p.tree(treeLine{"100644 ../../etc", p.blob(key(f))})
			return p.commit(p.tree(treeLine{"40000 ..", tree}), "out\n")
		}, "out in ../../../etc:1:1; 1 commits; HEAD; branches main"},
		{"a file of one tree that is a folder of another", func(f *fixture, p *packer) pack.ID {
			blob := p.blob(key(f))
			return p.commit(p.tree(treeLine{"40000 d", blob}, treeLine{"100644 f", blob}, treeLine{"100644 g", p.tree()}), "mixed\n")
		}, "mixed in f:1:1; 1 commits; HEAD; branches main"},
		{"commits that are each other's parents", func(f *fixture, p *packer) pack.ID {
			one, two := objectID(pack.Commit, []byte("one")), objectID(pack.Commit, []byte("two"))
			tree := p.tree(treeLine{"100644 f", p.blob(key(f))})
			p.commit(tree, "one\n", two)
			p.entries[len(p.entries)-1].id = one
			p.commit(p.tree(), "two\n", one)
			p.entries[len(p.entries)-1].id = two
			return two
		}, "one in f:1:1; 1 commits"},
		{"tags that name each other", func(f *fixture, p *packer) pack.ID {
			one, two := objectID(pack.Tag, []byte("one")), objectID(pack.Tag, []byte("two"))
			for _, pair := range [][2]pack.ID{{one, two}, {two, one}} {
				p.object(pack.Tag, fmt.Appendf(nil, "object %v\ntype tag\ntag v1\n\n%s", pair[1], key(f)))
				p.entries[len(p.entries)-1].id = pair[0]
			}
			gittest.WriteFile(f.T, filepath.Join(f.Dir, ".git", "refs", "tags", "v1"), one.String()+"\n")
			return p.commit(p.tree(), "empty\n")
		}, "message of tag v1; 0 commits"},
		{"objects that are not what their id says", func(f *fixture, p *packer) pack.ID {
			id := objectID(pack.Blob, []byte("harmless"))
			p.blob(key(f))
			p.entries[0].id = id
			return p.commit(p.tree(treeLine{"100644 f", id}), "lie\n")
		}, "lie in f:1:1; 1 commits; HEAD; branches main"},
		{"a folder that another commit calls a file", func(f *fixture, p *packer) pack.ID {
			folder := p.tree(treeLine{"100644 f", p.blob(key(f))})
			file := p.commit(p.tree(treeLine{"100644 d", folder}), "file\n")
			return p.commit(p.tree(treeLine{"40000 d", folder}), "folder\n", file)
		}, "folder in d/f:1:1; 1 commits; HEAD; branches main"},
		{"dates that are none", func(f *fixture, p *packer) pack.ID {
			tree := p.tree(treeLine{"100644 f", p.blob(key(f))})
			return p.object(pack.Commit, fmt.Appendf(nil, "tree %v\nauthor > 99999999999999999999 +99999\ncommitter\n\nodd\n", tree))
		}, "odd in f:1:1; 1 commits; HEAD; branches main"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			p := new(packer)
			commit := c.make(f, p)
			f.pack(p, commit)
			if got := f.story(f.scan().only(t)); !strings.HasPrefix(got, c.want) || len(got) > len(c.want)+1_000_000 {
				t.Errorf("got  %.300q\nwant %.300q", got, c.want)
			}
		})
	}
}

// TestHistoryOfEndlessPaths: where the paths of a credential would not fit in
// memory, it is told without, and so is that. Others are told with theirs.
func TestHistoryOfEndlessPaths(t *testing.T) {
	f := newFixture(t)
	p := new(packer)
	id := p.tree(treeLine{"100644 f", p.blob(f.Text("{{akia#key}}\n"))})
	for i := range 3 * maxDepth {
		id = p.tree(treeLine{fmt.Sprintf("40000 %d%s", i, strings.Repeat("d", 100)), id})
	}
	near := p.commit(p.tree(treeLine{"40000 deep", id}, treeLine{"100644 near", p.blob(f.Text("{{akia#near}}\n"))}), "deep\n")
	f.pack(p, near)
	for _, set := range []func(*Scan){func(*Scan) {}, reachableOnly} {
		out := f.scanFaulty(set)
		out.of(f, "key")
		if got := out.of(f, "near").Origin.History.Commit; got != near.String() {
			t.Errorf("what is not so deep is told to be of commit %q", got)
		}
		if len(out.errors) != 1 || !errors.Is(out.errors[0], errPaths) {
			t.Errorf("errors: %v", out.errors)
		}
	}
}

// TestHistoryOfMorePathsThanAreKept: a path beyond the bound is not excluded.
func TestHistoryOfMorePathsThanAreKept(t *testing.T) {
	for files, want := range map[int]bool{maxTreePaths: false, maxTreePaths + 1: true} {
		f := newFixture(t)
		p := new(packer)
		blob := p.blob(f.Text("{{akia#key}}\n"))
		var lines []treeLine
		for i := range files {
			lines = append(lines, treeLine{fmt.Sprintf("100644 f%05d", i), blob})
		}
		f.pack(p, p.commit(p.tree(lines...), "many\n"))
		if h := f.scan().only(t).Origin.History; h.MorePaths != want || len(h.Paths) != maxTreePaths-1 {
			t.Errorf("%d files: %d other paths, more: %v", files, len(h.Paths), h.MorePaths)
		}
	}
}

// TestHistoryOfManyEntries: where notes of trees would not fit in memory, it is told
// that findings are not attributed; where there are none, that does not matter.
func TestHistoryOfManyEntries(t *testing.T) {
	for text, want := range map[string]error{"{{akia#key}}\n": errBudget, "nothing\n": nil} {
		f := newFixture(t)
		f.Write("folder/a", text)
		f.Commit("add")
		v, err := newObjectScan(t.Context(), f.open(), newScanner(t), 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.listObjects(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		v.budget.Store(chunkSize - 1)
		stats, err := v.walk(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		v.merge(stats)
		if _, err := new(Scan).attribute(t.Context(), v.scanner, v); !errors.Is(err, want) {
			t.Errorf("%q: error %v, want %v", text, err, want)
		}
	}
}

// TestVarintLogsShareBudget: it does not grow with the number of workers.
func TestVarintLogsShareBudget(t *testing.T) {
	var room atomic.Int64
	room.Store(2 * chunkSize)
	one, two := varintLog{budget: &room}, varintLog{budget: &room}
	for i, l := range []*varintLog{&one, &two, &one} {
		if l.put(uint64(i)); l.full {
			t.Errorf("no memory for number %d", i)
		}
	}
	for range chunkSize {
		two.put(3)
	}
	if !two.full || one.full {
		t.Error("a third piece, where there is room for two")
	}
}

// TestTreeQueryIsBounded: where trees made from one another keep an object at too many
// places, or nobody waits for them any more, no more of them are looked at.
func TestTreeQueryIsBounded(t *testing.T) {
	f := newFixture(t)
	p := new(packer)
	key := treeLine{"100644 key", p.blob("key")}
	base := treeData([]treeLine{key})
	p.object(pack.Tree, base)
	for i := range 100 {
		name := treeLine{fmt.Sprintf("100644 %d", i), key.id}
		text := append(slices.Clone(base), treeData([]treeLine{name})...)
		ops := deltaTo(len(base), len(text), copyOp(0, len(base)), insertOp(text[len(base):]))
		p.entries = append(p.entries, packed{objectID(pack.Tree, text), offsetDelta, objectID(pack.Tree, base), ops, -1})
	}
	f.pack(p, p.commit(objectID(pack.Tree, base), "many\n"))
	v, err := newObjectScan(t.Context(), f.open(), newScanner(t), 1)
	if err == nil {
		err = v.listObjects(t.Context(), nil)
	}
	if err == nil {
		_, err = v.walk(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	num, _ := v.catalog.Find(key.id)
	sought := bitset.New(v.catalog.Len())
	sought.Add(num)
	v.workers[0].flush()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, c := range []struct {
		ctx         context.Context
		steps       int64
		least, most int // trees, each as often as it has the object
		err         error
	}{
		{t.Context(), maxSteps(nil), 201, 201, nil},
		{t.Context(), 99, 1, 200, errBudget},
		{stopped, maxSteps(nil), 0, 200, context.Canceled},
	} {
		w := newTreeQuery([]*treeDiffs{&v.workers[0].treeDiffs}, v.catalog.Len())
		w.steps.Store(c.steps)
		trees := 0
		err := w.find(c.ctx, sought, func(uint32, uint32, uint64) error { trees++; return nil })
		if !errors.Is(err, c.err) || trees < c.least || trees > c.most {
			t.Errorf("%d steps: %d trees, error %v; want %d to %d, %v", c.steps, trees, err, c.least, c.most, c.err)
		}
	}
}

// TestHistoryOfDeltaBomb: deltas that ask for more than fits are told, and what
// is beside them is scanned.
func TestHistoryOfDeltaBomb(t *testing.T) {
	f := newFixture(t)
	p := new(packer)
	size := 64 << 10
	base := p.blob(strings.Repeat("bomb", size/4))
	var grown []pack.ID
	for _, factor := range []int{100, 11, 100, 100} { // 6.5 MB, 72 MB, 7 GB, 0.7 TB
		var ops [][]byte
		for range factor {
			for at := 0; at < size; at += 1 << 23 {
				ops = append(ops, copyOp(at, min(size-at, 1<<23)))
			}
		}
		id := objectID(pack.Blob, fmt.Append(nil, size))
		p.entries = append(p.entries, packed{id, offsetDelta, base, deltaTo(size, size*factor, ops...), -1})
		grown = append(grown, id)
		base, size = id, size*factor
	}
	f.pack(p, p.commit(p.tree(treeLine{"100644 f", p.blob(f.Text("{{akia#key}}\n"))}), "bomb\n"))
	out := f.scanFaulty()
	out.of(f, "key")
	for i, id := range grown {
		told := slices.ContainsFunc(out.errors, func(err error) bool { return strings.Contains(err.Error(), id.String()) })
		if told != (i >= 2) {
			t.Errorf("level %d: told %v, errors %v", i, told, out.errors)
		}
	}
}
