package history

import (
	"errors"
	"slices"
)

// Limits on paths. A few trees that contain one another many times have more paths than
// memory can hold.
const (
	maxTreePaths = 20_000   // per tree
	maxDepth     = 4096     // nested directories
	maxPathBytes = 64 << 20 // in all trees
)

var errPaths = errors.New("paths of findings are incomplete: directories are nested too deeply or repeated too often")

// pathEntry is a wanted blob at its path.
type pathEntry struct {
	path string
	blob uint32
}

// pathLists caches the paths below trees.
type pathLists struct {
	lists     map[uint64][]pathEntry // by the signature of the tree
	bytes     int
	depth     int  // of the current tree
	truncated bool // maxDepth or maxPathBytes was exceeded
	omitted   bool // a tree has more than maxTreePaths
}

// pathsUnder returns the wanted blobs below a tree, by path. If a limit is exceeded, the
// list is incomplete and the scan records an error.
func (s *signatures) pathsUnder(tree uint32) ([]pathEntry, error) {
	p, sig := &s.paths, s.signature(tree)
	if list, ok := p.lists[sig]; ok {
		return list, nil
	}
	if p.depth == maxDepth || p.bytes > maxPathBytes {
		s.truncate()
		return nil, nil
	}
	p.lists[sig] = nil // ends the recursion if a tree contains itself
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

// leadingChildren returns the children of a tree that contain wanted blobs, by ID.
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

// appendPaths appends the wanted blobs of an entry.
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
