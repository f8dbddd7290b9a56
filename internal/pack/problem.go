package pack

import (
	"cmp"
	"errors"
	"slices"
	"sync"
)

var (
	// ErrNotFound reports that an object is neither in a pack nor loose.
	ErrNotFound = errors.New("object not found")
	// ErrTooLarge reports that an object or one of its bases exceeds a limit.
	ErrTooLarge = errors.New("object too large")
)

// Problem is an object or a file that could not be read or is damaged.
type Problem struct {
	ID     ID     // the object; the zero ID if the problem concerns a file
	Path   string // the damaged file, if known
	Reason string
}

// maxProblems is the number of problems to keep. All are counted.
const maxProblems = 1000

// problems collects problems from several goroutines.
type problems struct {
	mu    sync.Mutex
	list  []Problem
	count int
}

func (p *problems) add(path string, err error) { p.object(ID{}, path, err) }

func (p *problems) object(id ID, path string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	if len(p.list) < maxProblems {
		p.list = append(p.list, Problem{id, path, err.Error()})
	}
}

// merge adds the problems of q.
func (p *problems) merge(q *problems) {
	list, count := q.take()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count += count
	p.list = append(p.list, list[:min(len(list), maxProblems-len(p.list))]...)
}

// take returns the problems, files first, then objects by file and ID.
func (p *problems) take() ([]Problem, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := slices.Clone(p.list)
	slices.SortStableFunc(list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.ID.size, b.ID.size), cmp.Compare(a.Path, b.Path),
			slices.Compare(a.ID.sum[:], b.ID.sum[:]))
	})
	return list, p.count
}
