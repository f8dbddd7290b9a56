package history

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// ErrMissing reports an object that others name and that is not there.
var ErrMissing = errors.New("missing")

// missing is objects that are not there, and what names each: of several the
// first in order, whoever came first.
type missingObjects map[pack.ID]string

// maxMissing bounds the objects that are counted: of a partial clone most may be
// missing.
const maxMissing = 100_000

func (m missingObjects) add(id pack.ID, by string) {
	if old, known := m[id]; known && by < old || !known && len(m) < maxMissing {
		m[id] = by
	}
}

// problems returns a result for each thing that was not read.
func (o *objectScan) problems() (out []scanner.Result) {
	ids := slices.SortedFunc(maps.Keys(o.missing), func(a, b pack.ID) int { return bytes.Compare(a.Bytes(), b.Bytes()) })
	for _, id := range ids[:min(len(ids), maxErrors)] {
		out = append(out, scanner.Result{Err: &gitrepo.ObjectError{Err: fmt.Errorf("object %v is %w: %s", id, ErrMissing, o.missing[id])}})
	}
	if n := len(ids) - maxErrors; n > 0 {
		out = append(out, scanner.Result{Err: &gitrepo.ObjectError{Err: fmt.Errorf("%d more objects are %w", n, ErrMissing)}})
	}
	for _, list := range [][]error{o.errs, o.skipped} {
		slices.SortFunc(list, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		for _, err := range list {
			out = append(out, scanner.Result{Err: err})
		}
	}
	return out
}

func problemError(p pack.Problem) error {
	switch {
	case p.ID.IsZero():
		return fmt.Errorf("%s: %s", p.Path, p.Reason)
	case p.Path == "":
		return &gitrepo.ObjectError{Err: fmt.Errorf("object %v: %s", p.ID, p.Reason)}
	}
	return &gitrepo.ObjectError{Err: fmt.Errorf("object %v in %s: %s", p.ID, p.Path, p.Reason)}
}

// maxErrors bounds how many unread objects are told one by one.
const maxErrors = 1000
