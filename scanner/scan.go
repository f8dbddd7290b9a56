package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"sync"

	"github.com/keyguard/keyguard/internal/literal"
	"github.com/keyguard/keyguard/patterns"
	"github.com/keyguard/keyguard/scanner/internal/unpack"
)

// Options adjust a Scanner. The zero value is good.
type Options struct {
	Jobs int // workers; 0: one for each CPU that Go may use
	// Watch are words of four bytes or more whose places are told in
	// Result.Watched, wherever a blob's own text has them.
	Watch []string
}

// Scanner finds credentials with a set of rules. It is immutable and safe for concurrent
// use.
type Scanner struct {
	set      *patterns.Set
	literals *literal.Set // of the rules' words, then of the decoders', unpack.ZipEndMark, then of watch
	rules    int          // number of the rules' words
	decoders []decoder
	zipEnd   int // index of unpack.ZipEndMark among the literals
	watch    []string
	jobs     int
	// How many bytes before and after a keyword may matter.
	before, after int
	nearBytes     int
	// Numbers of bytes before and after a candidate that near rules depend on.
	nearBefore, nearAfter int
	pairBytes             int64
}

// New returns a scanner for set.
func New(set *patterns.Set, opts Options) *Scanner {
	s := &Scanner{set: set, rules: len(set.Words()), watch: opts.Watch, jobs: opts.Jobs}
	words, list := decoders()
	s.decoders = list
	s.zipEnd = s.rules + len(list)
	words = append(words, literal.Word{Text: unpack.ZipEndMark})
	for _, word := range opts.Watch {
		words = append(words, literal.Word{Text: word})
	}
	literals, err := literal.New(append(slices.Clone(set.Words()), words...))
	if err != nil {
		panic(err) // the set's words are checked, the others are constants of ours and of the caller
	}
	s.literals = literals
	if s.jobs <= 0 {
		s.jobs = runtime.GOMAXPROCS(0)
	}
	s.before, s.after, s.nearBytes = s.margins()
	for _, r := range set.NearRules() {
		before, after := r.Reach()
		s.nearBefore = max(s.nearBefore, r.Near.Bytes+before)
		s.nearAfter = max(s.nearAfter, r.Near.Bytes+after)
	}
	if set.Pair != nil {
		s.pairBytes = int64(set.Pair.Bytes)
	}
	return s
}

// ScanBytes returns the findings in data.
func (s *Scanner) ScanBytes(data []byte) []Finding {
	return s.scanBytes(context.Background(), data, new(workspace)).Findings
}

// ScanReader scans all that r yields. The result's Err is r's.
func (s *Scanner) ScanReader(r io.Reader) Result {
	return s.scanReader(context.Background(), r, new(workspace))
}

// Scan scans what src yields and returns a result for each blob that has
// something to say or was read, in the order of src, however many workers
// there are. When ctx is done it stops early with ctx's error as the last
// result's.
func (s *Scanner) Scan(ctx context.Context, src Source) iter.Seq[Result] {
	return func(yield func(Result) bool) { s.scan(ctx, src, newBacklog(), yield) }
}

func (s *Scanner) scan(ctx context.Context, src Source, waiting *backlog, yield func(Result) bool) {
	ctx, cancel := context.WithCancelCause(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer waiting.wake()
	defer cancel(errStopped)
	defer context.AfterFunc(ctx, waiting.wake)()
	for slot := range s.start(ctx, src, waiting, &wg) {
		select {
		case r := <-slot:
			size := r.size()
			if !yield(r) {
				return
			}
			waiting.remove(size)
		case <-ctx.Done():
			yield(Result{Err: context.Cause(ctx)})
			return
		}
	}
	if ctx.Err() != nil {
		yield(Result{Err: context.Cause(ctx)})
	}
}

var errStopped = errors.New("stopped")

// job is a blob on its way to a worker, and where its result goes.
type job struct {
	blob *Blob
	err  error
	slot chan<- Result
}

// inFlight bounds the blobs that are begun before an earlier one is done.
const inFlight = 512

// start runs the source and the workers, and returns the results' slots in the
// order of the source.
func (s *Scanner) start(ctx context.Context, src Source, waiting *backlog, wg *sync.WaitGroup) <-chan chan Result {
	jobs := make(chan job, inFlight)
	slots := make(chan chan Result, inFlight)
	wg.Go(func() {
		defer close(slots)
		defer close(jobs)
		for blob, err := range src.Blobs(ctx) {
			slot := make(chan Result, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return
			}
			jobs <- job{blob, err, slot} // cannot block longer than slots did
		}
	})
	for range s.jobs {
		wg.Go(func() {
			ws := new(workspace)
			for waiting.wait(ctx); ; waiting.wait(ctx) {
				j, ok := <-jobs
				if !ok {
					return
				}
				if ctx.Err() == nil {
					r := s.run(ctx, j, ws)
					waiting.add(r.size())
					j.slot <- r
				}
			}
		})
	}
	return slots
}

// run scans one blob.
func (s *Scanner) run(ctx context.Context, j job, ws *workspace) Result {
	if j.err != nil {
		return Result{Err: j.err}
	}
	r := s.scanBlob(ctx, j.blob, ws)
	r.Origin = j.blob.Origin
	for i := range r.Findings {
		r.Findings[i].Origin = j.blob.Origin
	}
	for i := range r.Dropped {
		r.Dropped[i].Origin = j.blob.Origin
	}
	return r
}

func (s *Scanner) scanBlob(ctx context.Context, b *Blob, ws *workspace) (r Result) {
	defer func() {
		// One blob that shows a mistake of ours must not end the scan of the
		// others. What went wrong may hold a secret, so it is not told.
		if recover() != nil {
			r = Result{Err: fmt.Errorf("scan %s: an error in keyguard itself: please report it with this file's kind", b.Origin.Path)}
		}
	}()
	body, err := b.Open()
	if err != nil {
		return Result{Err: err}
	}
	h := &head{rules: s.set.FileRules(b.Origin.Path)}
	if m, ok := body.(*inMemory); ok {
		r = s.scanBytes(ctx, m.data, ws)
		s.sensitive(&r, h.rules, m.data)
	} else {
		r = s.scanReader(ctx, h.reader(body), ws)
		s.sensitive(&r, h.rules, h.Bytes())
		if err := body.Close(); r.Err == nil {
			r.Err = err
		}
	}
	if r.Err != nil {
		r.Err = fmt.Errorf("read %s: %w", b.Origin.Path, r.Err)
	}
	if b.Only != nil && len(r.Findings)+len(r.Dropped) > 0 {
		lines, err := b.Only(TouchedLines(slices.Concat(r.Findings, r.Dropped)...))
		if err != nil {
			r.Err = errors.Join(r.Err, err) // and report all: better too much than too little
			return r
		}
		r.Findings = touching(r.Findings, lines)
		r.Dropped = touching(r.Dropped, lines)
	}
	if b.Renumber != nil {
		renumber(r.Findings, b.Renumber)
		renumber(r.Dropped, b.Renumber)
	}
	return r
}

// stoppable is a reader that ends with ctx's error when that is done, so that
// no blob is too large to be interrupted.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	return s.r.Read(p)
}
