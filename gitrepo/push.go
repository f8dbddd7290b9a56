package gitrepo

import (
	"context"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
)

// Update is what a push does to one ref. An id of zeros stands for no object: the
// ref is created, or deleted.
type Update struct {
	Ref      string // on the receiving side
	Old, New string // ids
}

func isZero(id string) bool { return strings.Trim(id, "0") == "" }

// Outgoing returns arguments of git rev-list for what a push sends: all that the
// updates bring and the remote lacks. What it has is known from the old ids, as
// far as those objects are here, and from the remote-tracking refs. That may be less
// than the remote has, never more. The updates must not all be deletions.
func (r *Repo) Outgoing(ctx context.Context, remote, url string, updates []Update) ([]string, error) {
	args := news(updates)
	for _, u := range updates {
		if id, err := pack.ParseID(u.Old); err == nil && !isZero(u.Old) && r.Store.Has(id) {
			args = append(args, "^"+u.Old)
		}
	}
	has, err := r.Tracked(ctx, remote, url)
	return append(args, has...), err
}

// Tracked returns arguments of git rev-list that leave out what a remote has as far
// as its remote-tracking refs tell. A URL counts for the remotes that have it.
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

// Incoming is Outgoing for the side that receives the push, while no ref is
// updated yet: what no ref reaches.
func Incoming(updates []Update) []string { return append(news(updates), "--not", "--all") }

// OnlyDelete reports whether the updates bring nothing.
func OnlyDelete(updates []Update) bool { return len(news(updates)) == 0 }

// news returns what the updates bring, each once.
func news(updates []Update) (ids []string) {
	for _, u := range updates {
		if !isZero(u.New) {
			ids = append(ids, u.New)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// trackingRefs returns the options that name the remote-tracking refs of the remotes
// of that name or URL. refs/remotes/a/b/c may be remote a's branch b/c or remote
// a/b's branch c: it counts for the latter alone, if there is such a remote.
func trackingRefs(settings []Setting, remote, url string) (options []string) {
	var all, ours []string
	for _, s := range settings {
		name := strings.TrimPrefix(s.Key, "remote.")
		i := strings.LastIndexByte(name, '.')
		if i < 0 || strings.ContainsAny(name[:i], "*?[\\") {
			continue // of all remotes, or a pattern
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
