package history

import (
	"context"
	"errors"
	"strings"

	"github.com/keyguard/keyguard/gitrepo"
)

// listRefs lists the refs once. If some cannot be listed, it records an error.
func (o *objectScan) listRefs(ctx context.Context) ([]gitrepo.Ref, error) {
	if o.refsListed {
		return o.refs, nil
	}
	refs, err := o.repo.Refs(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, gitrepo.ErrRefs):
		o.refsIncomplete = true
		o.errs = append(o.errs, err)
	}
	o.refs, o.refsListed = refs, true
	return refs, nil
}

// checkRefs records refs to missing objects.
func (o *objectScan) checkRefs(refs []gitrepo.Ref) {
	for _, r := range refs {
		if !o.partial && !o.catalog.Has(r.ID) {
			o.missing.add(r.ID, r.Name)
		}
	}
}

// sortRefs splits refs into branches and tags.
func sortRefs(names []string) (head bool, branches, tags []string) {
	for _, name := range names {
		switch {
		case name == "HEAD":
			head = true
		case strings.HasPrefix(name, "refs/heads/"):
			branches = append(branches, strings.TrimPrefix(name, "refs/heads/"))
		case strings.HasPrefix(name, "refs/tags/"):
			tags = append(tags, strings.TrimPrefix(name, "refs/tags/"))
		default:
			branches = append(branches, strings.TrimPrefix(name, "refs/"))
		}
	}
	return head, branches, tags
}
