package pack

import (
	"cmp"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// inventory is what a catalog is made from.
type inventory struct {
	packs []*packFile // open, the largest first
	loose []looseList
}

// looseList is the loose objects of an object directory.
type looseList struct {
	dir string
	ids []byte // end to end
}

// survey finds the packs and loose objects. Nothing escapes it that a
// concurrent repack moves: loose objects are listed between two looks at the packs,
// and a repack writes a pack before it removes what it packed, and unpacks before it
// removes a pack.
func (s *Store) inventory(trouble *problems) (in inventory) {
	dirs := s.dirs
	s.relist()
	s.openPacks(dirs, new(problems))
	for _, dir := range dirs {
		l := looseList{dir: dir}
		looseIDs(dir, s.format, func(id ID) { l.ids = append(l.ids, id.sum[:id.size]...) }, trouble.add)
		in.loose = append(in.loose, l)
	}
	var found *problems
	for try := range 3 { // or until no pack disappears between being listed and being opened
		time.Sleep(time.Duration(try) * moment)
		s.relist()
		found = new(problems)
		packs, gone := s.openPacks(dirs, found)
		in.packs = packs
		if !gone {
			break
		}
	}
	trouble.merge(found)
	checkListing(dirs, trouble)
	return in
}

// openPacks opens the packs in dirs and returns them, the largest first. Those that
// do not exist any more are forgotten; gone says that there were such.
func (s *Store) openPacks(dirs []string, trouble *problems) (packs []*packFile, gone bool) {
	for _, p := range s.packList() {
		if !slices.Contains(dirs, p.dir) {
			continue
		}
		err := p.openBoth()
		if err == nil {
			packs = append(packs, p)
			continue
		}
		trouble.add(p.idx.path, err)
		if errors.Is(err, fs.ErrNotExist) {
			s.forget(p)
			gone = true
		}
	}
	slices.SortStableFunc(packs, func(a, b *packFile) int { return cmp.Compare(b.dataEnd.Load(), a.dataEnd.Load()) })
	return packs, gone
}

// moment is how long git may leave a pack without its index, or the other way round,
// while it adds or removes the two.
const moment = 50 * time.Millisecond

// checkListing reports what listing the packs passes over in silence. What git is
// still writing, under the names that it gives to that, is none of it.
func checkListing(dirs []string, trouble *problems) {
	bare := func(f packFiles) bool {
		name := filepath.Base(f.stem)
		return f.pack && !f.index && !strings.HasPrefix(name, ".tmp-") && !strings.HasPrefix(name, "tmp_")
	}
	for _, dir := range dirs {
		list, err := listPacks(dir)
		if slices.ContainsFunc(list, bare) {
			time.Sleep(moment)
			list, err = listPacks(dir)
		}
		if err != nil {
			trouble.add(dir, err)
		}
		for _, f := range list {
			if bare(f) {
				trouble.add(f.stem+".pack", errors.New("pack without index"))
			}
		}
	}
}
