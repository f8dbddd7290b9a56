package pack

import "io"

// worker visits one delta tree after another, depth first.
type worker[S any] struct {
	*objectReader
	*workQueue[S]
	num   int
	visit func(worker int, e *Entry, base S) S
	entry Entry

	stack   []frame[S] // the current chain of bases that have unvisited deltas
	held    int64      // bytes of them in memory
	spilled int        // number of bases at the bottom that are in files
}

// frame is a base with unvisited deltas.
type frame[S any] struct {
	object
	next  uint32 // index of the next delta
	end   uint32 // one past the last delta
	seen  bool   // the base was visited; state is the result
	state S
}

func (w *worker[S]) run() {
	for start, end := w.cat.batch(&w.next, walkBatch); start < end; start, end = w.cat.batch(&w.next, walkBatch) {
		for num := start; num < end; num++ {
			if w.deltas.roots.Has(num) && w.ctx.Err() == nil {
				w.visitTree(num)
			}
		}
	}
	w.takeOver()
}

// visitCycles visits objects that no root leads to, because their bases form a cycle:
// another copy may be readable. It runs after all workers have finished.
func (w *worker[S]) visitCycles() {
	w.workQueue = new(workQueue[S])
	for num := range uint32(w.cat.Len()) {
		if w.ctx.Err() == nil && w.cat.counts(num) && !w.visited.Has(num) {
			w.visitObject(num, object{}, errCycle, nil)
			w.visitDeltas()
		}
	}
}

// visitTree visits root and all deltas on it.
func (w *worker[S]) visitTree(root uint32) {
	o, err := w.root(root)
	w.visitObject(root, o, err, nil)
	w.visitDeltas()
}

// visitDeltas visits the deltas on the objects of the stack, depth first.
func (w *worker[S]) visitDeltas() {
	for n := 0; len(w.stack) > 0; n++ {
		if n%16 == 0 {
			if w.ctx.Err() != nil {
				w.pop(len(w.stack))
				return
			}
			w.offer()
		}
		w.visitNext()
	}
}

// visitNext visits the next delta on the top of the stack, and removes the base from the
// stack if that was its last.
func (w *worker[S]) visitNext() {
	top := &w.stack[len(w.stack)-1]
	num := w.deltas.list[top.next]
	top.next++
	last := top.next == top.end
	if w.visited.Has(num) { // a cycle of bases
		if last {
			w.pop(1)
		}
		return
	}
	spilled := top.file != nil
	o, err := w.derive(&top.object, num)
	if spilled && top.file == nil {
		w.held += top.size
		w.spilled = min(w.spilled, len(w.stack)-1)
	}
	base := *top
	if last {
		w.pop(1)
	}
	w.visitObject(num, o, err, &base)
}

// visitObject visits an object, which could not be read if err is not nil, and pushes it
// if it has deltas.
func (w *worker[S]) visitObject(num uint32, o object, err error, base *frame[S]) {
	w.visited.Add(num)
	segs := w.builder.segs
	if err != nil {
		o, err = w.retry(num, err)
		segs = nil
	}
	if err == nil && o.file != nil && o.size <= w.opts.MaxBuffer {
		err = o.unspill(w.builder.free)
	}
	if err != nil {
		o.release(w.builder.free)
		o.err = err
		w.recordUnread(num, err)
	}
	f := frame[S]{object: o}
	f.next, f.end = w.deltas.deltasOn(num)
	if o.typ != 0 && w.cat.counts(num) {
		if base == nil || !base.seen || len(segs) == 0 {
			base, segs = new(frame[S]), nil
		}
		f.state, f.seen = w.callVisitor(num, &f.object, segs, base.state), true
	}
	w.push(f)
}

// callVisitor calls the visitor and returns its state.
func (w *worker[S]) callVisitor(num uint32, o *object, segs []Segment, base S) S {
	w.entry = Entry{ID: w.cat.ID(num), Type: o.typ, Size: o.size, Index: num, Data: o.data, Segments: segs, cat: w.cat}
	var stream *errorReader
	switch {
	case o.stream != nil:
		stream = &errorReader{r: o.stream}
		w.entry.Stream = stream
	case o.file != nil:
		stream = &errorReader{r: io.NewSectionReader(o.file, 0, o.size)}
		w.entry.Stream = stream
	}
	state := w.visit(w.num, &w.entry, base)
	if stream != nil && stream.err != nil {
		w.recordUnread(num, stream.err)
	} else {
		w.stats.count(o, segs)
	}
	return state
}

// errorReader records the error of the last read.
type errorReader struct {
	r   io.Reader
	err error
}

func (w *errorReader) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// push adds a base to the stack if it has deltas. If the stack exceeds MaxBuffer, its
// lowest bases move to temporary files. Their visitor states are dropped, since they may
// be as large, and the remaining deltas on them are visited without segments.
func (w *worker[S]) push(f frame[S]) {
	if f.next == f.end {
		f.release(w.builder.free)
		return
	}
	w.hold(f)
	for w.held > w.opts.MaxBuffer && w.spilled < len(w.stack)-1 {
		low := &w.stack[w.spilled]
		w.spilled++
		if low.data == nil {
			continue
		}
		w.held -= low.size
		low.state, low.seen = *new(S), false
		if err := low.spill(&w.temps, w.builder.free); err != nil {
			low.release(w.builder.free)
			low.err = err
		}
	}
}

// hold adds a base to the stack.
func (w *worker[S]) hold(f frame[S]) {
	w.stack = append(w.stack, f)
	w.held += int64(len(f.data))
}

// pop removes the top n bases.
func (w *worker[S]) pop(n int) {
	for range n {
		top := &w.stack[len(w.stack)-1]
		w.held -= int64(len(top.data))
		top.release(w.builder.free)
		*top = frame[S]{}
		w.stack = w.stack[:len(w.stack)-1]
	}
	w.spilled = min(w.spilled, len(w.stack))
}
