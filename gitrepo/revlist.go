package gitrepo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/keyguard/keyguard/internal/pack"
)

// ErrShallow reports a range that extends past the shallow boundary.
var ErrShallow = errors.New("the clone is shallow, and the range extends past its boundary")

// Selected is an object that revisions select.
type Selected struct {
	ID      pack.ID
	Named   bool // in a range: an object that the arguments name, not a commit
	Missing bool // other objects name it, but the repository lacks it
}

// IsRange reports whether arguments of git rev-list exclude commits.
func IsRange(revisions []string) bool { return slices.ContainsFunc(revisions, excludes) }

// Select calls visit for each object that arguments of git rev-list select. In a range,
// these are only the commits, and the objects that the arguments name. The error is an
// ErrShallow if git fails in a shallow clone.
func (r *Repo) Select(ctx context.Context, revisions []string, visit func(Selected) error) error {
	err := r.listObjects(ctx, revisions, visit)
	if r.Shallow && errors.As(err, new(*Error)) {
		return fmt.Errorf("%w: %w", ErrShallow, err)
	}
	return err
}

func (r *Repo) listObjects(ctx context.Context, revisions []string, visit func(Selected) error) error {
	boundary, err := r.boundaryOf(ctx, revisions)
	if err != nil {
		return err
	}
	options := []string{"--objects", "--missing=print", "--stdin"}
	if IsRange(revisions) {
		options = append(options, "--filter=tree:0") // excludes only objects that are not named
	} else {
		options = append(options, "--no-object-names")
	}
	args, ids := splitIDs(revisions)
	return streamWith(ctx, r.Dir, strings.NewReader(boundary+ids), func(out io.Reader) error {
		return eachLine(out, func(line string) error {
			hex, missing := strings.CutPrefix(line, "?")
			hex, _, named := strings.Cut(hex, " ")
			id, err := pack.ParseID(hex)
			if err != nil {
				return err
			}
			return visit(Selected{ID: id, Named: named, Missing: missing})
		})
	}, revList(args, options...)...)
}

// splitIDs separates full object IDs, as lines for git's standard input, from other
// arguments: a push may have more IDs than a command line can hold. A --not does not
// apply to standard input.
func splitIDs(revisions []string) (args []string, lines string) {
	var ids strings.Builder
	for _, rev := range revisions {
		if _, err := pack.ParseID(strings.TrimPrefix(rev, "^")); err == nil {
			ids.WriteString(rev + "\n")
		} else {
			args = append(args, rev)
		}
	}
	return args, ids.String()
}

// excludes reports whether an argument of git rev-list excludes commits.
func excludes(arg string) bool {
	return strings.Contains(arg, "..") || strings.HasPrefix(arg, "^") || strings.HasPrefix(arg, "--since=") || arg == "--not"
}

// boundaryOf returns the commits at which --since stops, as lines that exclude the
// objects in them: git rev-list by itself excludes only the commits.
func (r *Repo) boundaryOf(ctx context.Context, revisions []string) (lines string, err error) {
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

// revList returns arguments that run git rev-list without the commit-graph file, whose
// content might differ from the commits.
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
