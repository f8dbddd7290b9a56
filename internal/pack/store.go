package pack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Options locate a store.
type Options struct {
	// Dir is the object directory, such as .git/objects or the quarantine directory in
	// GIT_OBJECT_DIRECTORY.
	Dir string
	// Alternates are further object directories, from GIT_ALTERNATE_OBJECT_DIRECTORIES.
	// Those in objects/info/alternates are added automatically.
	Alternates []string
	Format     Format
	// CacheBytes limits the cache of delta bases for Read, in bytes. 0 means 32 MiB; a
	// negative value disables it.
	CacheBytes int64
	// TempDir is the directory for objects that are too large for memory. Empty means the
	// system's directory for temporary files.
	TempDir string
}

// Store is an object store. It is safe for concurrent use, except Close.
type Store struct {
	format   Format
	dirs     []string // object directories, Options.Dir first
	open     atomic.Int32
	cache    *cache
	temps    tempFiles
	builders sync.Pool
	problems problems

	listing sync.Mutex                  // held while packs are listed
	packs   atomic.Pointer[[]*packFile] // nil before the first listing
	last    atomic.Pointer[packFile]    // the pack in which an object was found last
}

// Open opens a store. It reads only the lists of alternates.
func Open(opts Options) (*Store, error) {
	if info, err := os.Stat(opts.Dir); err != nil {
		return nil, fmt.Errorf("open object store: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("open object store: %s is not a directory", opts.Dir)
	}
	if opts.CacheBytes == 0 {
		opts.CacheBytes = 32 << 20
	}
	s := &Store{format: opts.Format, cache: newCache(opts.CacheBytes)}
	s.temps.dir = opts.TempDir
	s.temps.budget.Store(defaultTempBytes)
	s.builders.New = func() any { return new(builder) }
	a := alternates{problems: &s.problems}
	a.follow(opts.Dir, 0)
	for _, dir := range opts.Alternates {
		a.follow(dir, 1)
	}
	s.dirs = a.dirs
	return s, nil
}

// Close closes the files of the store, which must not be used after.
func (s *Store) Close() error {
	var errs []error
	if packs := s.packs.Load(); packs != nil {
		for _, p := range *packs {
			errs = append(errs, p.close())
		}
	}
	return errors.Join(errs...)
}

// Format returns the format of the store's IDs.
func (s *Store) Format() Format { return s.format }

// Problems returns the problems of the store itself, such as missing alternates.
func (s *Store) Problems() []Problem {
	list, _ := s.problems.take()
	return list
}

// packList returns the packs and lists them at the first call.
func (s *Store) packList() []*packFile {
	if packs := s.packs.Load(); packs != nil {
		return *packs
	}
	s.relist()
	return *s.packs.Load()
}

// relist adds new packs. Removed packs stay listed, because their files may be open.
func (s *Store) relist() {
	s.listing.Lock()
	defer s.listing.Unlock()
	var packs []*packFile
	known := make(map[string]bool)
	if old := s.packs.Load(); old != nil {
		packs = slices.Clone(*old)
	}
	for _, p := range packs {
		known[p.stem] = true
	}
	before := len(packs)
	for _, dir := range s.dirs {
		list, _ := listPacks(dir) // Catalog reports the error
		for _, f := range list {
			if f.index && !known[f.stem] {
				packs = append(packs, newPackFile(dir, f, s.format, &s.open))
			}
		}
	}
	if len(packs) > before || s.packs.Load() == nil {
		s.packs.Store(&packs)
	}
}

// forget removes a pack from the list, so that relist can add it again.
func (s *Store) forget(p *packFile) {
	s.listing.Lock()
	defer s.listing.Unlock()
	packs := slices.DeleteFunc(slices.Clone(*s.packs.Load()), func(q *packFile) bool { return q == p })
	s.packs.Store(&packs)
}

// packFiles records the existing files of a pack.
type packFiles struct {
	stem        string // path without the suffix
	pack, index bool
}

// listPacks lists the packs of an object directory. Without a pack directory the list is
// empty.
func listPacks(dir string) ([]packFiles, error) {
	dir = filepath.Join(dir, "pack")
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	var list []packFiles
	at := make(map[string]int)
	for _, e := range entries {
		suffix := filepath.Ext(e.Name())
		stem := filepath.Join(dir, strings.TrimSuffix(e.Name(), suffix))
		i, ok := at[stem]
		if !ok {
			i, at[stem] = len(list), len(list)
			list = append(list, packFiles{stem: stem})
		}
		f := &list[i]
		f.pack = f.pack || suffix == ".pack"
		f.index = f.index || suffix == ".idx"
	}
	return list, err
}
