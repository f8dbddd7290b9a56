package history

import (
	"errors"
	"fmt"

	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// scanWorker is the part of an objectScan that one goroutine does.
type scanWorker struct {
	scan        *objectScan
	tracker     *scanner.Tracker
	credentials map[string]*credential
	dropped     map[string]scanner.Finding
	reasons     map[string]int // number of entries of dropped, by reason
	omitted     map[string]int // number of further dropped candidates, by reason
	commits     commitLog
	parents     []uint32 // of the current commit
	tags        []tag
	missing     missingObjects
	pending     pendingLookups
	treeDiffs   treeDiffs
	errs        []error
	unread      []*credential
	moreUnread  int // beyond maxUnread
	namedBlobs  map[namedBlob]bool
	skipped     []error // *scanner.Skipped
}

// visit scans an object and collects the results.
func (w *scanWorker) visit(e *pack.Entry, base objectState) objectState {
	w.scan.done.Add(1)
	m, r := w.scanObject(e, base)
	w.collect(e, &r)
	return m
}

func (w *scanWorker) scanObject(e *pack.Entry, base objectState) (objectState, scanner.Result) {
	if e.Type == pack.Tree {
		return w.tree(e, base), scanner.Result{}
	}
	if e.Stream != nil {
		return objectState{}, w.tracker.ScanReader(e.Stream)
	}
	switch e.Type {
	case pack.Commit:
		w.commit(e)
	case pack.Tag:
		w.tag(e)
	}
	trail, r := w.tracker.Scan(e.Data, e.Segments, base.trail)
	return objectState{trail: trail}, r
}

func (w *scanWorker) collect(e *pack.Entry, r *scanner.Result) {
	if r.Unpacked != nil {
		w.addUnread(e, r.Unpacked)
	}
	if errors.Is(r.Err, scanner.ErrTooMany) {
		w.addUnread(e, r.Err)
	}
	for _, reason := range r.Skipped {
		w.addSkipped(e, reason)
	}
	for _, f := range r.Findings {
		marked := w.scan.isMarked(&f)
		key := credentialKey(&f, marked)
		c := w.credentials[key]
		if c == nil {
			f.Origin.Object = e.ID.String()
			c = &credential{key: key, finding: f, marked: marked}
			w.credentials[key] = c
			w.scan.findings.Add(1)
		}
		if n := len(c.objects); n == 0 || c.objects[n-1] != e.Index {
			c.objects = append(c.objects, e.Index)
		}
	}
	for _, f := range r.Dropped {
		key := f.RuleID + "\x00" + f.Secret.Reveal()
		if _, ok := w.dropped[key]; ok {
			continue
		}
		if reason := f.Drop.Text; w.reasons[reason] < maxDropped {
			w.reasons[reason]++
			f.Origin.Object = e.ID.String()
			w.dropped[key] = f
		} else {
			w.omitted[reason]++
		}
	}
	for reason, n := range r.Omitted {
		w.omitted[reason] += n
	}
}

// maxDropped is the number of distinct dropped candidates that a worker keeps for each
// reason. Further ones are counted, and again for each object that contains them.
const maxDropped = 1000

// maxSkipped is the number of skipped parts that one worker lists.
const maxSkipped = 1 << 16

// addSkipped records that a part of an object was skipped intentionally.
func (w *scanWorker) addSkipped(e *pack.Entry, reason string) {
	switch len(w.skipped) {
	case maxSkipped:
	case maxSkipped - 1:
		w.skipped = append(w.skipped, &scanner.Skipped{Path: "other objects", Reason: "too many to list"})
	default:
		w.skipped = append(w.skipped, &scanner.Skipped{Path: fmt.Sprintf("object %v", e.ID), Reason: reason})
	}
}

// maxUnread is the number of incompletely read objects that one worker lists.
const maxUnread = 4096

// addUnread records that an object was not read to the end.
func (w *scanWorker) addUnread(e *pack.Entry, err error) {
	if len(w.unread) == maxUnread {
		w.moreUnread++
		return
	}
	c := &credential{unread: err, objects: []uint32{e.Index}}
	c.finding.Origin.Object = e.ID.String()
	w.unread = append(w.unread, c)
}

func (w *scanWorker) commit(e *pack.Entry) {
	h, ok := parseCommit(e.Data)
	if !ok {
		w.addErr(fmt.Errorf("commit %v has no tree", e.ID))
		return
	}
	tree := w.find(h.tree, "the tree of commit", e.ID)
	w.parents = w.parents[:0]
	for _, p := range h.parents {
		num, cut := noObject, w.scan.shallow[e.ID]
		if !cut {
			num = w.find(p, "a parent of commit", e.ID)
		}
		if cut || num != noObject || !w.scan.partial { // the parents of a partial scan lack its new objects
			w.parents = append(w.parents, num)
		}
	}
	w.commits.add(commit{num: e.Index, tree: tree, time: h.time}, w.parents)
}

func (w *scanWorker) tag(e *pack.Entry) {
	target, _ := parseTag(e.Data)
	w.tags = append(w.tags, tag{e.Index, w.find(target, "the object of tag", e.ID)})
}

// find returns the number of an object, or records that it is missing.
func (w *scanWorker) find(id pack.ID, role string, of pack.ID) uint32 {
	num, ok := w.scan.catalog.Find(id)
	if !ok {
		if !w.scan.partial {
			w.missing.add(id, fmt.Sprintf("%s %v", role, of))
		}
		return noObject
	}
	return num
}

// tree records how a tree differs from its base, and checks that the objects of new
// entries exist.
func (w *scanWorker) tree(e *pack.Entry, base objectState) objectState {
	if e.Stream != nil {
		w.addErr(fmt.Errorf("tree %v is too large: %d bytes", e.ID, e.Size))
		return objectState{}
	}
	from := noObject
	if base.offsets != nil {
		from = base.tree
	}
	w.queue(diffOp{kind: begin, num: e.Index, from: from})
	out, err := readTree(e, w.scan.repo.Store.Format().Size(), base.offsets, &treeRecorder{w, e.Index})
	if err != nil {
		w.addErr(err)
	}
	w.queue(diffOp{kind: end})
	return objectState{offsets: out, tree: e.Index}
}

func (w *scanWorker) addErr(err error) {
	if len(w.errs) < maxErrors {
		w.errs = append(w.errs, err)
	}
}
