package gitrepo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
)

// ErrShallow reports that a range reaches past the cut of a shallow clone.
var ErrShallow = errors.New("the clone is shallow, and the range reaches past its cut")

// selectObjects asks git which objects the revisions name, and notes those that
// are missing.
func (v *survey) selectObjects(ctx context.Context, revisions []string) error {
	v.selected = make(map[pack.ID]bool)
	args := append([]string{"rev-list", "--objects", "--no-object-names", "--missing=print"}, revisions...)
	missing := v.crew[0].missing
	err := stream(ctx, v.repo.Dir, func(out io.Reader) error {
		in := bufio.NewScanner(out)
		for in.Scan() {
			hex, gone := strings.CutPrefix(in.Text(), "?")
			id, err := pack.ParseID(hex)
			if err != nil {
				return err
			}
			if gone {
				missing[id] = "within " + strings.Join(revisions, " ")
				continue
			}
			v.selected[id] = true
			if v.cut[id] {
				return ErrShallow
			}
		}
		return in.Err()
	}, append(args, "--")...)
	if e := (*Error)(nil); errors.As(err, &e) && v.repo.Shallow {
		return fmt.Errorf("%w: %w", ErrShallow, err)
	}
	return err
}

// IsRevision reports whether git knows a commit by that name.
func (r *Repo) IsRevision(ctx context.Context, name string) bool {
	_, err := output(ctx, r.Dir, "rev-parse", "--verify", "--quiet", name+"^{commit}")
	return err == nil
}
