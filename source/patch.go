package source

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/keyguard/keyguard/internal/cquote"
	"github.com/keyguard/keyguard/scanner"
)

var (
	// ErrNoPatch reports input that holds no diff at all.
	ErrNoPatch = errors.New("no unified diff found in the input")
	// ErrBadPatch reports a diff that is cut short or was changed on its way.
	ErrBadPatch = errors.New("broken patch")
	// ErrBinary reports a change that a patch names but does not hold.
	ErrBinary = errors.New("a binary change whose content is not in the patch")
)

// Patch is the source of what a unified diff adds, a blob a file: the new
// side's lines, context included, of which those with a plus count. It reads
// plain diffs, git's and git's combined ones of merges (git-diff(1)), and holds
// one line at a time.
type Patch struct{ R io.Reader }

// hunkGap is how many empty lines stand for what a patch leaves out between
// two hunks: more than any pair may be apart.
const hunkGap = 200

// Blobs implements scanner.Source.
func (p Patch) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		r := &patchReader{in: bufio.NewReaderSize(interruptible(ctx, p.R), 64<<10)}
		for {
			err := r.next()
			switch {
			case err == io.EOF:
				if !r.seen && r.size > 0 {
					yield(nil, ErrNoPatch)
				}
				return
			case errors.Is(err, ErrBinary):
				if !yield(nil, err) {
					return
				}
				continue
			case err != nil:
				yield(nil, err)
				return
			}
			side := newSideOf(r)
			if !yield(side.blob(), nil) {
				return
			}
			select { // the next file begins where this one ends
			case <-side.done:
			case <-ctx.Done():
				return
			}
		}
	}
}

// patchReader reads the lines of a patch and knows which file they are of.
type patchReader struct {
	in   *bufio.Reader
	line []byte // the present line, or the first 64 KiB of it
	part bool   // the present line goes on
	held bool   // the present line is to be read again
	seen bool   // anything of a diff
	gone bool   // the present file is deleted
	size int64
	path string
	hunk hunk
}

// hunk is how much of a hunk is still to come.
type hunk struct {
	parents  int // 1, or more in a combined diff
	old, new int // lines
	first    int // number of the new side's first line
}

func (r *patchReader) read() error {
	if r.held {
		r.held = false
		return nil
	}
	line, err := r.in.ReadSlice('\n')
	r.part = err == bufio.ErrBufferFull
	if r.part || err == io.EOF && len(line) > 0 {
		err = nil
	}
	r.line = line
	r.size += int64(len(line))
	return err
}

// rest skips what is left of a line longer than the buffer.
func (r *patchReader) rest() error {
	for r.part {
		if err := r.read(); err != nil {
			return err
		}
	}
	return nil
}

// next goes to the first hunk of the next file.
func (r *patchReader) next() error {
	for {
		if err := r.read(); err != nil {
			return err
		}
		line := strings.TrimRight(string(r.line[:min(len(r.line), 8<<10)]), "\r\n")
		switch {
		case strings.HasPrefix(line, "diff --git ") || strings.HasPrefix(line, "diff --cc ") || strings.HasPrefix(line, "diff --combined "):
			r.seen = true
			r.gone = false
			r.path = headerPath(line)
		case strings.HasPrefix(line, "deleted file mode "):
			r.gone = true
		case strings.HasPrefix(line, "+++ "):
			r.seen = true
			r.path = fileName(line[4:])
		case strings.HasPrefix(line, "Binary files ") && strings.HasSuffix(line, " differ"), line == "GIT binary patch":
			r.seen = true
			if !r.gone {
				return fmt.Errorf("%s: %w", r.path, ErrBinary)
			}
		default:
			if h, ok := parseHunk(line); ok {
				r.seen = true
				r.hunk = h
				return nil
			}
		}
		if err := r.rest(); err != nil {
			return err
		}
	}
}

// headerPath takes the new name from "diff --git a/x b/x". With spaces in
// names it is a guess, which the +++ line corrects.
func headerPath(line string) string {
	if i := strings.LastIndex(line, ` "b/`); i >= 0 {
		return fileName(line[i+1:])
	}
	if i := strings.LastIndex(line, " b/"); i >= 0 {
		return line[i+3:]
	}
	return line[strings.LastIndex(line, " ")+1:]
}

// fileName reads the name in a "+++ " line: quoted, or up to a tab.
func fileName(s string) string {
	if name, _, ok := cquote.Unquote(s); ok {
		s = name
	} else {
		s, _, _ = strings.Cut(s, "\t")
	}
	for _, prefix := range []string{"b/", "w/", "i/", "c/"} { // the last three: diff.mnemonicPrefix
		if rest, ok := strings.CutPrefix(s, prefix); ok {
			return rest
		}
	}
	return s
}

// parseHunk reads "@@ -1,2 +3,4 @@" and "@@@ -1,2 -1,2 +3,4 @@@".
func parseHunk(line string) (h hunk, ok bool) {
	marks := len(line) - len(strings.TrimLeft(line, "@"))
	if marks < 2 {
		return h, false
	}
	fields := strings.Fields(line[marks:])
	h.parents = marks - 1
	if len(fields) <= marks || fields[marks] != line[:marks] {
		return h, false
	}
	for i, f := range fields[:marks] {
		sign := byte('-')
		if i == marks-1 {
			sign = '+'
		}
		first, count := 0, 1
		if f[0] != sign {
			return h, false
		}
		if n, err := fmt.Sscanf(f[1:], "%d,%d", &first, &count); n < 1 || err != nil && strings.Contains(f, ",") || first < 0 || count < 0 {
			return h, false
		}
		if sign == '+' {
			h.first, h.new = first, count
		} else {
			h.old += count
		}
	}
	return h, true
}

// newSide is the text that a patch makes of one file, as a reader.
type newSide struct {
	r        *patchReader
	path     string
	done     chan struct{}
	closed   bool
	space    []byte // holds pending
	pending  []byte // text not handed out yet
	line     int    // lines of text so far
	inLine   bool   // within a long line
	keep     bool   // which is on the new side
	added    scanner.Lines
	segments []segment
	err      error
}

// segment says that the text's line at and those after it are the file's from
// number first.
type segment struct{ at, first int }

func newSideOf(r *patchReader) *newSide {
	s := &newSide{r: r, path: r.path, done: make(chan struct{})}
	s.begin()
	return s
}

func (s *newSide) blob() *scanner.Blob {
	return &scanner.Blob{
		Origin:   scanner.Origin{Path: s.path},
		Open:     func() (io.ReadCloser, error) { return s, nil },
		Only:     func() (scanner.Lines, error) { return s.added, nil },
		Renumber: s.number,
	}
}

// begin starts the hunk that r stands at.
func (s *newSide) begin() {
	if len(s.segments) > 0 {
		s.pending = append(s.pending, strings.Repeat("\n", hunkGap)...)
		s.line += hunkGap
	}
	s.segments = append(s.segments, segment{s.line + 1, s.r.hunk.first})
}

// number turns a line of the text into one of the file.
func (s *newSide) number(line int) int {
	for i := len(s.segments) - 1; i >= 0; i-- {
		if seg := s.segments[i]; line >= seg.at {
			return seg.first + line - seg.at
		}
	}
	return line
}

// Read implements io.Reader.
func (s *newSide) Read(p []byte) (int, error) {
	for len(s.pending) == 0 && s.err == nil {
		s.err = s.advance()
	}
	n := copy(p, s.pending)
	s.pending = s.pending[n:]
	if n == 0 {
		s.finish()
		return 0, s.err
	}
	return n, nil
}

// Close implements io.Closer. It reads on to the end of the file's hunks.
func (s *newSide) Close() error {
	for s.err == nil {
		s.err = s.advance()
	}
	s.finish()
	if s.err != io.EOF {
		return s.err
	}
	return nil
}

func (s *newSide) finish() {
	if !s.closed {
		s.closed = true
		close(s.done)
	}
}

// advance makes one line pending, or a piece of a long one. It returns io.EOF
// when the file's hunks end.
func (s *newSide) advance() error {
	s.pending = s.space[:0]
	err := s.take()
	s.space = s.pending
	return err
}

func (s *newSide) take() error {
	h := &s.r.hunk
	if !s.inLine && h.new <= 0 && h.old <= 0 {
		return s.between()
	}
	if err := s.r.read(); err != nil {
		if err == io.EOF {
			err = fmt.Errorf("%w: it ends within a hunk", ErrBadPatch)
		}
		return err
	}
	text := s.r.line
	if !s.inLine {
		var err error
		if text, err = s.open(text); err != nil {
			return err
		}
	}
	s.inLine = s.r.part
	if s.keep {
		s.pending = append(s.pending, text...)
	}
	return nil
}

// open reads the marks before a line and counts it.
func (s *newSide) open(text []byte) ([]byte, error) {
	h := &s.r.hunk
	if len(text) > 0 && text[0] == '\\' { // "\ No newline at end of file"
		s.keep = false
		return nil, nil
	}
	if trimmed := strings.TrimRight(string(text[:min(len(text), 2)]), "\r\n"); trimmed == "" {
		text = []byte(strings.Repeat(" ", h.parents) + "\n") // mailers eat the blank of empty lines
	}
	if len(text) < h.parents || strings.Trim(string(text[:h.parents]), " +-") != "" {
		return nil, fmt.Errorf("%w: a line in a hunk begins with none of blank, + and -", ErrBadPatch)
	}
	marks := string(text[:h.parents])
	h.old -= h.parents - strings.Count(marks, "+")
	if s.keep = !strings.Contains(marks, "-"); s.keep {
		h.new--
		s.line++
		if strings.Contains(marks, "+") {
			s.add(s.line)
		}
	} else {
		h.old += strings.Count(marks, " ") // of parents that never had the line
	}
	return text[h.parents:], nil
}

func (s *newSide) add(line int) {
	if n := len(s.added); n > 0 && s.added[n-1].Last == line-1 {
		s.added[n-1].Last = line
		return
	}
	s.added = append(s.added, scanner.LineRange{First: line, Last: line})
}

// between looks whether another hunk of the same file follows.
func (s *newSide) between() error {
	for {
		err := s.r.read()
		if err != nil {
			return err
		}
		if len(s.r.line) > 0 && s.r.line[0] == '\\' {
			if err := s.r.rest(); err != nil {
				return err
			}
			continue
		}
		h, ok := parseHunk(strings.TrimRight(string(s.r.line[:min(len(s.r.line), 8<<10)]), "\r\n"))
		if !ok {
			s.r.held = true
			return io.EOF
		}
		if err := s.r.rest(); err != nil {
			return err
		}
		s.r.hunk = h
		s.begin()
		return nil
	}
}
