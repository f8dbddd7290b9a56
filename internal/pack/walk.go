package pack

import (
	"cmp"
	"context"
	"io"
	"runtime"
	"sync"
)

// WalkOptions are the limits of a walk. The zero value is ready to use.
type WalkOptions struct {
	// Catalog lists the objects to visit. If it is nil, Walk reads the catalog of the
	// store.
	Catalog *Catalog
	// Workers is the number of goroutines that visit. 0 means GOMAXPROCS.
	Workers int
	// MaxBuffer is the largest object to hold in memory, in bytes. 0 means 64 MiB. A
	// worker holds at most four times as much.
	MaxBuffer int64
	// MaxTempBytes limits the temporary files of all workers together, which hold larger
	// objects that have deltas, in bytes. 0 means 4 GiB.
	MaxTempBytes int64
}

// fill sets the defaults.
func (o *WalkOptions) fill() {
	o.Workers = cmp.Or(max(o.Workers, 0), runtime.GOMAXPROCS(0))
	o.MaxBuffer = cmp.Or(max(o.MaxBuffer, 0), 64<<20)
	o.MaxTempBytes = cmp.Or(max(o.MaxTempBytes, 0), defaultTempBytes)
}

// Entry is a visited object. It is valid only during the visit, and must not be modified.
type Entry struct {
	ID    ID
	Type  Type
	Size  int64  // of the object, in bytes
	Index uint32 // the object's number in the catalog

	// Data is the whole object. It is nil if Stream is not.
	Data []byte
	// Segments describe how Data was built from the base whose state the visitor gets.
	// They are nil if there is no such base; Data is then all new.
	Segments []Segment
	// Stream, if not nil, reads an object that is too large for Data. Read errors are
	// also recorded in Stats.Problems.
	Stream io.Reader

	cat *Catalog
}

// Where returns the location of the object in words, as [Catalog.Where] does.
func (e *Entry) Where() string { return e.cat.Where(e.Index) }

// Stats is the result of a walk.
type Stats struct {
	Objects      int64          // visits
	ByType       [Tag + 1]int64 // visits, by type
	Bytes        int64          // sizes of the objects visited
	Deltas       int64          // visits with segments
	Duplicates   int64          // further copies of objects in the catalog
	Unread       int64          // objects that could not be read
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

// Walk calls visit once for every object in the store, each base before its deltas. It
// calls visit from opts.Workers goroutines, numbered by worker. base is the value that
// visit returned for the base of e.Segments, or the zero value if there is none. All
// deltas on a base get the same value, possibly in several workers at once, so it must
// not be modified after visit returns.
//
// Objects that cannot be read are recorded in Stats.Problems. Walk returns an error only
// if ctx is done or the object store cannot be listed. An object with several copies is
// visited once; copies that a concurrent repack writes are not seen.
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
