package history

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/gitrepo/internal/gittest"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner"
)

// sighting is one finding in one object. The plain way and the walk must have
// the same.
type sighting struct {
	object     string
	start, end int64
	rule, key  string
	secret     string // its SHA-256
	line       int
	column     int
}

// sightings is a set of them.
type sightings struct {
	mu      sync.Mutex
	set     map[sighting]bool
	objects int
	bytes   int64
}

func (s *sightings) add(object string, found []scanner.Finding, size int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set == nil {
		s.set = make(map[sighting]bool)
	}
	s.objects++
	s.bytes += size
	for i := range found {
		f := &found[i]
		s.set[sighting{object, f.Span.Start, f.Span.End, f.RuleID, f.KeyID, f.Secret.SHA256(), f.Span.Line, f.Span.Column}] = true
	}
}

// compare reports what only one of the two has.
func (s *sightings) compare(t testing.TB, plain *sightings) {
	t.Helper()
	if s.objects != plain.objects || s.bytes != plain.bytes {
		t.Errorf("the walk saw %d objects of %d bytes, git has %d of %d", s.objects, s.bytes, plain.objects, plain.bytes)
	}
	shown := 0
	tell := func(what string, a, b map[sighting]bool) {
		for x := range a {
			if shown++; !b[x] && shown < 20 {
				t.Errorf("%s: %+v", what, x)
			} else if b[x] {
				shown--
			}
		}
	}
	tell("missed", plain.set, s.set)
	tell("not in the object", s.set, plain.set)
}

// plainly is the oracle: each object but trees, as git prints it, scanned whole.
func plainly(t testing.TB, cmd *exec.Cmd, s *scanner.Scanner) *sightings {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	type object struct {
		id   string
		data []byte
	}
	found, objects := new(sightings), make(chan object, 16)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for o := range objects {
				found.add(o.id, s.ScanBytes(o.data), int64(len(o.data)))
			}
		})
	}
	err = eachObject(bufio.NewReaderSize(out, 1<<20), func(id, typ string, data []byte) {
		if typ != "tree" {
			objects <- object{id, data}
		}
	})
	close(objects)
	workers.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return found
}

// eachObject reads what git cat-file --batch prints.
func eachObject(in *bufio.Reader, visit func(id, typ string, data []byte)) error {
	for {
		head, err := in.ReadString('\n')
		if err == io.EOF {
			return nil
		}
		fields := strings.Fields(head)
		if err != nil || len(fields) != 3 {
			return fmt.Errorf("cat-file: %q, %v", head, err)
		}
		size, err := strconv.Atoi(fields[2])
		if err != nil {
			return err
		}
		data := make([]byte, size+1)
		if _, err := io.ReadFull(in, data); err != nil {
			return err
		}
		visit(fields[0], fields[1], data[:size])
	}
}

// everyObject makes git print all objects.
func (f *fixture) everyObject() *exec.Cmd {
	return f.Command("cat-file", "--batch-all-objects", "--batch", "--unordered", "--buffer")
}

// tracked is what the walk finds in each object; what exceeds maxBuffer bytes
// is streamed.
func tracked(t testing.TB, r *gitrepo.Repo, s *scanner.Scanner, workers int, maxBuffer int64) *sightings {
	t.Helper()
	ctx := context.Background()
	v, err := newObjectScan(ctx, r, s, workers)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.listObjects(ctx, nil); err != nil {
		t.Fatal(err)
	}
	found := new(sightings)
	opts := pack.WalkOptions{Catalog: v.catalog, Workers: workers, MaxBuffer: maxBuffer}
	stats, err := pack.Walk(ctx, r.Store, opts, func(worker int, e *pack.Entry, base objectState) objectState {
		m, result := v.workers[worker].scanObject(e, base)
		if e.Type != pack.Tree {
			found.add(e.ID.String(), result.Findings, e.Size)
		}
		return m
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range stats.Problems {
		t.Error(problemError(p))
	}
	return found
}

// layouts are ways to store the same objects.
var layouts = []struct {
	name string
	make func(f *fixture, seed uint64)
}{
	{"SHA-256", func(f *fixture, seed uint64) {
		f.Git("init", "-q", "--object-format=sha256")
		f.importEdits(seed, 20, "fastimport.unpackLimit=1")
		f.Git("repack", "-adfq", "--depth=50", "--window=50")
	}},
	{"loose", func(f *fixture, seed uint64) { f.importEdits(seed, 20, "fastimport.unpackLimit=100000") }},
	{"fast-import", func(f *fixture, seed uint64) { f.importEdits(seed, 60, "fastimport.unpackLimit=1") }},
	{"repacked", func(f *fixture, seed uint64) {
		f.importEdits(seed, 50, "fastimport.unpackLimit=1")
		f.Git("repack", "-adfq", "--depth=50", "--window=50")
	}},
	{"deep", func(f *fixture, seed uint64) {
		f.importEdits(seed, 60, "fastimport.unpackLimit=1")
		f.Git("repack", "-adfq", "--depth=4000", "--window=5")
	}},
	{"ref deltas", func(f *fixture, seed uint64) {
		f.importEdits(seed, 40, "fastimport.unpackLimit=1")
		f.Git("-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq", "--depth=50", "--window=50")
	}},
	{"several packs and loose", func(f *fixture, seed uint64) {
		for i := range uint64(3) {
			f.importEdits(seed+i, 15, "fastimport.unpackLimit=1")
		}
		f.importEdits(seed+3, 5, "fastimport.unpackLimit=100000")
	}},
	{"copies in several packs", func(f *fixture, seed uint64) {
		f.importEdits(seed, 30, "fastimport.unpackLimit=100000")
		for _, skip := range []int{0, 10, 20} {
			revs := f.Git("rev-list", "--objects", fmt.Sprintf("--skip=%d", skip), "--all")
			f.Feed(revs, "pack-objects", "-q", "--depth=50", fmt.Sprintf("--window=%d", 10+skip), filepath.Join(f.Objects(), "pack", "pack"))
		}
	}},
}

// importEdits adds commits whose file versions come from one another by edits
// that split, join, move and duplicate credentials.
func (f *fixture) importEdits(seed uint64, commits int, config string) {
	f.T.Helper()
	e := newEditor(seed)
	var b bytes.Buffer
	for n := range commits {
		msg := string(e.next())
		fmt.Fprintf(&b, "commit refs/heads/b%d\nmark :%d\ncommitter c <c@example.org> %d +0000\n", seed, n+1, 1_700_000_000+n)
		fmt.Fprintf(&b, "data %d\n%s", len(msg), msg)
		if n > 0 {
			fmt.Fprintf(&b, "from :%d\n", n)
		}
		for range 1 + e.rng.IntN(3) {
			i := e.rng.IntN(6)
			data := e.next()
			fmt.Fprintf(&b, "M 100644 inline d%d/f%d\ndata %d\n%s\n", i%2, i, len(data), data)
		}
	}
	msg := string(e.next())
	fmt.Fprintf(&b, "tag v%d\nfrom :%d\ntagger t <t@example.org> 1700000000 +0000\ndata %d\n%s", seed, commits, len(msg), msg)
	f.Feed(b.String(), "-c", config, "fast-import", "--quiet", "--force")
}

// editor makes texts out of one another.
type editor struct {
	rng   *rand.Rand
	parts [][]byte // what is inserted
	texts [][]byte
}

// newEditor returns an editor that inserts credentials, pieces of them, and
// what the rules have for examples and counter-examples.
func newEditor(seed uint64) *editor {
	e := &editor{rng: rand.New(rand.NewPCG(seed, 2))}
	add := func(template string) {
		e.parts = append(e.parts, []byte(expandSeeded(seed+uint64(len(e.parts)), template)))
	}
	for range 4 {
		for _, template := range []string{
			"aws_access_key_id = {{akia}}\naws_secret_access_key = {{secret}}\n", "{{akia}}", "{{secret}}", "{{asia}}:{{secret}}", "{{token}}",
			"aws_session_token={{token}}\n", "{{akia-old}}\n", "secret key: {{secret}}\n", "ASIAQAAAAAAAK{{b32 7}} ",
			"{{(}}aws_access_key_id={{akia}}\naws_secret_access_key={{secret}}\n{{)|base64}}", "{{(}}{{akia}}{{)|hex}}", "{{(}}{{akia}} {{secret}}{{)|unicode-all}}", "{{(}}{{asia}}:{{secret}}{{)|utf16le}}",
			"AKIA", "aws", "secret", "=", "\n", "\"", "EXAMPLE", "\xff\xfe", "{{lines 3}}", "{{lines 20}}",
		} {
			add(template)
		}
	}
	set, err := patterns.Builtin()
	if err != nil {
		panic(err)
	}
	for _, r := range set.Rules() {
		for _, template := range slices.Concat(r.Examples, r.CounterExamples) {
			add(template + "\n")
		}
	}
	e.texts = [][]byte{[]byte(expandSeeded(seed, "{{lines 60}}{{akia}} {{secret}}\n{{lines 30}}"))}
	return e
}

func (e *editor) part() []byte { return e.parts[e.rng.IntN(len(e.parts))] }

// next edits one of the recent texts.
func (e *editor) next() []byte {
	recent := e.texts[max(0, len(e.texts)-8):]
	text := bytes.Clone(recent[e.rng.IntN(len(recent))])
	for range 1 + e.rng.IntN(4) {
		text = e.edit(text)
	}
	if len(text) > 8_000 {
		text = text[:4_000]
	}
	e.texts = append(e.texts, text)
	return text
}

func (e *editor) edit(text []byte) []byte {
	at := e.rng.IntN(len(text) + 1)
	to := min(len(text), at+e.rng.IntN(60))
	switch e.rng.IntN(6) {
	case 0, 1: // insert, which may split
		return bytes.Join([][]byte{text[:at], e.part(), text[at:]}, nil)
	case 2: // delete, which may join
		return append(text[:at:at], text[to:]...)
	case 3: // replace
		return bytes.Join([][]byte{text[:at], e.part(), text[to:]}, nil)
	case 4: // duplicate
		to = min(len(text), at+e.rng.IntN(900))
		i := e.rng.IntN(len(text) + 1)
		return bytes.Join([][]byte{text[:i], text[at:to], text[i:]}, nil)
	default: // move the front to the back
		return append(bytes.Clone(text[at:]), text[:at]...)
	}
}

// TestWalkEqualsPlain: what the walk finds by following deltas is what there is
// in the whole objects.
func TestWalkEqualsPlain(t *testing.T) {
	s := newScanner(t)
	for _, layout := range layouts {
		for seed := range gittest.Seeds() {
			t.Run(fmt.Sprintf("%s %d", layout.name, seed), func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, "--bare")
				layout.make(f, 1+10*seed)
				want := plainly(t, f.everyObject(), s)
				if len(want.set) < 50 {
					t.Errorf("only %d findings in %d objects", len(want.set), want.objects)
				}
				r := f.open()
				tracked(t, r, s, 1, 0).compare(t, want)
				tracked(t, r, s, 3, 3000).compare(t, want)
			})
		}
	}
}
