package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"
)

// ScanBytes returns the findings in data.
func (s *Scanner) ScanBytes(data []byte) []Finding {
	return s.scanBytes(context.Background(), data, new(workspace)).Findings
}

// ScanReader scans the content of r. An error of r is in the result.
func (s *Scanner) ScanReader(r io.Reader) Result {
	return s.scanReader(context.Background(), r, new(workspace))
}

// Scan scans the blobs of src. It returns the results in the order of src, for any number
// of workers. When ctx is done, it stops, and the last result has the error of ctx.
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

// job is a blob for a worker, with the channel for its result.
type job struct {
	blob *Blob
	err  error
	slot chan<- Result
}

// inFlight is the maximum number of blobs that are started before an earlier one is done.
const inFlight = 512

// start runs the source and the workers. It returns the channels of the results in the
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
			jobs <- job{blob, err, slot} // has the capacity of slots, so it cannot block longer
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
					r := s.scanJob(ctx, j, ws)
					waiting.add(r.size())
					j.slot <- r
				}
			}
		})
	}
	return slots
}

// scanJob scans one blob.
func (s *Scanner) scanJob(ctx context.Context, j job, ws *workspace) Result {
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
		// A bug that one blob reveals must not end the scan of the others. The panic
		// value may contain a secret, so it is not reported.
		if recover() != nil {
			r = Result{Err: fmt.Errorf("scan %s: an error in keyguard itself: please report it with this file's kind", b.Origin.Path)}
		}
	}()
	body, err := b.Open()
	if err != nil {
		return Result{Err: err}
	}
	h := &prefix{rules: s.set.FileRules(b.Origin.Path)}
	if m, ok := body.(*inMemory); ok {
		r = s.scanBytes(ctx, m.data, ws)
		s.addSensitive(&r, h.rules, m.data)
	} else {
		r = s.scanReader(ctx, h.reader(body), ws)
		s.addSensitive(&r, h.rules, h.Bytes())
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
			r.Err = errors.Join(r.Err, err) // all findings are reported
			return r
		}
		r.Findings = onLines(r.Findings, lines)
		r.Dropped = onLines(r.Dropped, lines)
	}
	if b.Renumber != nil {
		renumber(r.Findings, b.Renumber)
		renumber(r.Dropped, b.Renumber)
	}
	return r
}
