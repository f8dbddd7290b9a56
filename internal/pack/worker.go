package pack

import "io"

// worker visits the trees of one root after the other.
type worker[S any] struct {
	*objectReader
	*workQueue[S]
	num   int
	visit func(worker int, e *Entry, base S) S
	entry Entry

	stack   []frame[S] // the present object's bases that have further deltas
	held    int64      // bytes of them in memory
	spilled int        // the lowest that many are not
}

// frame is a base with deltas that are still to come.
type frame[S any] struct {
	object
	next  uint32 // the delta to go on with, as an index
	end   uint32 // behind the last
	seen  bool   // it was visited, and state is what that returned
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

// sweep visits what no root leads to, because bases go round in circles: there may
// be other copies. The other workers have left.
func (w *worker[S]) visitCycles() {
	w.workQueue = new(workQueue[S])
	for num := range uint32(w.cat.Len()) {
		if w.ctx.Err() == nil && w.cat.counts(num) && !w.visited.Has(num) {
			w.visitObject(num, object{}, errCycle, nil)
			w.visitDeltas()
		}
	}
}

// tree visits the tree at root.
func (w *worker[S]) visitTree(root uint32) {
	o, err := w.root(root)
	w.visitObject(root, o, err, nil)
	w.visitDeltas()
}

// climb visits what is built on the objects on the stack, depth first.
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

// step visits one delta on the base on top of the stack, which goes if this was
// its last.
func (w *worker[S]) visitNext() {
	top := &w.stack[len(w.stack)-1]
	num := w.deltas.list[top.next]
	top.next++
	last := top.next == top.end
	if w.visited.Has(num) { // bases in a circle
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

// arrive visits an object that was read, or not, and leaves it on the stack if there
// are deltas on it.
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

// show calls the visitor.
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

// watched remembers the error that reading ended with.
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

// push puts a base on the stack if there are deltas on it. When the stack holds more
// than one object's worth of memory, its lower end moves to files. What the visitor
// knows of those bases goes: it may be as large, and what is left to be built on them
// counts as all new.
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

// hold puts a base on the stack.
func (w *worker[S]) hold(f frame[S]) {
	w.stack = append(w.stack, f)
	w.held += int64(len(f.data))
}

// pop drops the top n of the stack.
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
