package gitrepo

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"

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
	if r.store.Format() == pack.SHA256 {
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
