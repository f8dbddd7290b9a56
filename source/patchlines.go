package source

import (
	"bufio"
	"errors"
	"io"
)

var (
	// ErrNoPatch reports input that holds no diff at all.
	ErrNoPatch = errors.New("no unified diff found in the input")
	// ErrBadPatch reports a diff that is cut short or was changed on its way.
	ErrBadPatch = errors.New("broken patch")
	// ErrBinary reports a change that a patch names but does not hold, or that
	// cannot be decoded.
	ErrBinary = errors.New("a binary change whose content is not in the patch")
)

// hunkGap is how many empty lines stand for what a patch leaves out between
// two hunks: more than any pair may be apart.
const hunkGap = 200

// patchReader reads the lines of a patch and knows which file they are of.
type patchReader struct {
	in         *bufio.Reader
	line       []byte // the present line, or the first 64 KiB of it
	partial    bool   // the present line goes on
	unread     bool   // the present line is to be read again
	number     int    // of the present line
	seen       bool   // anything of a diff
	inFile     bool   // the present file's changes have not ended yet
	awaitsHunk bool   // it has a +++ line, and no hunk so far
	deleted    bool   // the present file is deleted
	size       int64
	path       string
	hunk       hunk
	outside    betweenHunks
}

// hunk is how much of a hunk is still to come.
type hunk struct {
	parents  int // 1, or more in a combined diff
	old, new int // lines
	first    int // number of the new side's first line
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

// rest skips what is left of a line longer than the buffer.
func (r *patchReader) rest() error {
	for r.partial {
		if err := r.read(); err != nil {
			return err
		}
	}
	return nil
}
