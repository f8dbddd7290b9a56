package gitrepo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// survey is one visit to the objects of a repository.
type survey struct {
	repo    *Repo
	catalog *pack.Catalog
	scanner *scanner.Scanner
	part    bool             // only the objects of some commits, which the catalog lists
	cut     map[pack.ID]bool // commits whose parents a shallow clone lacks
	crew    []*surveyor
	done    atomic.Int64
	hits    atomic.Int64
	named   map[namedBlob]bool // files whose names say that they may be sensitive

	// What the surveyors brought together; see finish.
	credentials []*credential
	dropped     map[string]scanner.Finding
	commits     []commit
	tags        []tag
	missing     missing
	faults      []error
	sealed      []error // what was scanned, but not unpacked
}

// surveyor is the part of a survey that one worker does.
type surveyor struct {
	v           *survey
	tracker     *scanner.Tracker
	segments    []scanner.Segment
	credentials map[string]*credential
	dropped     map[string]scanner.Finding
	commits     []commit
	tags        []tag
	missing     missing
	faults      []error
	named       map[namedBlob]bool
	sealed      []error // what was scanned, but not unpacked
}

// credential is a finding, and the objects that hold it, by their number.
type credential struct {
	key     string
	name    string          // of a sensitive file
	finding scanner.Finding // as the object that came first has it
	objects []uint32
}

// commit is what the graph of history is made of; 20 bytes and the parents.
type commit struct {
	num, tree uint32 // tree is noObject if it is missing
	parents   []uint32
	time      int64
}

// tag is an annotated tag.
type tag struct {
	num, target uint32
}

// noObject stands for an object that the catalog has not.
const noObject = ^uint32(0)

func jobs(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

func newSurvey(ctx context.Context, repo *Repo, s *scanner.Scanner, workers int) (*survey, error) {
	v := &survey{repo: repo, scanner: s}
	var err error
	if v.cut, err = repo.shallowCommits(); err != nil {
		return nil, err
	}
	for range workers {
		v.crew = append(v.crew, &surveyor{
			v: v, tracker: s.NewTracker(ctx), credentials: make(map[string]*credential),
			dropped: make(map[string]scanner.Finding), missing: make(missing), named: make(map[namedBlob]bool),
		})
	}
	return v, nil
}

// shallowCommits reads the list of commits at which a shallow clone ends
// (gitrepository-layout(5)).
func (r *Repo) shallowCommits() (map[pack.ID]bool, error) {
	out := make(map[pack.ID]bool)
	data, err := pack.ReadRegular(filepath.Join(r.Common, "shallow"))
	if os.IsNotExist(err) {
		return out, nil
	}
	for line := range strings.FieldsSeq(string(data)) {
		out[parseID([]byte(line))] = true
	}
	return out, err
}

// memory is what is remembered of an object for those made from it.
type memory struct {
	trail    *scanner.Trail // of what is scanned
	marks    marks          // of a tree
	branches []markedBranch // of a tree, see grove
	tree     uint32         // its number, if it has marks
}

// visitor is called for each object by one of the workers, with what it
// returned for the object's base.
type visitor func(worker int, e *pack.Entry, base memory) memory

// walk visits the objects of some types; no types stands for all.
func (v *survey) walk(ctx context.Context, types pack.TypeSet, visit visitor) (pack.Stats, error) {
	opts := pack.WalkOptions{Catalog: v.catalog, Workers: len(v.crew), Types: types}
	return pack.Walk(ctx, v.repo.store, opts, visit)
}

// visit scans an object and keeps what is found.
func (w *surveyor) visit(e *pack.Entry, base memory) memory {
	w.v.done.Add(1)
	m, r := w.scan(e, base)
	w.keep(e, &r)
	return m
}

// scan scans an object.
func (w *surveyor) scan(e *pack.Entry, base memory) (memory, scanner.Result) {
	if e.Type == pack.Tree {
		return memory{marks: w.tree(e, base.marks)}, scanner.Result{}
	}
	if e.Stream != nil {
		return memory{}, w.tracker.ScanReader(e.Stream)
	}
	switch e.Type {
	case pack.Commit:
		w.commit(e)
	case pack.Tag:
		w.tag(e)
	}
	trail, r := w.tracker.Scan(e.Data, w.segmentsOf(e), base.trail)
	return memory{trail: trail}, r
}

// segmentsOf hands a delta's make-up to the scanner, which knows nothing of
// packs.
func (w *surveyor) segmentsOf(e *pack.Entry) []scanner.Segment {
	if e.Segments == nil {
		return nil
	}
	w.segments = w.segments[:0]
	for _, s := range e.Segments {
		w.segments = append(w.segments, scanner.Segment(s))
	}
	return w.segments
}

// keep notes what was found in an object.
func (w *surveyor) keep(e *pack.Entry, r *scanner.Result) {
	if r.Unpacked != nil {
		w.fault(fmt.Errorf("object %v: %w", e.ID, r.Unpacked))
	}
	if errors.Is(r.Err, scanner.ErrTooMany) {
		w.fault(fmt.Errorf("object %v: %w", e.ID, r.Err))
	}
	for _, what := range r.Sealed {
		if len(w.sealed) < maxErrors {
			w.sealed = append(w.sealed, scanner.NotUnpacked(fmt.Sprintf("object %v", e.ID), what))
		}
	}
	for _, f := range r.Findings {
		key := f.RuleID + "\x00" + f.KeyID + "\x00" + f.Secret.Reveal()
		c := w.credentials[key]
		if c == nil {
			f.Origin.Object = e.ID.String()
			c = &credential{key: key, finding: f}
			w.credentials[key] = c
			w.v.hits.Add(1)
		}
		if n := len(c.objects); n == 0 || c.objects[n-1] != e.Index {
			c.objects = append(c.objects, e.Index)
		}
	}
	for _, f := range r.Dropped {
		key := f.RuleID + "\x00" + f.Secret.Reveal()
		if _, ok := w.dropped[key]; !ok {
			f.Origin.Object = e.ID.String()
			w.dropped[key] = f
		}
	}
}

func (w *surveyor) commit(e *pack.Entry) {
	h, ok := parseCommit(e.Data)
	if !ok {
		w.fault(fmt.Errorf("commit %v: it has no tree", e.ID))
		return
	}
	c := commit{num: e.Index, tree: w.number(h.tree, "the tree of commit", e.ID), time: h.time}
	for _, p := range h.parents {
		if w.v.cut[e.ID] {
			break
		}
		if num := w.number(p, "a parent of commit", e.ID); num != noObject {
			c.parents = append(c.parents, num)
		}
	}
	w.commits = append(w.commits, c)
}

func (w *surveyor) tag(e *pack.Entry) {
	target, _ := parseTag(e.Data)
	w.tags = append(w.tags, tag{e.Index, w.number(target, "the object of tag", e.ID)})
}

// number finds an object in the catalog, or notes that it is missing.
func (w *surveyor) number(id pack.ID, what string, of pack.ID) uint32 {
	num, ok := w.v.catalog.Find(id)
	if !ok {
		if !w.v.part {
			w.missing.note(id, fmt.Sprintf("%s %v", what, of))
		}
		return noObject
	}
	return num
}

// tree looks whether the objects that a tree names are there. Of a tree made
// from another it looks at the entries that are new.
func (w *surveyor) tree(e *pack.Entry, base marks) marks {
	if e.Stream != nil {
		w.fault(fmt.Errorf("tree %v: too large to be read, %d bytes", e.ID, e.Size))
		return nil
	}
	out, err := readTree(e, w.v.repo.store.Format().Size(), base, &treeChecker{w, e})
	if err != nil {
		w.fault(err)
	}
	return out
}

// treeChecker looks for the objects that a tree's new entries name.
type treeChecker struct {
	w    *surveyor
	tree *pack.Entry
}

func (c *treeChecker) copied(int, int, int) {}

func (c *treeChecker) fresh(_ int, entry *treeEntry) {
	if entry.isGitlink() {
		return
	}
	num, ok := c.w.v.catalog.FindSum(entry.sum)
	switch {
	case ok && entry.isFile() && c.w.v.scanner.MaySensitive(entry.name):
		c.w.named[namedBlob{num, string(entry.name)}] = true
	case !ok && !c.w.v.part: // of a part, git rev-list looked already
		c.w.missing.note(pack.NewID(entry.sum), fmt.Sprintf("%q in tree %v", entry.name, c.tree.ID))
	}
}

func (w *surveyor) fault(err error) {
	if len(w.faults) < maxErrors {
		w.faults = append(w.faults, err)
	}
}

// finish brings together what the surveyors found, in an order of its own.
func (v *survey) finish(stats pack.Stats) {
	merged := make(map[string]*credential)
	v.dropped = make(map[string]scanner.Finding)
	v.missing = make(missing)
	v.named = make(map[namedBlob]bool)
	for _, w := range v.crew {
		for key, c := range w.credentials {
			if m := merged[key]; m != nil {
				m.objects = append(m.objects, c.objects...)
			} else {
				merged[key] = c
			}
		}
		v.commits = append(v.commits, w.commits...)
		w.commits = nil
		v.tags = append(v.tags, w.tags...)
		v.faults = append(v.faults, w.faults...)
		v.sealed = append(v.sealed, w.sealed...)
		maps.Copy(v.dropped, w.dropped)
		maps.Copy(v.named, w.named)
		for id, by := range w.missing {
			v.missing.note(id, by)
		}
	}
	slices.SortFunc(v.commits, func(a, b commit) int { return cmp.Compare(a.num, b.num) })
	slices.SortFunc(v.tags, func(a, b tag) int { return cmp.Compare(a.num, b.num) })
	for _, key := range slices.Sorted(maps.Keys(merged)) {
		slices.Sort(merged[key].objects)
		v.credentials = append(v.credentials, merged[key])
	}
	for _, p := range stats.Problems {
		v.faults = append(v.faults, problem(p))
	}
	if n := stats.ProblemCount - len(stats.Problems); n > 0 {
		v.faults = append(v.faults, fmt.Errorf("%d more objects could not be read", n))
	}
}

func problem(p pack.Problem) error {
	switch {
	case p.ID.IsZero():
		return fmt.Errorf("%s: %s", p.Path, p.Reason)
	case p.Path == "":
		return &ObjectError{fmt.Errorf("object %v: %s", p.ID, p.Reason)}
	}
	return &ObjectError{fmt.Errorf("object %v in %s: %s", p.ID, p.Path, p.Reason)}
}

func (v *survey) scanned() (n int64) {
	for _, w := range v.crew {
		n += w.tracker.Scanned
	}
	return n
}

func (v *survey) progress() Progress {
	return Progress{Done: v.done.Load(), Total: int64(v.catalog.Distinct()), Findings: v.hits.Load()}
}

// ErrMissing reports an object that others name and that is not there.
var ErrMissing = errors.New("missing")

// missing is objects that are not there, and what names each: of several the
// first in order, whoever came first.
type missing map[pack.ID]string

// maxMissing bounds the objects that are counted: of a partial clone most may be
// missing.
const maxMissing = 100_000

func (m missing) note(id pack.ID, by string) {
	if old, known := m[id]; known && by < old || !known && len(m) < maxMissing {
		m[id] = by
	}
}

// problems returns a result for each thing that was not read.
func (v *survey) problems() (out []scanner.Result) {
	ids := slices.SortedFunc(maps.Keys(v.missing), func(a, b pack.ID) int { return bytes.Compare(a.Bytes(), b.Bytes()) })
	for _, id := range ids[:min(len(ids), maxErrors)] {
		out = append(out, scanner.Result{Err: &ObjectError{fmt.Errorf("object %v is %w: %s", id, ErrMissing, v.missing[id])}})
	}
	if n := len(ids) - maxErrors; n > 0 {
		out = append(out, scanner.Result{Err: &ObjectError{fmt.Errorf("%d more objects are %w", n, ErrMissing)}})
	}
	for _, list := range [][]error{v.faults, v.sealed} {
		slices.SortFunc(list, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		for _, err := range list {
			out = append(out, scanner.Result{Err: err})
		}
	}
	return out
}

// unattributed returns the findings as the objects have them, for want of
// better.
func (v *survey) unattributed() (out []scanner.Result) {
	for _, c := range v.credentials {
		if c.name != "" {
			continue // its path decides
		}
		out = append(out, scanner.Result{Origin: c.finding.Origin, Findings: []scanner.Finding{c.finding}})
	}
	return out
}

// drops returns the candidates that are no findings, each once.
func (v *survey) drops() (out []scanner.Result) {
	for _, key := range slices.Sorted(maps.Keys(v.dropped)) {
		f := v.dropped[key]
		out = append(out, scanner.Result{Origin: f.Origin, Dropped: []scanner.Finding{f}})
	}
	return out
}
