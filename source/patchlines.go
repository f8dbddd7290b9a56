package source

import (
	"bufio"
	"errors"
	"io"
)

var (
	// ErrNoPatch reports input without a diff.
	ErrNoPatch = errors.New("no unified diff found in the input")
	// ErrBadPatch reports a diff that is truncated or was changed in transit.
	ErrBadPatch = errors.New("broken patch")
	// ErrBinary reports a binary change whose content is not in the patch or cannot be
	// decoded.
	ErrBinary = errors.New("a binary change whose content is not in the patch")
)

// hunkGap is the number of empty lines between two hunks of a blob. The parts of a pair
// cannot be that far apart.
const hunkGap = 200

// patchReader reads the lines of a patch and records the file that they belong to.
type patchReader struct {
	in         *bufio.Reader
	line       []byte // the current line, or the next 64 KiB of it
	partial    bool   // the current line continues
	unread     bool   // read returns the current line again
	number     int    // of the current line
	seen       bool   // part of a diff was read
	inFile     bool   // the changes of the current file have not ended
	awaitsHunk bool   // the file has a +++ line and no hunk yet
	deleted    bool   // the current file is deleted
	size       int64
	path       string
	hunk       hunk
	outside    betweenHunks
}

// hunk counts the lines of a hunk that are not read yet.
type hunk struct {
	parents  int // 1, or more in a combined diff
	old, new int // lines
	first    int // number of the first line on the new side
}

func (r *patchReader) read() error {
	if r.unread {
		r.unread = false
		return nil
	}
	if !r.partial {
		r.number++
	}
	line, err := r.in.ReadSlice('\n')
	r.partial = err == bufio.ErrBufferFull
	if r.partial || err == io.EOF && len(line) > 0 {
		err = nil
	}
	r.line = line
	r.size += int64(len(line))
	return err
}

// rest skips the remainder of a line longer than the buffer.
func (r *patchReader) rest() error {
	for r.partial {
		if err := r.read(); err != nil {
			return err
		}
	}
	return nil
}
