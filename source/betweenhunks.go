package source

import (
	"bytes"
	"io"

	"github.com/keyguard/keyguard/scanner"
)

// maxOutside is the size in bytes at which text between hunks becomes a blob.
const maxOutside = 1 << 20

// betweenHunks collects the lines of a patch outside of hunks and headers: commit
// messages, and additions of a broken patch.
type betweenHunks struct {
	text  []byte
	lines lineNumbers
	count int  // number of lines
	last  int  // number of the last line in the patch
	open  bool // the last line is incomplete
}

// add adds a line, or its start, without a leading plus.
func (o *betweenHunks) add(line []byte, number int, whole bool) {
	if o.count++; o.count == 1 || number != o.last+1 {
		o.lines = append(o.lines, lineSegment{o.count, number})
	}
	o.last = number
	o.more(bytes.TrimPrefix(line, []byte("+")), whole)
}

// more extends the last line.
func (o *betweenHunks) more(text []byte, whole bool) {
	o.text = append(o.text, text...)
	o.open = !whole
}

// take returns the collected text as a blob if it is large or the patch ended, and nil
// otherwise.
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
