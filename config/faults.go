package config

import (
	"errors"
	"slices"
	"strings"
)

// faultList collects the faults of a file.
type faultList struct {
	file *File
	errs []error
}

// add adds a fault at a path, or at the nearest enclosing table with a position.
func (p *faultList) add(path, format string, args ...any) {
	if len(p.errs) >= maxFault {
		return
	}
	at, ok := p.file.index()[path]
	for !ok && path != "" {
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
		at, ok = p.file.places[path]
	}
	p.errs = append(p.errs, p.file.newError(at, format, args...))
}

func (p *faultList) err() error {
	slices.SortStableFunc(p.errs, func(a, b error) int { return a.(*Error).Line - b.(*Error).Line })
	return errors.Join(p.errs...)
}
