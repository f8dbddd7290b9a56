package history

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
	"github.com/keyguard/keyguard/scanner"
)

// claim is all that a finding says of its history, in a form to be compared.
type claim struct {
	Commit, Path, Tag, Author string
	Line, Column              int
	Date                      time.Time
	Message, Reachable        bool
	Commits                   int
	InHead                    bool
	Paths, Branches, Tags     []string
	Removed                   string
}

// snapshot is a commit as git tells of it.
type snapshot struct {
	id      string
	parents []string
	author  string
	time    string
	date    time.Time
	blobs   map[string]string // by path
}

// bruteForce works out every claim from `git ls-tree -r` of every commit and a
// scan of every object.
type bruteForce struct {
	f       *fixture
	found   map[string][]scanner.Finding // by object
	types   map[string]string
	commits map[string]*snapshot
	reached map[string]bool
	refs    [][2]string // name, object behind tags
	tagRefs map[string]bool
}

func newBruteForce(f *fixture) *bruteForce {
	b := &bruteForce{f: f, found: make(map[string][]scanner.Finding), types: make(map[string]string), commits: make(map[string]*snapshot),
		reached: make(map[string]bool), tagRefs: make(map[string]bool)}
	s := newScanner(f.T)
	all := f.Git("cat-file", "--batch-all-objects", "--batch", "--unordered") + "\n"
	var ids []string
	err := eachObject(bufio.NewReader(strings.NewReader(all)), func(id, typ string, data []byte) {
		b.types[id] = typ
		if typ != "tree" {
			b.found[id] = s.ScanBytes(data)
		}
		if typ == "commit" {
			ids = append(ids, id)
		}
	})
	if err != nil {
		f.T.Fatal(err)
	}
	log := f.Feed(strings.Join(ids, "\n"), "log", "--no-walk=unsorted", "--stdin", "--format=%H%x00%P%x00%an <%ae>%x00%ct%x00%aI")
	for line := range strings.Lines(log) {
		field := strings.Split(strings.TrimSpace(line), "\x00")
		date, err := time.Parse(time.RFC3339, field[4])
		if err != nil {
			f.T.Fatal(err)
		}
		c := &snapshot{field[0], strings.Fields(field[1]), field[2], field[3], date, make(map[string]string)}
		for entry := range strings.SplitSeq(f.Git("ls-tree", "-r", "-z", "--full-tree", c.id), "\x00") {
			if meta, path, ok := strings.Cut(entry, "\t"); ok {
				c.blobs[path] = strings.Fields(meta)[2]
			}
		}
		b.commits[c.id] = c
	}
	for id := range strings.FieldsSeq(f.Git("rev-list", "--all")) {
		b.reached[id] = true
	}
	b.readRefs()
	return b
}

func (b *bruteForce) readRefs() {
	b.refs = [][2]string{{"HEAD", b.f.Git("rev-parse", "HEAD")}}
	for line := range strings.Lines(b.f.Git("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)")) {
		field := strings.Fields(line)
		if len(field) == 3 {
			b.tagRefs[field[1]] = true
		}
		b.refs = append(b.refs, [2]string{field[0], field[len(field)-1]})
	}
}

// name is what makes two findings the same credential.
func name(f *scanner.Finding) string { return f.RuleID + " " + f.KeyID + " " + f.Secret.SHA256() }

// in returns the credential's finding in an object, if it is there.
func (b *bruteForce) in(object, credential string) *scanner.Finding {
	for i := range b.found[object] {
		if f := &b.found[object][i]; name(f) == credential {
			return f
		}
	}
	return nil
}

// paths returns where a commit's tree holds a credential, in order.
func (b *bruteForce) paths(c *snapshot, credential string) (out []string) {
	for path, blob := range c.blobs {
		if b.in(blob, credential) != nil {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// introduces reports whether a commit holds a credential and no parent does.
func (b *bruteForce) introduces(c *snapshot, credential string) bool {
	if b.in(c.id, credential) != nil {
		return true
	}
	return len(b.paths(c, credential)) > 0 &&
		!slices.ContainsFunc(c.parents, func(p string) bool { return len(b.paths(b.commits[p], credential)) > 0 })
}

// removes reports whether a commit lacks a credential that all parents have.
func (b *bruteForce) removes(c *snapshot, credential string) bool {
	return len(c.parents) > 0 && len(b.paths(c, credential)) == 0 &&
		!slices.ContainsFunc(c.parents, func(p string) bool { return len(b.paths(b.commits[p], credential)) == 0 })
}

// claims returns what is to be said of each credential.
func (b *bruteForce) claims() map[string]claim {
	credentials := make(map[string]bool)
	for _, found := range b.found {
		for i := range found {
			credentials[name(&found[i])] = true
		}
	}
	out := make(map[string]claim)
	for credential := range credentials {
		out[credential] = b.claim(credential)
	}
	return out
}

func (b *bruteForce) claim(credential string) (out claim) {
	b.tell(credential, &out)
	paths, count := make(map[string]bool), map[bool]int{}
	var first *snapshot
	var removals []*snapshot
	for _, c := range b.commits {
		held := b.paths(c, credential)
		for _, path := range held {
			paths[path] = true
		}
		if len(held) > 0 || b.in(c.id, credential) != nil {
			count[b.reached[c.id]]++
		}
		if b.introduces(c, credential) && (first == nil || b.before(c, first)) {
			first = c
		}
		if b.removes(c, credential) {
			removals = append(removals, c)
		}
	}
	out.Commits = cmp.Or(count[true], count[false])
	at := (*scanner.Finding)(nil)
	switch {
	case first == nil:
		for object := range b.found { // tags only, in these repositories
			at = cmp.Or(at, b.in(object, credential))
		}
		out.Message = out.Tag != ""
	default:
		out.Commit, out.Author, out.Date = first.id, first.author, first.date
		out.Reachable = out.Reachable || b.reached[first.id]
		if at = b.in(first.id, credential); at != nil {
			out.Message = true
			break
		}
		out.Path = b.paths(first, credential)[0]
		at = b.in(first.blobs[out.Path], credential)
	}
	if out.Reachable {
		removals = slices.DeleteFunc(removals, func(c *snapshot) bool { return !b.reached[c.id] })
	}
	if len(removals) > 0 && !out.InHead {
		out.Removed = slices.MaxFunc(removals, func(x, y *snapshot) int {
			return cmp.Or(cmp.Compare(fmt.Sprint(b.reached[x.id]), fmt.Sprint(b.reached[y.id])), strings.Compare(x.time, y.time), cmp.Compare(b.generation(x), b.generation(y)), strings.Compare(x.id, y.id))
		}).id
	}
	out.Line, out.Column = at.Span.Line, at.Span.Column
	delete(paths, out.Path)
	out.Paths = slices.Sorted(maps.Keys(paths))
	return out
}

// before is the order in which the first of several introductions is chosen.
func (b *bruteForce) before(x, y *snapshot) bool {
	if b.reached[x.id] != b.reached[y.id] {
		return b.reached[x.id]
	}
	return cmp.Or(strings.Compare(x.time, y.time), cmp.Compare(b.generation(x), b.generation(y)), strings.Compare(x.id, y.id)) < 0
}

func (b *bruteForce) generation(c *snapshot) int {
	n := 0
	for _, p := range c.parents {
		if parent := b.commits[p]; parent != nil {
			n = max(n, b.generation(parent))
		}
	}
	return n + 1
}

// tell fills in which refs hold a credential.
func (b *bruteForce) tell(credential string, out *claim) {
	for _, r := range b.refs {
		if len(b.paths(b.commits[r[1]], credential)) == 0 {
			continue
		}
		if branch, ok := strings.CutPrefix(r[0], "refs/heads/"); ok {
			out.Branches = append(out.Branches, branch)
		} else if tag, ok := strings.CutPrefix(r[0], "refs/tags/"); ok {
			out.Tags = append(out.Tags, tag)
		} else {
			out.InHead = true
		}
	}
	for object, typ := range b.types {
		if typ == "tag" && b.in(object, credential) != nil {
			out.Tag = strings.TrimPrefix(strings.Split(b.f.Git("cat-file", "tag", object), "\n")[2], "tag ")
			out.Reachable = b.tagRefs[object]
		}
	}
}

// importGraph makes a random history: merges of up to four, several roots,
// clocks that go wrong, files that come, go, move and come back.
func (f *fixture) importGraph(seed uint64) {
	f.T.Helper()
	rng := rand.New(rand.NewPCG(seed, 3))
	var texts []string
	for i := range 5 {
		texts = append(texts, expandSeeded(seed*100+uint64(i), strings.Repeat("\n", i%4)+"x = {{akia}}\n"))
	}
	for i := range 5 { // two credentials in one file, or one of them
		texts = append(texts, texts[i%5]+texts[rng.IntN(5)])
	}
	message := func() string {
		if rng.IntN(4) == 0 {
			return texts[rng.IntN(5)]
		}
		return "nothing\n"
	}
	const commits = 24
	var b strings.Builder
	for n := 1; n <= commits; n++ {
		when := 1_700_000_000 + 100*n + rng.IntN(8)*rng.IntN(2)*400
		msg := message()
		fmt.Fprintf(&b, "commit refs/tmp/c%d\nmark :%d\nauthor Ann%d <ann@example.org> %d +0130\ncommitter Cem <cem@example.org> %d -0800\ndata %d\n%s",
			n, n, rng.IntN(3), when-50, when/200*200, len(msg), msg)
		parents := rng.Perm(n - 1)
		parents = parents[:min(len(parents), []int{0, 1, 1, 1, 1, 1, 2, 2, 4}[rng.IntN(9)])]
		for i, p := range parents {
			fmt.Fprintf(&b, "%s :%d\n", map[bool]string{true: "from", false: "merge"}[i == 0], p+1)
		}
		if rng.IntN(3) == 0 || len(parents) == 0 {
			b.WriteString("deleteall\n")
			for i := range 20 { // so that trees are worth a delta
				fmt.Fprintf(&b, "M 100644 inline %sfiller%d\ndata 2\n%d\n\n", []string{"", "d/", "d/e/", "filler/"}[i%4], i, i%7)
			}
		}
		for range rng.IntN(6) {
			path := []string{"a", "b", "d/a", "d/e/a", "d/e/b", "d-e", "d.e/f"}[rng.IntN(7)]
			if rng.IntN(3) == 0 {
				fmt.Fprintf(&b, "D %s\n", path)
				continue
			}
			text := texts[rng.IntN(len(texts))]
			fmt.Fprintf(&b, "M 100644 inline %s\ndata %d\n%s\n", path, len(text), text)
		}
	}
	for n := range 4 {
		fmt.Fprintf(&b, "reset refs/heads/b%d\nfrom :%d\n\nreset refs/tags/light%d\nfrom :%d\n\n", n, commits-rng.IntN(commits), n, 1+rng.IntN(commits))
		msg := expandSeeded(seed*1000+uint64(n), "{{akia}}\n")
		fmt.Fprintf(&b, "tag v%d\nfrom :%d\ntagger t <t@example.org> 1700000000 +0000\ndata %d\n%s", n, 1+rng.IntN(commits), len(msg), msg)
	}
	f.Feed(b.String(), "fast-import", "--quiet", "--force")
	f.Git("symbolic-ref", "HEAD", "refs/heads/b0")
	f.Feed(f.Git("for-each-ref", "--format=delete %(refname)", "refs/tmp")+"\ndelete refs/tags/v3\n", "update-ref", "--stdin")
}

// TestAttributionEqualsBruteForce: on random histories each finding says of its
// origin what looking at every file of every commit says, however the trees are
// stored.
func TestAttributionEqualsBruteForce(t *testing.T) {
	for seed := range 3 + gittest.Seeds() {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, "--bare")
			f.importGraph(seed)
			want := newBruteForce(f).claims()
			if len(want) < 4 {
				t.Errorf("only %d credentials", len(want))
			}
			compareClaims(t, f.scan(), want)
			f.Git("repack", "-adfkq", "--depth=50", "--window=50")
			compareClaims(t, f.scan(), want)
			f.Git("-c", "repack.useDeltaBaseOffset=false", "repack", "-adfkq", "--depth=4", "--window=4")
			compareClaims(t, f.scan(), want)
		})
	}
}

func compareClaims(t *testing.T, out outcome, want map[string]claim) {
	t.Helper()
	if len(out.findings) != len(want) {
		t.Errorf("%d findings, want %d", len(out.findings), len(want))
	}
	for _, x := range out.findings {
		h := x.Origin.History
		got := claim{h.Commit, x.Origin.Path, h.Tag, h.Author, x.Span.Line, x.Span.Column, h.Date, h.Message, h.Reachable, h.Commits, h.InHead, h.Paths, h.Branches, h.Tags, h.Removed}
		w, ok := want[name(&x)]
		if !ok || !got.Date.Equal(w.Date) {
			t.Errorf("date %v, want %v (%v)", got.Date, w.Date, ok)
		}
		got.Date, w.Date = time.Time{}, time.Time{}
		if !reflect.DeepEqual(got, w) {
			t.Errorf("got  %+v\nwant %+v", got, w)
		}
	}
}
