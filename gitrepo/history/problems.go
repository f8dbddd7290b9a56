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

// ErrMissing reports an object that others name, but that the repository lacks.
var ErrMissing = errors.New("missing")

// missingObjects maps each missing object to the first of the objects that name it, in
// order of their descriptions.
type missingObjects map[pack.ID]string

// maxMissing limits the missing objects that are counted: a partial clone may lack most.
const maxMissing = 100_000

func (m missingObjects) add(id pack.ID, by string) {
	if old, known := m[id]; known && by < old || !known && len(m) < maxMissing {
		m[id] = by
	}
}

// problems returns a result for each object that could not be read or was skipped.
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

// maxErrors is the number of missing or unread objects that are reported one by one.
const maxErrors = 1000
