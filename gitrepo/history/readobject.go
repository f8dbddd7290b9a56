package history

import (
	"errors"
	"fmt"
	"io"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/pack"
	"github.com/keyguard/keyguard/scanner"
)

// maxObject is the maximum size of a commit, tag or tree that is read again.
const maxObject = 64 << 20

func (o *objectScan) readHeader(num uint32) (commitHeader, error) {
	id := o.catalog.ID(num)
	_, data, err := o.catalog.Read(id, maxObject)
	if err != nil {
		return commitHeader{}, fmt.Errorf("read commit %v: %w", id, err)
	}
	h, _ := parseCommit(data)
	return h, nil
}

// tagName returns the name of an annotated tag.
func (o *objectScan) tagName(id pack.ID) (string, error) {
	_, data, err := o.catalog.Read(id, maxObject)
	if err != nil {
		return "", fmt.Errorf("read tag %v: %w", id, err)
	}
	_, name := parseTag(data)
	return name, nil
}

// rescan scans an object without its delta base.
func rescan(r *gitrepo.Repo, s *scanner.Scanner, id pack.ID) (scanner.Result, error) {
	body, err := r.OpenObject(id)
	if err != nil {
		return scanner.Result{}, err
	}
	result := s.ScanReader(body)
	if err := errors.Join(result.Err, body.Close()); err != nil && err != io.EOF {
		return result, err
	}
	return result, nil
}
