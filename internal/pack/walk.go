package pack

import (
	"cmp"
	"context"
	"io"
	"runtime"
	"sync"
)

// WalkOptions say what a walk may use. The zero value will do.
type WalkOptions struct {
	// Catalog, if not nil, spares the walk to make one.
	Catalog *Catalog
	// Workers is how many goroutines visit. 0: GOMAXPROCS.
	Workers int
	// MaxBuffer is how large an object may be, in bytes, to be held in memory.
	// 0: 64 MiB. For each worker, up to four times this may be held.
	MaxBuffer int64
	// MaxSpool bounds the temporary files for larger objects with deltas built on
	// them, in bytes, all workers together. 0: 4 GiB.
	MaxTempBytes int64
}

// fill puts in the defaults.
func (o *WalkOptions) fill() {
	o.Workers = cmp.Or(max(o.Workers, 0), runtime.GOMAXPROCS(0))
	o.MaxBuffer = cmp.Or(max(o.MaxBuffer, 0), 64<<20)
	o.MaxTempBytes = cmp.Or(max(o.MaxTempBytes, 0), defaultTempBytes)
}

// Entry is an object that is visited. It and all it points to are valid only during
// the visit, and must not be changed.
type Entry struct {
	ID    ID
	Type  Type
	Size  int64  // of the object, in bytes
	Index uint32 // the object's number in the catalog

	// Data is the whole object. It is nil if Stream is not.
	Data []byte
	// Segments say how Data was made from the base whose visit yielded the visitor's
	// third argument. They are nil if there is no such base: Data is all new then.
	Segments []Segment
	// Stream, if not nil, reads an object that is too large for Data. What goes
	// wrong while it is read comes up among the walk's problems too.
	Stream io.Reader

	cat *Catalog
}

// Where tells a person where the object is, as [Catalog.Where] does.
func (e *Entry) Where() string { return e.cat.Where(e.Index) }

// Stats is what a walk did.
type Stats struct {
	Objects      int64          // visits
	ByType       [Tag + 1]int64 // visits, by type
	Bytes        int64          // sizes of the objects visited
	Deltas       int64          // visits with segments
	Duplicates   int64          // further copies of objects in the catalog
	Unread       int64          // objects that should have been visited, and could not be
	Problems     []Problem      // the first thousand
	ProblemCount int            // all of them
}

// count adds a visit.
func (st *Stats) count(o *object, segs []Segment) {
	st.Objects++
	st.ByType[o.typ]++
	st.Bytes += o.size
	if segs != nil {
		st.Deltas++
	}
}

// add adds the visits of a worker.
func (st *Stats) add(w *Stats) {
	st.Objects += w.Objects
	st.Bytes += w.Bytes
	st.Deltas += w.Deltas
	st.Unread += w.Unread
	for t := range st.ByType {
		st.ByType[t] += w.ByType[t]
	}
}

// Walk calls visit for every object of the store once: a base before its deltas, from
// several goroutines, of which worker is the number. base is what visit returned for
// the object that e.Segments refer to, and zero if there is none. All deltas on an
// object get the same base, perhaps at the same time in several workers: what was
// returned must not change any more.
//
// An object that cannot be read is a problem in Stats, and no error: that comes only
// from ctx, or if there is no object store to be listed. Copies of one object are
// visited once; those that a concurrent repack makes during the walk are not seen.
func Walk[S any](ctx context.Context, s *Store, opts WalkOptions, visit func(worker int, e *Entry, base S) S) (Stats, error) {
	opts.fill()
	c := opts.Catalog
	if c == nil {
		var err error
		if c, err = s.Catalog(ctx); err != nil {
			return Stats{}, err
		}
	}
	t := newWalkState(ctx, s, c, opts)
	var all sync.WaitGroup
	work := newWorkQueue[S](opts.Workers)
	workers := make([]worker[S], opts.Workers)
	for i := range workers {
		workers[i] = worker[S]{objectReader: t.reader(), workQueue: work, num: i, visit: visit}
		all.Go(workers[i].run)
	}
	all.Wait()
	workers[0].visitCycles()
	for i := range workers {
		t.stats.add(&workers[i].stats)
	}
	return t.finish(), context.Cause(ctx)
}
