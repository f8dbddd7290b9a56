package source

import (
	"bytes"
	"io"

	"github.com/keyguard/keyguard/scanner"
)

// maxOutside is how much of what is in no hunk is gathered before it is scanned.
const maxOutside = 1 << 20

// outside gathers the lines of a patch that are in no hunk and no header: the
// messages of commits, and what a broken patch adds.
type betweenHunks struct {
	text  []byte
	lines lineNumbers
	count int  // of the lines
	last  int  // number of the last line in the patch
	open  bool // the last line goes on
}

// add adds a line, or its beginning. A plus before it is no part of it.
func (o *betweenHunks) add(line []byte, number int, whole bool) {
	if o.count++; o.count == 1 || number != o.last+1 {
		o.lines = append(o.lines, lineSegment{o.count, number})
	}
	o.last = number
	o.more(bytes.TrimPrefix(line, []byte("+")), whole)
}

// more adds to the last line.
func (o *betweenHunks) more(text []byte, whole bool) {
	o.text = append(o.text, text...)
	o.open = !whole
}

// take returns what was gathered, if it is much or the patch ended.
func (o *betweenHunks) take(ended bool) *scanner.Blob {
	if o.open && !ended || !ended && len(o.text) < maxOutside || len(bytes.TrimSpace(o.text)) == 0 {
		return nil
	}
	text, lines := o.text, o.lines
	*o = betweenHunks{}
	return &scanner.Blob{
		Origin:   scanner.Origin{Path: StdinName},
		Open:     func() (io.ReadCloser, error) { return scanner.InMemory(text), nil },
		Renumber: lines.number,
	}
}
