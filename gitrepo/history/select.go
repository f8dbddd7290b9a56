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

// list makes the catalog: of the objects that the revisions name, or of all.
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

// spellOut replaces an --all among what is selected by the ids of all refs, those of
// other work trees too. It selects all objects if refs cannot be listed.
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
		return revisions, nil // which selects nothing
	}
	slices.Sort(ids)
	return slices.Concat(revisions[:i], slices.Compact(ids), revisions[i+1:]), nil
}

// selected returns the objects that the revisions name, and notes those that are missing,
// and where. Of a range, git names the commits, and what they bring is found by their
// trees. Past the cut of a shallow clone, what is there is selected all the same, and that
// is a fault.
func (o *objectScan) selectObjects(ctx context.Context, revisions []string, where string) ([]pack.ID, error) {
	o.isRange = gitrepo.IsRange(revisions)
	cut, l := false, newChangedObjects(o)
	err := o.repo.Select(ctx, revisions, func(s gitrepo.Selected) error {
		cut = cut || o.shallow[s.ID]
		switch {
		case s.Missing:
			o.workers[0].missing.add(s.ID, where)
		case !o.isRange:
			l.ids = append(l.ids, s.ID)
		case s.Named:
			return l.addNamed(ctx, s.ID)
		default:
			return l.addCommit(ctx, s.ID)
		}
		return nil
	})
	if cut && o.isRange {
		o.workers[0].addErr(gitrepo.ErrShallow)
	}
	return l.ids, err
}

// within names a selection, if it is a long one by its beginning.
func describe(revisions []string) string {
	const few = 4
	if len(revisions) > few {
		return strings.Join(revisions[:few], " ") + " …"
	}
	return strings.Join(revisions, " ")
}
