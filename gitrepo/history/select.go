package history

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/gitrepo"
	"github.com/keyguard/keyguard/internal/bitset"
	"github.com/keyguard/keyguard/internal/pack"
)

// listObjects catalogs the objects that the revisions select, or all objects.
func (o *objectScan) listObjects(ctx context.Context, revisions []string) (err error) {
	where := "within " + describe(revisions)
	if revisions, err = o.expandAll(ctx, revisions); err != nil {
		return err
	}
	if o.partial = len(revisions) > 0; !o.partial {
		o.catalog, err = o.repo.Store.Catalog(ctx)
	} else {
		var ids []pack.ID
		if ids, err = o.selectObjects(ctx, revisions, where); err != nil {
			return err
		}
		o.catalog, err = o.repo.Store.Pick(ctx, ids)
	}
	if err != nil {
		return fmt.Errorf("list the objects: %w", err)
	}
	for _, id := range o.catalog.Absent() {
		o.workers[0].missing.add(id, where)
	}
	o.budget.Store(maxLogBytes(o.catalog.Len()))
	o.childTrees = bitset.NewShared(o.catalog.Len())
	return nil
}

// expandAll replaces --all by the IDs of all refs, including refs of other working trees.
// It selects all objects if refs cannot be listed.
func (o *objectScan) expandAll(ctx context.Context, revisions []string) ([]string, error) {
	i := slices.Index(revisions, "--all")
	if i < 0 || slices.Contains(revisions[:i], "--not") {
		return revisions, nil
	}
	refs, err := o.listRefs(ctx)
	if err != nil || o.refsIncomplete {
		return nil, err
	}
	var ids []string
	for _, r := range refs {
		if o.repo.Store.Has(r.ID) {
			ids = append(ids, r.ID.String())
		} else {
			o.workers[0].missing.add(r.ID, r.Name)
		}
	}
	if len(ids) == 0 {
		return revisions, nil // selects nothing
	}
	slices.Sort(ids)
	return slices.Concat(revisions[:i], slices.Compact(ids), revisions[i+1:]), nil
}

// selectObjects returns the objects that the revisions select and records the missing
// ones. Of a range, git lists the commits, and changedObjects finds their objects. A
// range past the shallow boundary is scanned as far as possible, with an error.
func (o *objectScan) selectObjects(ctx context.Context, revisions []string, where string) ([]pack.ID, error) {
	o.isRange = gitrepo.IsRange(revisions)
	truncated, changed := false, newChangedObjects(o)
	err := o.repo.Select(ctx, revisions, func(s gitrepo.Selected) error {
		truncated = truncated || o.shallow[s.ID]
		switch {
		case s.Missing:
			o.workers[0].missing.add(s.ID, where)
		case !o.isRange:
			changed.ids = append(changed.ids, s.ID)
		case s.Named:
			return changed.addNamed(ctx, s.ID)
		default:
			return changed.addCommit(ctx, s.ID)
		}
		return nil
	})
	if truncated && o.isRange {
		o.workers[0].addErr(gitrepo.ErrShallow)
	}
	return changed.ids, err
}

// describe returns the first few revisions.
func describe(revisions []string) string {
	const few = 4
	if len(revisions) > few {
		return strings.Join(revisions[:few], " ") + " …"
	}
	return strings.Join(revisions, " ")
}
