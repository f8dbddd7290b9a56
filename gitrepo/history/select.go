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
func (v *survey) list(ctx context.Context, revisions []string) (err error) {
	where := "within " + within(revisions)
	if revisions, err = v.spellOut(ctx, revisions); err != nil {
		return err
	}
	if v.part = len(revisions) > 0; !v.part {
		v.catalog, err = v.repo.Store.Catalog(ctx)
	} else {
		var ids []pack.ID
		if ids, err = v.selected(ctx, revisions, where); err != nil {
			return err
		}
		v.catalog, err = v.repo.Store.Pick(ctx, ids)
	}
	if err != nil {
		return fmt.Errorf("list the objects: %w", err)
	}
	for _, id := range v.catalog.Absent() {
		v.crew[0].missing.note(id, where)
	}
	v.room.Store(maxNotes(v.catalog.Len()))
	v.held = bitset.NewShared(v.catalog.Len())
	return nil
}

// spellOut replaces an --all among what is selected by the ids of all refs, those of
// other work trees too. It selects all objects if refs cannot be listed.
func (v *survey) spellOut(ctx context.Context, revisions []string) ([]string, error) {
	i := slices.Index(revisions, "--all")
	if i < 0 || slices.Contains(revisions[:i], "--not") {
		return revisions, nil
	}
	refs, err := v.allRefs(ctx)
	if err != nil || v.unlisted {
		return nil, err
	}
	var ids []string
	for _, r := range refs {
		if v.repo.Store.Has(r.ID) {
			ids = append(ids, r.ID.String())
		} else {
			v.crew[0].missing.note(r.ID, r.Name)
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
func (v *survey) selected(ctx context.Context, revisions []string, where string) ([]pack.ID, error) {
	v.additive = gitrepo.IsRange(revisions)
	cut, l := false, newListing(v)
	err := v.repo.Select(ctx, revisions, func(s gitrepo.Selected) error {
		cut = cut || v.cut[s.ID]
		switch {
		case s.Missing:
			v.crew[0].missing.note(s.ID, where)
		case !v.additive:
			l.ids = append(l.ids, s.ID)
		case s.Named:
			return l.object(ctx, s.ID)
		default:
			return l.commit(ctx, s.ID)
		}
		return nil
	})
	if cut && v.additive {
		v.crew[0].fault(gitrepo.ErrShallow)
	}
	return l.ids, err
}

// within names a selection, if it is a long one by its beginning.
func within(revisions []string) string {
	const few = 4
	if len(revisions) > few {
		return strings.Join(revisions[:few], " ") + " …"
	}
	return strings.Join(revisions, " ")
}
