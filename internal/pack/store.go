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

// Options say where a store is.
type Options struct {
	// Dir is the object directory, such as .git/objects or the quarantine that a
	// hook finds in GIT_OBJECT_DIRECTORY.
	Dir string
	// Alternates are further object directories, those of
	// GIT_ALTERNATE_OBJECT_DIRECTORIES. What objects/info/alternates names comes
	// by itself.
	Alternates []string
	Format     Format
	// CacheBytes bounds the delta bases that Read keeps. 0 means 32 MiB; less
	// than 0, none.
	CacheBytes int64
	// TempDir is where objects go that are too large for memory; empty: the
	// system's folder for temporary files.
	TempDir string
}

// Store is an object store. It is safe for concurrent use, but for Close.
type Store struct {
	format   Format
	dirs     []string // object directories, Options.Dir first
	open     atomic.Int32
	cache    *cache
	temps   tempFiles
	builders sync.Pool
	problems problems

	listing sync.Mutex                  // held while the pack folders are listed
	packs   atomic.Pointer[[]*packFile] // nil before that, then in the order they were found
	last    atomic.Pointer[packFile]    // where an object was found last
}

// Open prepares the use of a store. It reads no more than the lists of alternates.
func Open(opts Options) (*Store, error) {
	if info, err := os.Stat(opts.Dir); err != nil {
		return nil, fmt.Errorf("open object store: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("open object store: %s is not a folder", opts.Dir)
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

// Close closes the files of the store, which must not be in use any more.
func (s *Store) Close() error {
	var errs []error
	if packs := s.packs.Load(); packs != nil {
		for _, p := range *packs {
			errs = append(errs, p.close())
		}
	}
	return errors.Join(errs...)
}

// Format returns the format of the store's ids.
func (s *Store) Format() Format { return s.format }

// Problems returns what is wrong with the store's make-up, such as alternates that
// are missing.
func (s *Store) Problems() []Problem {
	list, _ := s.problems.take()
	return list
}

// packList returns the packs, which it lists when first called.
func (s *Store) packList() []*packFile {
	if packs := s.packs.Load(); packs != nil {
		return *packs
	}
	s.relist()
	return *s.packs.Load()
}

// relist adds the packs that have appeared. Those that have gone stay listed: their
// files may be open.
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
		list, _ := listPacks(dir) // an error comes up again in Catalog
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

// forget removes a pack from the list, so that it can be listed again.
func (s *Store) forget(p *packFile) {
	s.listing.Lock()
	defer s.listing.Unlock()
	packs := slices.DeleteFunc(slices.Clone(*s.packs.Load()), func(q *packFile) bool { return q == p })
	s.packs.Store(&packs)
}

// packFiles says which files of a pack a pack folder has.
type packFiles struct {
	stem        string // their path, but for the suffix
	pack, index bool
}

// listPacks lists the pack folder of an object directory. If there is none, there
// are no packs.
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
