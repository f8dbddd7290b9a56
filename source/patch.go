package source

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/keyguard/keyguard/internal/cquote"
	"github.com/keyguard/keyguard/scanner"
)

// Patch is the source of the text that a unified diff adds, one blob per file. A blob
// contains the lines of the new side with context; findings must touch an added line.
// Patch reads plain diffs, git's diffs, git's combined diffs of merges, and binary
// patches (git-diff(1)). Text between files, such as commit messages, becomes a blob of
// its own, and so do lines outside of hunks in a broken patch. It holds one line at a
// time, and up to 1 MiB of text between files.
type Patch struct{ R io.Reader }

// Blobs implements scanner.Source.
func (p Patch) Blobs(ctx context.Context) iter.Seq2[*scanner.Blob, error] {
	return func(yield func(*scanner.Blob, error) bool) {
		if err := checkInput(p.R); err != nil {
			yield(nil, err)
			return
		}
		r := &patchReader{in: bufio.NewReaderSize(interruptible(ctx, p.R), 64<<10)}
		for {
			blob, err := r.next()
			ended := err != nil && !errors.Is(err, ErrBinary) && !errors.Is(err, ErrBadPatch)
			if text := r.outside.take(ended); text != nil && !yield(text, nil) {
				return
			}
			if err == io.EOF && !r.seen && r.size > 0 {
				err = ErrNoPatch
			}
			if ended && err != io.EOF {
				yield(nil, err)
			}
			if ended {
				return
			}
			if blob != nil || err != nil {
				if !yield(blob, err) {
					return
				}
				continue
			}
			side := newSideOf(r)
			if !yield(side.blob(), nil) {
				return
			}
			select { // the next file starts after this one
			case <-side.done:
			case <-ctx.Done():
				return
			}
		}
	}
}

// next advances to the next hunk. For a binary change it returns a blob, and for a change
// that cannot be read an error. Other lines are added to r.outside.
func (r *patchReader) next() (*scanner.Blob, error) {
	for {
		err := r.read()
		if err != nil {
			if bare := r.missingHunk(); err == io.EOF && bare != nil {
				return nil, bare
			}
			return nil, err
		}
		line := strings.TrimRight(string(r.line[:min(len(r.line), 8<<10)]), "\r\n")
		switch {
		case isFileHeader(line):
			if err := r.missingHunk(); err != nil {
				r.unread = true
				return nil, err
			}
			r.begin(line)
		case strings.HasPrefix(line, "deleted file mode ") && r.inFile:
			r.deleted = true
		case strings.HasPrefix(line, "Binary files ") && strings.HasSuffix(line, " differ"):
			r.seen = true
			if !r.deleted {
				return nil, fmt.Errorf("%s: %w", r.path, ErrBinary)
			}
		case line == "GIT binary patch":
			r.seen = true
			if blob, err := r.binary(); blob != nil || err != nil {
				return blob, err
			}
			continue
		default:
			if h, ok := parseHunk(line); ok {
				r.seen, r.inFile, r.awaitsHunk = true, true, false
				r.hunk = h
				return nil, nil
			}
			if err := r.other(line); err != nil {
				return nil, err
			}
			continue
		}
		if err := r.rest(); err != nil {
			return nil, err
		}
	}
}

func isFileHeader(line string) bool {
	for _, mark := range []string{"diff --git ", "diff --cc ", "diff --combined ", "--- ", "+++ "} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	return false
}

// begin reads a line of a file header.
func (r *patchReader) begin(line string) {
	switch {
	case strings.HasPrefix(line, "--- "):
		r.inFile = r.inFile || len(line) > 4 // a bare "--- " may end the text of a mail
	case strings.HasPrefix(line, "+++ "):
		r.seen, r.inFile, r.awaitsHunk = true, true, true
		r.path = fileName(line[4:])
	default:
		r.seen, r.inFile, r.deleted = true, true, false
		r.path = headerPath(line)
	}
}

// missingHunk returns an error if the current file has a header and no hunk.
func (r *patchReader) missingHunk() error {
	if !r.awaitsHunk {
		return nil
	}
	r.awaitsHunk = false
	return fmt.Errorf("%s: %w: it has no hunk", r.path, ErrBadPatch)
}

// other consumes a whole line outside of hunks. After a file header, a line that adds
// text or looks like the start of a hunk is an error.
func (r *patchReader) other(line string) error {
	var err error
	switch {
	case !r.inFile:
	case line == "" || line == "-- " || strings.HasPrefix(line, "commit ") || strings.HasPrefix(line, "From "):
		r.inFile = false
	case isExtendedHeader(line):
		return r.rest()
	case line[0] == '+' || strings.HasPrefix(line, "@@"):
		r.inFile, r.awaitsHunk = false, false
		err = fmt.Errorf("%s: %w: line %d is in no hunk", cmp.Or(r.path, StdinName), ErrBadPatch, r.number)
	}
	r.outside.add(r.line, r.number, !r.partial)
	for r.partial {
		if err := r.read(); err != nil {
			return err
		}
		r.outside.more(r.line, !r.partial)
	}
	return err
}

// isExtendedHeader reports whether a line describes a file's mode or name, or a missing
// newline (git-diff(1)).
func isExtendedHeader(line string) bool {
	for _, mark := range []string{"index ", "old mode ", "new mode ", "new file mode ", "mode ", "similarity index ", "dissimilarity index ", "rename ", "copy ", "\\ "} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	return false
}

// headerPath returns the new name in "diff --git a/x b/x". For names with spaces it is a
// guess, which the +++ line corrects.
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
