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

// Patch is the source of what a unified diff adds, a blob a file: the new
// side's lines, context included, of which those with a plus count. It reads
// plain diffs, git's, git's combined ones of merges, and binary patches
// (git-diff(1)). What stands between them, such as the messages of commits, is a
// blob of its own, and so are lines that a broken patch has in no hunk. Text is
// held a line at a time, what stands between by a MiB.
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
			select { // the next file begins where this one ends
			case <-side.done:
			case <-ctx.Done():
				return
			}
		}
	}
}

// next goes to the next hunk, or returns what a binary change is made of, or what
// is wrong with a change. Whatever else it meets is outside.
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

// begin reads a line of a file's header.
func (r *patchReader) begin(line string) {
	switch {
	case strings.HasPrefix(line, "--- "):
		r.inFile = r.inFile || len(line) > 4 // else it may end a mail's text
	case strings.HasPrefix(line, "+++ "):
		r.seen, r.inFile, r.awaitsHunk = true, true, true
		r.path = fileName(line[4:])
	default:
		r.seen, r.inFile, r.deleted = true, true, false
		r.path = headerPath(line)
	}
}

// hunkless returns an error if the present file has a header, but no hunk.
func (r *patchReader) missingHunk() error {
	if !r.awaitsHunk {
		return nil
	}
	r.awaitsHunk = false
	return fmt.Errorf("%s: %w: it has no hunk", r.path, ErrBadPatch)
}

// other takes a line that is in no hunk, all of it. Where a file's changes have
// begun it is an error if it adds something, or should begin a hunk.
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

// isExtendedHeader reports whether a line tells of a file's mode or name, or of a
// missing line end (git-diff(1)).
func isExtendedHeader(line string) bool {
	for _, mark := range []string{"index ", "old mode ", "new mode ", "new file mode ", "mode ", "similarity index ", "dissimilarity index ", "rename ", "copy ", "\\ "} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	return false
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
