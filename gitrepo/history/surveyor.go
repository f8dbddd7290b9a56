package history

import (
	"errors"
	"fmt"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// surveyor is the part of a survey that one worker does.
type surveyor struct {
	v           *survey
	tracker     *scanner.Tracker
	credentials map[string]*credential
	dropped     map[string]scanner.Finding
	commits     chronicle
	parents     []uint32 // of the present commit
	tags        []tag
	missing     missing
	drafted     draft
	lineage     lineage
	faults      []error
	unread      []*credential
	moreUnread  int // beyond maxUnread
	named       map[namedBlob]bool
	skipped     []error // *scanner.Skipped
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
		return w.tree(e, base), scanner.Result{}
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
	trail, r := w.tracker.Scan(e.Data, e.Segments, base.trail)
	return memory{trail: trail}, r
}

// keep notes what was found in an object.
func (w *surveyor) keep(e *pack.Entry, r *scanner.Result) {
	if r.Unpacked != nil {
		w.notRead(e, r.Unpacked)
	}
	if errors.Is(r.Err, scanner.ErrTooMany) {
		w.notRead(e, r.Err)
	}
	for _, reason := range r.Skipped {
		w.skip(e, reason)
	}
	for _, f := range r.Findings {
		marked := w.v.isMarked(&f)
		key := keyOf(&f, marked)
		c := w.credentials[key]
		if c == nil {
			f.Origin.Object = e.ID.String()
			c = &credential{key: key, finding: f, marked: marked}
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

// maxSkipped bounds the notes of one worker on what was left out by intent.
const maxSkipped = 1 << 16

// skip notes that a part of an object was left out by intent.
func (w *surveyor) skip(e *pack.Entry, reason string) {
	switch len(w.skipped) {
	case maxSkipped:
	case maxSkipped - 1:
		w.skipped = append(w.skipped, &scanner.Skipped{Path: "other objects", Reason: "too many to be listed"})
	default:
		w.skipped = append(w.skipped, &scanner.Skipped{Path: fmt.Sprintf("object %v", e.ID), Reason: reason})
	}
}

// maxUnread bounds the objects of one worker that are attributed though they are not
// findings.
const maxUnread = 4096

// notRead notes that an object was not read to its end.
func (w *surveyor) notRead(e *pack.Entry, err error) {
	if len(w.unread) == maxUnread {
		w.moreUnread++
		return
	}
	c := &credential{unread: err, objects: []uint32{e.Index}}
	c.finding.Origin.Object = e.ID.String()
	w.unread = append(w.unread, c)
}

func (w *surveyor) commit(e *pack.Entry) {
	h, ok := parseCommit(e.Data)
	if !ok {
		w.fault(fmt.Errorf("commit %v: it has no tree", e.ID))
		return
	}
	tree := w.number(h.tree, "the tree of commit", e.ID)
	w.parents = w.parents[:0]
	for _, p := range h.parents {
		num, cut := noObject, w.v.cut[e.ID]
		if !cut {
			num = w.number(p, "a parent of commit", e.ID)
		}
		if cut || num != noObject || !w.v.part { // a part knows that what is before it lacks what it brings
			w.parents = append(w.parents, num)
		}
	}
	w.commits.note(commit{num: e.Index, tree: tree, time: h.time}, w.parents)
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
func (w *surveyor) tree(e *pack.Entry, base memory) memory {
	if e.Stream != nil {
		w.fault(fmt.Errorf("tree %v: too large to be read, %d bytes", e.ID, e.Size))
		return memory{}
	}
	from := noObject
	if base.marks != nil {
		from = base.tree
	}
	w.draft(run{kind: begins, num: e.Index, from: from})
	out, err := readTree(e, w.v.repo.Store.Format().Size(), base.marks, &treeChecker{w, e.Index})
	if err != nil {
		w.fault(err)
	}
	w.draft(run{kind: ends})
	return memory{marks: out, tree: e.Index}
}

func (w *surveyor) fault(err error) {
	if len(w.faults) < maxErrors {
		w.faults = append(w.faults, err)
	}
}
