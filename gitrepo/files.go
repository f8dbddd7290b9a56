package gitrepo

import (
	"bufio"
	"context"
	"io"
	"iter"
	"path/filepath"
)

// Files yields the files below dir that git tracks or would offer to track, as
// paths relative to dir: the tracked ones first, each group in git's order. A
// submodule and a repository inside this one come as their folders.
func Files(ctx context.Context, dir string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		last := ""
		err := stream(ctx, dir, func(out io.Reader) error {
			in := bufio.NewReader(out)
			for {
				path, err := in.ReadString(0)
				if err == io.EOF {
					return nil
				}
				if err != nil {
					return err
				}
				path = path[:len(path)-1]
				if path == last { // an unmerged path comes once for each version
					continue
				}
				last = path
				if !yield(filepath.FromSlash(path), nil) {
					return errStop
				}
			}
		}, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
		if err != nil && err != errStop {
			yield("", err)
		}
	}
}
