// Package sourcetest tests implementations of scanner.Source, in the manner of
// testing/fstest. Only tests import it.
package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/keyguard/keyguard/scanner"
)

// Item is one element of an iteration: a blob with its path and content, or an error
// that contains Err.
type Item struct{ Path, Text, Err string }

// Test checks that a source yields the wanted items in order and keeps the contract of
// scanner.Source. open returns a new source for each iteration, with the same items. To
// check that iteration continues after an error, have an item follow one. Test only finds
// data races under go test -race.
func Test(t *testing.T, open func(*testing.T) scanner.Source, want ...Item) {
	t.Helper()
	for name, read := range map[string]func(io.Reader) ([]byte, error){
		"read at once":              io.ReadAll,
		"read in small parts":       func(r io.Reader) ([]byte, error) { return io.ReadAll(iotest.OneByteReader(r)) },
		"read in parts of 64 bytes": func(r io.Reader) ([]byte, error) { return readParts(r, 64) },
	} {
		t.Run(name, func(t *testing.T) { compare(t, collect(t, open(t), read), want) })
	}
	t.Run("closed early", func(t *testing.T) { testUnread(t, open(t), closeEarly, want) })
	t.Run("released", func(t *testing.T) { testUnread(t, open(t), release, want) })
	t.Run("opened again", func(t *testing.T) { testReopen(t, open(t)) })
	t.Run("read by workers", func(t *testing.T) { compare(t, collectConcurrently(t, open(t)), want) })
	t.Run("lines", func(t *testing.T) { testLines(t, open(t)) })
	for n := 1; n <= min(len(want), 10); n++ {
		t.Run(fmt.Sprintf("stopped after %d", n), func(t *testing.T) { testStop(t, open(t), n) })
	}
	for n := range min(len(want), 2) {
		t.Run(fmt.Sprintf("canceled after %d", n), func(t *testing.T) { testCancel(t, open(t), n) })
	}
}

// compare reports the first difference between two lists of items.
func compare(t *testing.T, got, want []Item) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		g, w := got[i], want[i]
		if g.Path != w.Path || g.Text != w.Text || (g.Err == "") != (w.Err == "") || !strings.Contains(g.Err, w.Err) {
			t.Fatalf("item %d: got %.300q, want %.300q", i, g, w)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("got %d items, want %d: %.500q", len(got), len(want), got)
	}
}

// collect iterates over a source and reads each blob before the next.
func collect(t *testing.T, src scanner.Source, read func(io.Reader) ([]byte, error)) (items []Item) {
	t.Helper()
	for blob, err := range src.Blobs(t.Context()) {
		if (blob == nil) == (err == nil) {
			t.Fatalf("item %d: blob %v with error %v: want one of them", len(items), blob, err)
		}
		if err != nil {
			items = append(items, Item{Err: err.Error()})
			continue
		}
		items = append(items, content(blob, read))
	}
	return items
}

// collectConcurrently iterates over a source while each blob is read in a goroutine of
// its own, as by the workers of a scan.
func collectConcurrently(t *testing.T, src scanner.Source) []Item {
	var wait sync.WaitGroup
	var items []*Item
	for blob, err := range src.Blobs(t.Context()) {
		item := new(Item)
		items = append(items, item)
		if err != nil {
			item.Err = err.Error()
			continue
		}
		wait.Go(func() {
			*item = content(blob, io.ReadAll)
			if _, err := lines(blob); err != nil {
				item.Err = err.Error()
			}
		})
	}
	wait.Wait()
	var out []Item
	for _, item := range items {
		out = append(out, *item)
	}
	return out
}

// content opens, reads and closes a blob. A blob that cannot be read is an error.
func content(blob *scanner.Blob, read func(io.Reader) ([]byte, error)) Item {
	body, err := blob.Open()
	if err != nil {
		return Item{Err: err.Error()}
	}
	text, err := read(body)
	if err = errors.Join(err, body.Close()); err != nil {
		return Item{Err: err.Error()}
	}
	return Item{Path: blob.Origin.Path, Text: string(text)}
}

func readParts(r io.Reader, size int) (text []byte, err error) {
	part := make([]byte, size)
	for {
		n, err := r.Read(part)
		text = append(text, part[:n]...)
		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return text, err
		}
	}
}

// testUnread checks that blobs that are not read do not change the blobs after them.
func testUnread(t *testing.T, src scanner.Source, leave func(*scanner.Blob) error, want []Item) {
	i := 0
	for blob, err := range src.Blobs(t.Context()) {
		if i == len(want) {
			t.Fatalf("more than %d items", i)
		}
		path, failed := "", err != nil
		if blob != nil {
			path, failed = blob.Origin.Path, leave(blob) != nil
		}
		unread := want[i].Err != "" && !failed // an error that only a reader meets
		if !unread && (failed != (want[i].Err != "") || !failed && path != want[i].Path) {
			t.Errorf("item %d: got %q, failed: %v, want %.300q", i, path, failed, want[i])
		}
		i++
	}
	if i != len(want) {
		t.Errorf("got %d items, want %d", i, len(want))
	}
}

// closeEarly closes a blob after at most one byte.
func closeEarly(blob *scanner.Blob) error {
	body, err := blob.Open()
	if err != nil {
		return err
	}
	_, _ = body.Read(make([]byte, 1))
	return body.Close()
}

func release(blob *scanner.Blob) error {
	if blob.Release == nil {
		return nil
	}
	return blob.Release()
}

// testReopen checks that a second Open returns the same content or an error.
func testReopen(t *testing.T, src scanner.Source) {
	for blob, err := range src.Blobs(t.Context()) {
		if err != nil {
			continue
		}
		first, again := content(blob, io.ReadAll), content(blob, io.ReadAll)
		if again.Err == "" && again != first {
			t.Errorf("opened again: got %.300q, want %.300q or an error", again, first)
		}
	}
}

// testLines checks that Only returns ascending ranges and Renumber ascending numbers.
func testLines(t *testing.T, src scanner.Source) {
	for blob, err := range src.Blobs(t.Context()) {
		if err != nil {
			continue
		}
		item := content(blob, io.ReadAll)
		added, err := lines(blob)
		if err != nil {
			continue
		}
		last := 0
		for _, r := range added {
			if r.First <= last || r.Last < r.First {
				t.Errorf("%s: lines %v are not ascending", item.Path, added)
			}
			last = r.Last
		}
		if blob.Renumber == nil {
			continue
		}
		numbers := []int{0}
		for i, line := range strings.Split(item.Text, "\n") {
			if line != "" { // blank lines may fill a gap of any length
				numbers = append(numbers, blob.Renumber(i+1))
			}
		}
		if !slices.IsSorted(numbers) {
			t.Errorf("%s: line numbers %v are not ascending", item.Path, numbers)
		}
	}
}

func lines(blob *scanner.Blob) (scanner.Lines, error) {
	if blob.Only == nil {
		return nil, nil
	}
	return blob.Only(scanner.Lines{{First: 1, Last: 1<<63 - 1}})
}

// testStop checks that a source yields nothing after yield returned false.
func testStop(t *testing.T, src scanner.Source, n int) {
	finish(t, func() {
		got := 0
		src.Blobs(t.Context())(func(blob *scanner.Blob, err error) bool {
			if got++; got > n {
				t.Errorf("yields item %d after a stop at %d", got, n)
			}
			if got < n && blob != nil {
				content(blob, io.ReadAll)
			}
			return got < n
		})
		if got != n {
			t.Errorf("got %d items, want %d", got, n)
		}
	})
}

// testCancel checks that an iteration ends after its context is canceled, although
// blobs are neither closed nor released.
func testCancel(t *testing.T, src scanner.Source, n int) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	finish(t, func() {
		got := 0
		if n == 0 {
			cancel()
		}
		for blob := range src.Blobs(ctx) {
			if got++; got == n {
				if blob != nil {
					content(blob, io.ReadAll)
				}
				cancel()
			}
		}
	})
}

// maxTime is the time that an iteration may take to end.
const maxTime = 30 * time.Second

// finish runs f and fails the test if f does not return in time.
func finish(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(maxTime):
		t.Fatalf("the iteration did not end within %s", maxTime)
	}
}
