package source

import (
	"fmt"
	"io"
	"strings"

	"github.com/keyguard/keyguard/scanner"
)

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

// newSide reads the new side of one file in a patch.
type newSide struct {
	r        *patchReader
	path     string
	done     chan struct{}
	opened   bool
	closed   bool
	space    []byte // buffer of pending
	pending  []byte // text that is not returned yet
	line     int    // number of the current line in the text
	midLine  bool   // the last line continues
	inNew    bool   // the line is on the new side
	added    scanner.Lines
	segments lineNumbers
	err      error
}

func newSideOf(r *patchReader) *newSide {
	s := &newSide{r: r, path: r.path, done: make(chan struct{})}
	s.begin()
	return s
}

func (s *newSide) blob() *scanner.Blob {
	return &scanner.Blob{
		Origin:   scanner.Origin{Path: s.path},
		Open:     s.openOnce,
		Release:  s.Close,
		Only:     func(scanner.Lines) (scanner.Lines, error) { return s.added, nil },
		Renumber: func(line int) int { return s.segments.number(line) },
	}
}

// openOnce returns s, whose text can be read only once.
func (s *newSide) openOnce() (io.ReadCloser, error) {
	if s.opened {
		return nil, fmt.Errorf("%s: %w", s.path, errOpened)
	}
	s.opened = true
	return s, nil
}

// begin starts the current hunk of r.
func (s *newSide) begin() {
	if len(s.segments) > 0 {
		s.pending = append(s.pending, strings.Repeat("\n", hunkGap)...)
		s.line += hunkGap
	}
	s.segments = append(s.segments, lineSegment{s.line + 1, s.r.hunk.first})
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

// Close implements io.Closer. It reads the remaining hunks of the file.
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

// advance sets pending to the next line, or to part of a long one. It returns io.EOF
// after the last hunk of the file.
func (s *newSide) advance() error {
	s.pending = s.space[:0]
	err := s.take()
	s.space = s.pending
	return err
}

func (s *newSide) take() error {
	h := &s.r.hunk
	if !s.midLine && h.new <= 0 && h.old <= 0 {
		return s.nextHunk()
	}
	if err := s.r.read(); err != nil {
		if err == io.EOF {
			err = fmt.Errorf("%w: it ends within a hunk", ErrBadPatch)
		}
		return err
	}
	text := s.r.line
	if !s.midLine {
		var err error
		if text, err = s.startLine(text); err != nil {
			return err
		}
	}
	s.midLine = s.r.partial
	if s.inNew {
		s.pending = append(s.pending, text...)
	}
	return nil
}

// startLine reads the markers of a line and counts it.
func (s *newSide) startLine(text []byte) ([]byte, error) {
	h := &s.r.hunk
	if len(text) > 0 && text[0] == '\\' { // "\ No newline at end of file"
		s.inNew = false
		return nil, nil
	}
	if trimmed := strings.TrimRight(string(text[:min(len(text), 2)]), "\r\n"); trimmed == "" {
		text = []byte(strings.Repeat(" ", h.parents) + "\n") // mailers drop the blank of empty lines
	}
	if len(text) < h.parents || strings.Trim(string(text[:h.parents]), " +-") != "" {
		s.r.unread = true // it may start another file
		return nil, fmt.Errorf("%w: a line in a hunk does not begin with a blank, + or -", ErrBadPatch)
	}
	marks := string(text[:h.parents])
	h.old -= h.parents - strings.Count(marks, "+")
	if s.inNew = !strings.Contains(marks, "-"); s.inNew {
		h.new--
		s.line++
		if strings.Contains(marks, "+") {
			s.add(s.line)
		}
	} else {
		h.old += strings.Count(marks, " ") // parents without the line
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

// nextHunk starts the next hunk of the file. It returns io.EOF if no other follows.
func (s *newSide) nextHunk() error {
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
			s.r.unread = true
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
