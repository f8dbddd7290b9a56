package gitrepo

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/keyguard/keyguard/internal/pack"
)

// ErrIndex reports an index that does not match its checksum.
var ErrIndex = errors.New("damaged index")

// errNoIndex reports that the file in GIT_INDEX_FILE does not exist. Git treats it as an
// empty index, as if every file of HEAD had been removed.
var errNoIndex = errors.New("the index does not exist")

// checkIndex verifies the checksum at the end of the index, which may be all zeros
// (gitformat-index(5)). Git does not verify it, and takes a truncated index for one with
// empty entries.
func (r *Repo) checkIndex() error {
	f, err := pack.OpenRegular(r.index)
	if errors.Is(err, fs.ErrNotExist) {
		if os.Getenv("GIT_INDEX_FILE") == "" {
			return nil // nothing is staged, or every file is removed
		}
		return fmt.Errorf("%s: %w", r.index, errNoIndex)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	var h hash.Hash = sha1.New()
	if r.Store.Format() == pack.SHA256 {
		h = sha256.New()
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err := io.CopyN(h, f, max(0, info.Size()-int64(h.Size()))); err != nil {
		return fmt.Errorf("read %s: %w", r.index, err)
	}
	sum, err := io.ReadAll(f)
	if err != nil {
		return fmt.Errorf("read %s: %w", r.index, err)
	}
	if !bytes.Equal(sum, h.Sum(nil)) && !bytes.Equal(sum, make([]byte, h.Size())) {
		return fmt.Errorf("%s: %w", r.index, ErrIndex)
	}
	return nil
}

// indexHeader returns the version of an index and the number of its entries, or zeros if
// the data is too short.
func indexHeader(data []byte) (version, entries uint32) {
	const size = 12 // signature, version, entries
	if len(data) < size {
		return 0, 0
	}
	return binary.BigEndian.Uint32(data[4:]), binary.BigEndian.Uint32(data[8:])
}

// indexHasEntries reports whether an index has entries in dir. It may miss some in
// version 4, which abbreviates names.
func indexHasEntries(index, top, dir string) bool {
	data, err := pack.ReadRegular(index)
	if err != nil {
		return false
	}
	if _, entries := indexHeader(data); entries == 0 {
		return false
	}
	if top, err = filepath.EvalSymlinks(top); err != nil {
		return false
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return false
	}
	rel, err := filepath.Rel(top, dir)
	if err != nil || rel == "." {
		return err == nil
	}
	return bytes.Contains(data, []byte(filepath.ToSlash(rel)+"/"))
}

// checkEmpty returns ErrTruncatedList if nothing differs from a HEAD without commits
// although the index has entries. From version 3 on, entries may be intents only (git add
// --intent-to-add), which are not differences.
func (r *Repo) checkEmpty(ctx context.Context) error {
	data, err := pack.ReadRegular(r.index)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if version, entries := indexHeader(data); err != nil || version != 2 || entries == 0 || r.IsRevision(ctx, "HEAD") {
		return err
	}
	return ErrTruncatedList
}

// ErrTruncatedList reports an incomplete list from git.
var ErrTruncatedList = errors.New("git's list of files is truncated")
