package history

import (
	"errors"
	"slices"
)

// Bounds on the paths that are told. A few trees that hold one another many times,
// or one in another thousands of times, have more paths than fit in memory.
const (
	maxTreePaths = 20_000   // of one tree
	maxDepth     = 4096     // folders within one another
	maxPathBytes = 64 << 20 // of all trees
)

var errPaths = errors.New("some paths of findings are not told: folders are nested too deep, or too often")

// held is a wanted blob at its path.
type pathEntry struct {
	path string
	blob uint32
}

// paths is the lists of what trees hold, as far as they were asked for.
type pathLists struct {
	lists     map[uint64][]pathEntry // by signature of a tree
	bytes     int
	depth     int  // of the present tree
	truncated bool // at a bound
	omitted   bool // some tree holds more than maxHeld
}

// under returns the wanted blobs below a tree, by path. Beyond a bound some are
// left out, and that is a fault of the survey.
func (s *signatures) pathsUnder(tree uint32) ([]pathEntry, error) {
	p, sig := &s.paths, s.signature(tree)
	if list, ok := p.lists[sig]; ok {
		return list, nil
	}
	if p.depth == maxDepth || p.bytes > maxPathBytes {
		s.truncate()
		return nil, nil
	}
	p.lists[sig] = nil // for trees that are below themselves
	p.depth++
	defer func() { p.depth-- }()
	_, data, err := s.scan.catalog.Read(s.scan.catalog.ID(tree), maxObject)
	if err != nil {
		return nil, err
	}
	var out []pathEntry
	leading := s.leadingChildren(tree)
	size := s.scan.repo.Store.Format().Size()
	for off := 0; off < len(data); {
		entry, ok := nextEntry(data, off, size)
		if !ok {
			break
		}
		off = entry.end
		if out, err = s.appendPaths(out, leading, &entry); err != nil {
			return nil, err
		}
	}
	out = slices.Clip(out)
	p.lists[sig] = out
	return out, nil
}

// leading returns the children of a tree that lead to wanted blobs, by their ids.
func (s *signatures) leadingChildren(tree uint32) map[string]uint32 {
	out := make(map[string]uint32)
	if s.index[tree] == 0 {
		return out
	}
	for c := range s.childrenOf(s.index[tree] - 1) {
		if num := s.nodes.at(int(c.node)).num; s.sigs[c.node] != 0 {
			out[string(s.scan.catalog.ID(num).Bytes())] = num
		}
	}
	return out
}

// hold appends what an entry of a tree holds.
func (s *signatures) appendPaths(out []pathEntry, leading map[string]uint32, entry *treeEntry) ([]pathEntry, error) {
	num, ok := leading[string(entry.sum)]
	if !ok || entry.isGitlink() {
		return out, nil
	}
	list := []pathEntry{{"", num}}
	name := string(entry.name)
	if entry.isTree() {
		var err error
		if list, err = s.pathsUnder(num); err != nil {
			return nil, err
		}
		name += "/"
	}
	if len(out)+len(list) > maxTreePaths {
		s.paths.omitted = true
		list = list[:maxTreePaths-len(out)]
	}
	for _, h := range list {
		h.path = name + h.path
		s.paths.bytes += len(h.path)
		out = append(out, h)
	}
	return out, nil
}
