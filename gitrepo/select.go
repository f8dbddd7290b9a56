package gitrepo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/bitset"
	"github.com/keyguard/keyguard/internal/pack"
)

// ErrShallow reports that a range reaches past the cut of a shallow clone.
var ErrShallow = errors.New("the clone is shallow, and the range reaches past its cut")

// list makes the catalog: of the objects that the revisions name, or of all.
func (v *survey) list(ctx context.Context, revisions []string) (err error) {
	where := "within " + within(revisions)
	if revisions, err = v.spellOut(ctx, revisions); err != nil {
		return err
	}
	if v.part = len(revisions) > 0; !v.part {
		v.catalog, err = v.repo.store.Catalog(ctx)
	} else {
		var ids []pack.ID
		if ids, err = v.selected(ctx, revisions, where); err != nil {
			return err
		}
		v.catalog, err = v.repo.store.Pick(ctx, ids)
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
		if v.repo.store.Has(r.id) {
			ids = append(ids, r.id.String())
		} else {
			v.crew[0].missing.note(r.id, r.name)
		}
	}
	if len(ids) == 0 {
		return revisions, nil // which selects nothing
	}
	slices.Sort(ids)
	return slices.Concat(revisions[:i], slices.Compact(ids), revisions[i+1:]), nil
}

// selected asks git which objects the revisions name, and notes those that are
// missing, and where. If they name a part of history, git names its commits, and what
// they bring is found by their trees; if it reaches past the cut of a shallow clone, what
// is there is selected all the same, and that is a fault.
func (v *survey) selected(ctx context.Context, revisions []string, where string) (ids []pack.ID, err error) {
	older, err := v.repo.olderThan(ctx, revisions)
	if err != nil {
		return nil, v.shallow(err)
	}
	cut := false
	l := newListing(v)
	options := []string{"--objects", "--missing=print", "--stdin"}
	if v.additive = slices.ContainsFunc(revisions, excludes); v.additive {
		options = append(options, "--filter=tree:0") // but those that are named
	} else {
		options = append(options, "--no-object-names")
	}
	names, lines := apart(revisions)
	err = converse(ctx, v.repo.Dir, strings.NewReader(older+lines), func(out io.Reader) error {
		return eachLine(out, func(line string) error {
			hex, gone := strings.CutPrefix(line, "?")
			hex, _, named := strings.Cut(hex, " ") // which commits are not
			id, err := pack.ParseID(hex)
			cut = cut || v.cut[id]
			switch {
			case err != nil:
				return err
			case gone:
				v.crew[0].missing.note(id, where)
			case !v.additive:
				l.ids = append(l.ids, id)
			case named:
				return l.object(ctx, id)
			default:
				return l.commit(ctx, id)
			}
			return nil
		})
	}, revList(names, options...)...)
	if cut && v.additive {
		v.crew[0].fault(ErrShallow)
	}
	return l.ids, v.shallow(err)
}

// apart separates full ids from other arguments, as lines for git's standard
// input: a push may have more of them than a command line holds. A --not does not
// reach there.
func apart(revisions []string) (names []string, lines string) {
	var ids strings.Builder
	for _, rev := range revisions {
		if _, err := pack.ParseID(strings.TrimPrefix(rev, "^")); err == nil {
			ids.WriteString(rev + "\n")
		} else {
			names = append(names, rev)
		}
	}
	return names, ids.String()
}

// within names a selection, if it is a long one by its beginning.
func within(revisions []string) string {
	const few = 4
	if len(revisions) > few {
		return strings.Join(revisions[:few], " ") + " …"
	}
	return strings.Join(revisions, " ")
}

// excludes reports whether an argument of git rev-list leaves commits out.
func excludes(arg string) bool {
	return strings.Contains(arg, "..") || strings.HasPrefix(arg, "^") || strings.HasPrefix(arg, "--since=") || arg == "--not"
}

// olderThan returns the commits that --since stops at, as lines for git rev-list
// to leave out what they hold: on its own it leaves out only the commits.
func (r *Repo) olderThan(ctx context.Context, revisions []string) (lines string, err error) {
	if !slices.ContainsFunc(revisions, func(rev string) bool { return strings.HasPrefix(rev, "--since=") }) {
		return "", nil
	}
	var b strings.Builder
	err = stream(ctx, r.Dir, func(out io.Reader) error {
		return eachLine(out, func(line string) error {
			if id, ok := strings.CutPrefix(line, "-"); ok {
				b.WriteString("^" + id + "\n")
			}
			return nil
		})
	}, revList(revisions, "--boundary")...)
	return b.String(), err
}

// revList returns arguments for git rev-list, which shall read the commits
// themselves: a file beside them might lie.
func revList(revisions []string, options ...string) []string {
	return slices.Concat([]string{"-c", "core.commitGraph=false", "rev-list"}, options, revisions, []string{"--"})
}

func eachLine(r io.Reader, visit func(string) error) error {
	in := bufio.NewScanner(r)
	for in.Scan() {
		if err := visit(in.Text()); err != nil {
			return err
		}
	}
	return in.Err()
}

// shallow tells what git's refusal means in a shallow clone.
func (v *survey) shallow(err error) error {
	if v.repo.Shallow && errors.As(err, new(*Error)) {
		return fmt.Errorf("%w: %w", ErrShallow, err)
	}
	return err
}
