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

// inventory lists the packs and loose objects of a store.
type inventory struct {
	packs []*packFile // open, by descending size
	loose []looseList
}

// looseList holds the loose objects of an object directory.
type looseList struct {
	dir string
	ids []byte // concatenated
}

// inventory lists the packs and loose objects. It misses nothing that a concurrent repack
// moves: loose objects are listed between two listings of the packs, and a repack writes
// a pack before it removes the objects that it packed, and unpacks objects before it
// removes their pack.
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
	for try := range 3 { // until no pack is removed between listing and opening
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

// openPacks opens the packs in dirs and returns them by descending size. Packs that no
// longer exist are removed from the list; gone reports whether there were any.
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

// moment is the time that git needs between writing or removing a pack and its index.
const moment = 50 * time.Millisecond

// checkListing records packs without an index. It ignores the temporary names of packs
// that git is still writing.
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
