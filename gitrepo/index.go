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

// ErrIndex reports an index whose bytes are not what its checksum says.
var ErrIndex = errors.New("damaged index")

// errNoIndex reports that the index is not there which GIT_INDEX_FILE names. Git
// takes that for an empty one, from which every file of HEAD was removed.
var errNoIndex = errors.New("the index is not there")

// checkIndex compares the index with the checksum at its end, which may be
// zeros for none (gitformat-index(5)). Git itself does not: it takes an index
// that was cut short for one with empty entries.
func (r *Repo) checkIndex() error {
	f, err := pack.OpenRegular(r.index)
	if errors.Is(err, fs.ErrNotExist) {
		if os.Getenv("GIT_INDEX_FILE") == "" {
			return nil // nothing is staged, or all for removal
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

// indexHead returns the version of an index and how many entries it has; zeros if it
// cannot be read.
func indexHead(data []byte) (version, entries uint32) {
	const size = 12 // a signature, and these
	if len(data) < size {
		return 0, 0
	}
	return binary.BigEndian.Uint32(data[4:]), binary.BigEndian.Uint32(data[8:])
}

// indexNames reports whether an index has entries: in the folder dir, if that is below
// top. Version 4 abbreviates names, so some may be missed.
func indexNames(index, top, dir string) bool {
	data, err := pack.ReadRegular(index)
	if err != nil {
		return false
	}
	if _, entries := indexHead(data); entries == 0 {
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

// checkEmpty returns an ErrCutList if nothing differs from a HEAD without a commit,
// though the index has entries. From version 3 on these may be only intended (git add
// --intent-to-add), and are no difference.
func (r *Repo) checkEmpty(ctx context.Context) error {
	data, err := pack.ReadRegular(r.index)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if version, entries := indexHead(data); err != nil || version != 2 || entries == 0 || r.IsRevision(ctx, "HEAD") {
		return err
	}
	return ErrCutList
}
