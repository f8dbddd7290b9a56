package gitrepo

import (
	"context"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
)

// Update is the change of one ref in a push. An ID of zeros means that the ref is created
// or deleted.
type Update struct {
	Ref      string // name in the receiving repository
	Old, New string // IDs
}

func isZero(id string) bool { return strings.Trim(id, "0") == "" }

// Outgoing returns arguments of git rev-list that select the objects of a push that the
// remote lacks. The remote has the old IDs, if they exist here, and the remote-tracking
// refs. It may have more. The updates must not all be deletions.
func (r *Repo) Outgoing(ctx context.Context, remote, url string, updates []Update) ([]string, error) {
	args := newIDs(updates)
	for _, u := range updates {
		if id, err := pack.ParseID(u.Old); err == nil && !isZero(u.Old) && r.Store.Has(id) {
			args = append(args, "^"+u.Old)
		}
	}
	has, err := r.Tracked(ctx, remote, url)
	return append(args, has...), err
}

// Tracked returns arguments of git rev-list that exclude the remote-tracking refs of a
// remote. A URL selects all remotes with that URL.
func (r *Repo) Tracked(ctx context.Context, remote, url string) ([]string, error) {
	settings, err := r.SettingList(ctx, "remote")
	if err != nil {
		return nil, err
	}
	if refs := trackingRefs(settings, remote, url); len(refs) > 0 {
		return append([]string{"--not"}, refs...), nil
	}
	return nil, nil
}

// Incoming returns arguments of git rev-list that select the new objects of a push in the
// receiving repository, before refs are updated: the unreachable ones.
func Incoming(updates []Update) []string { return append(newIDs(updates), "--not", "--all") }

// OnlyDelete reports whether all updates are deletions.
func OnlyDelete(updates []Update) bool { return len(newIDs(updates)) == 0 }

// newIDs returns the distinct new IDs of the updates.
func newIDs(updates []Update) (ids []string) {
	for _, u := range updates {
		if !isZero(u.New) {
			ids = append(ids, u.New)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// trackingRefs returns options that select the remote-tracking refs of the remotes with
// that name or URL. refs/remotes/a/b/c is branch b/c of remote a, or branch c of remote
// a/b. It counts only for a/b if that remote exists.
func trackingRefs(settings []Setting, remote, url string) (options []string) {
	var all, ours []string
	for _, s := range settings {
		name := strings.TrimPrefix(s.Key, "remote.")
		i := strings.LastIndexByte(name, '.')
		if i < 0 || strings.ContainsAny(name[:i], "*?[\\") {
			continue // a setting for all remotes, or a name with wildcards
		}
		name, key := name[:i], name[i+1:]
		all = append(all, name)
		if name == remote || (key == "url" || key == "pushurl") && s.Value == url {
			ours = append(ours, name)
		}
	}
	slices.Sort(ours)
	for _, name := range slices.Compact(ours) {
		for _, other := range all {
			if strings.HasPrefix(other, name+"/") {
				options = append(options, "--exclude="+other+"/*")
			}
		}
		options = append(options, "--remotes="+name)
	}
	return options
}
